"""Reads manual snapshots and with whom they are shared (one call each)."""

from collections.abc import Iterator

from vedette.aws.collect.collector import Collector, fact
from vedette.aws.collect.describing import answered
from vedette.aws.collect.reader import Answer, Reader
from vedette.aws.collect.services.rds.listing import Listing, described, identity
from vedette.resources.rds import DbClusterSnapshot, DbSnapshot

LISTING = Listing(
    operation="rds:DescribeDBSnapshots",
    key="DBSnapshots",
    id_filter="db-snapshot-id",
    id_field="DBSnapshotIdentifier",
    arn_field="DBSnapshotArn",
)
CLUSTER_LISTING = Listing(
    operation="rds:DescribeDBClusterSnapshots",
    key="DBClusterSnapshots",
    id_filter="db-cluster-snapshot-id",
    id_field="DBClusterSnapshotIdentifier",
    arn_field="DBClusterSnapshotArn",
)
ATTRIBUTES = "rds:DescribeDBSnapshotAttributes"
CLUSTER_ATTRIBUTES = "rds:DescribeDBClusterSnapshotAttributes"
MANUAL = "manual"
RESTORE = "restore"


def find_snapshots(reader: Reader, only: frozenset[str] | None) -> Iterator[DbSnapshot]:
    """Yield the manual snapshots of instances."""
    for one in described(reader, LISTING, only, SnapshotType=MANUAL):
        yield DbSnapshot(
            **identity(reader, LISTING, one),
            is_encrypted=answered(one, LISTING.operation, "Encrypted"),
        )


def find_cluster_snapshots(
    reader: Reader, only: frozenset[str] | None
) -> Iterator[DbClusterSnapshot]:
    """Yield the manual snapshots of clusters."""
    for one in described(reader, CLUSTER_LISTING, only, SnapshotType=MANUAL):
        yield DbClusterSnapshot(
            **identity(reader, CLUSTER_LISTING, one),
            is_encrypted=answered(one, CLUSTER_LISTING.operation, "StorageEncrypted"),
        )


def _shared_with(reader: Reader, snapshot: DbSnapshot) -> frozenset[str]:
    answer = reader.call(ATTRIBUTES, DBSnapshotIdentifier=snapshot.id)
    result = answer["DBSnapshotAttributesResult"]
    return _restorers(result["DBSnapshotAttributes"])


def _cluster_shared_with(reader: Reader, snapshot: DbClusterSnapshot) -> frozenset[str]:
    answer = reader.call(CLUSTER_ATTRIBUTES, DBClusterSnapshotIdentifier=snapshot.id)
    result = answer["DBClusterSnapshotAttributesResult"]
    return _restorers(result["DBClusterSnapshotAttributes"])


def _restorers(attributes: list[Answer]) -> frozenset[str]:
    return frozenset(
        account
        for one in attributes
        if one["AttributeName"] == RESTORE
        for account in one.get("AttributeValues") or ()
    )


SNAPSHOTS = Collector(
    kind=DbSnapshot,
    calls=(LISTING.operation,),
    find=find_snapshots,
    details=(fact("shared_with", ATTRIBUTES, read=_shared_with),),
    arn_service="rds",
    arn_prefix="snapshot:",
    gone=frozenset({"DBSnapshotNotFound", "DBSnapshotNotFoundFault"}),
)
CLUSTER_SNAPSHOTS = Collector(
    kind=DbClusterSnapshot,
    calls=(CLUSTER_LISTING.operation,),
    find=find_cluster_snapshots,
    details=(fact("shared_with", CLUSTER_ATTRIBUTES, read=_cluster_shared_with),),
    arn_service="rds",
    arn_prefix="cluster-snapshot:",
    gone=frozenset({"DBClusterSnapshotNotFoundFault"}),
)
