"""Reads trails, each once, with the bucket they fill and what watches their log group."""

from vedette.aws.collect.services.cloudtrail.trails import ACCOUNT, REGIONS, TRAILS

COLLECTORS = (TRAILS, REGIONS, ACCOUNT)
