"""Reads instances and clusters, and of their parameter groups the parameter that demands TLS."""

from collections.abc import Iterator
from typing import Any

from vedette.aws.collect.collector import Collector, fact
from vedette.aws.collect.describing import answered
from vedette.aws.collect.reader import Answer, Reader
from vedette.aws.collect.services.rds.listing import PAGE, Listing, described, identity
from vedette.resources.facts import Fact
from vedette.resources.rds import DbCluster, DbInstance
from vedette.resources.rds_tls import tls_parameter

INSTANCE_LISTING = Listing(
    operation="rds:DescribeDBInstances",
    key="DBInstances",
    id_filter="db-instance-id",
    id_field="DBInstanceIdentifier",
    arn_field="DBInstanceArn",
)
CLUSTER_LISTING = Listing(
    operation="rds:DescribeDBClusters",
    key="DBClusters",
    id_filter="db-cluster-id",
    id_field="DBClusterIdentifier",
    arn_field="DBClusterArn",
)
PARAMETERS = "rds:DescribeDBParameters"
CLUSTER_PARAMETERS = "rds:DescribeDBClusterParameters"
OTHER_SERVICES = frozenset({"docdb", "neptune"})


def find_instances(reader: Reader, only: frozenset[str] | None) -> Iterator[DbInstance]:
    """Yield the instances of RDS and Aurora."""
    for one in described(reader, INSTANCE_LISTING, only):
        if one["Engine"] not in OTHER_SERVICES:
            yield _instance(reader, one)


def _instance(reader: Reader, listed: Answer) -> DbInstance:
    groups = listed.get("DBParameterGroups") or ()
    return DbInstance(
        **identity(reader, INSTANCE_LISTING, listed),
        engine=listed["Engine"],
        cluster=listed.get("DBClusterIdentifier"),
        parameter_group=groups[0]["DBParameterGroupName"] if groups else None,
        is_public=_told(listed, "PubliclyAccessible"),
        # An instance outside a VPC has no subnet group.
        vpc=Fact.of((listed.get("DBSubnetGroup") or {}).get("VpcId")),
        upgrades_minor_versions=_told(listed, "AutoMinorVersionUpgrade"),
        backup_days=_told(listed, "BackupRetentionPeriod"),
        **_common(listed, INSTANCE_LISTING),
    )


def _told(listed: Answer, name: str) -> Fact[Any]:
    return answered(listed, INSTANCE_LISTING.operation, name)


def _common(listed: Answer, listing: Listing) -> dict[str, Fact[Any]]:
    return {
        "engine_version": answered(listed, listing.operation, "EngineVersion"),
        "is_encrypted": answered(listed, listing.operation, "StorageEncrypted"),
        "is_multi_az": answered(listed, listing.operation, "MultiAZ"),
        "is_deletion_protected": answered(listed, listing.operation, "DeletionProtection"),
    }


def find_clusters(reader: Reader, only: frozenset[str] | None) -> Iterator[DbCluster]:
    """Yield the clusters of Aurora, and Multi-AZ clusters."""
    for one in described(reader, CLUSTER_LISTING, only):
        if one["Engine"] not in OTHER_SERVICES:
            yield DbCluster(
                **identity(reader, CLUSTER_LISTING, one),
                engine=one["Engine"],
                parameter_group=one.get("DBClusterParameterGroup"),
                **_common(one, CLUSTER_LISTING),
            )


def _instance_tls(reader: Reader, instance: DbInstance) -> str | None:
    if instance.cluster is not None:
        return None
    named = {"DBParameterGroupName": instance.parameter_group}
    return _tls(reader, PARAMETERS, instance.engine, named)


def _cluster_tls(reader: Reader, cluster: DbCluster) -> str | None:
    named = {"DBClusterParameterGroupName": cluster.parameter_group}
    return _tls(reader, CLUSTER_PARAMETERS, cluster.engine, named)


def _tls(reader: Reader, operation: str, engine: str, named: dict[str, str | None]) -> str | None:
    """Return the parameter's value; each group is asked once, and for this parameter alone."""
    parameter = tls_parameter(engine)
    if parameter is None:
        return None
    (group,) = named.values()
    if group is None:
        raise LookupError("the database has no parameter group")

    def ask(shared: Reader) -> dict[str, str | None]:
        wanted = [{"Name": "parameter-name", "Values": [parameter]}]
        listed = shared.pages(operation, "Parameters", Filters=wanted, MaxRecords=PAGE, **named)
        return {one["ParameterName"]: one.get("ParameterValue") for one in listed}

    return reader.once(f"{operation} {group} {parameter}", ask).get(parameter)


INSTANCES = Collector(
    kind=DbInstance,
    calls=(INSTANCE_LISTING.operation,),
    find=find_instances,
    details=(fact("tls_parameter", PARAMETERS, read=_instance_tls),),
    arn_service="rds",
    arn_prefix="db:",
)
CLUSTERS = Collector(
    kind=DbCluster,
    calls=(CLUSTER_LISTING.operation,),
    find=find_clusters,
    details=(fact("tls_parameter", CLUSTER_PARAMETERS, read=_cluster_tls),),
    arn_service="rds",
    arn_prefix="cluster:",
)
