"""Reads RDS: listings serve nearly all facts; parameter groups and sharing take a call each."""

from vedette.aws.collect.services.rds.databases import CLUSTERS, INSTANCES
from vedette.aws.collect.services.rds.snapshots import CLUSTER_SNAPSHOTS, SNAPSHOTS

COLLECTORS = (INSTANCES, CLUSTERS, SNAPSHOTS, CLUSTER_SNAPSHOTS)
