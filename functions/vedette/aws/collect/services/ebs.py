"""Reads EBS volumes and snapshots."""

from collections.abc import Iterator

from vedette.aws.collect.collector import Collector, fact
from vedette.aws.collect.describing import Listing, answered, described, identity
from vedette.aws.collect.reader import Reader
from vedette.aws.collect.services.ec2 import parse_sharing
from vedette.resources.ec2 import EbsSnapshot, EbsVolume, Sharing

VOLUMES = "ec2:DescribeVolumes"
SNAPSHOTS = "ec2:DescribeSnapshots"
SNAPSHOT_ATTRIBUTE = "ec2:DescribeSnapshotAttribute"
OWN = {"OwnerIds": ["self"]}
SNAPSHOT_LISTING = Listing(operation=SNAPSHOTS, key="Snapshots", id_filter="snapshot-id")


def find_volumes(reader: Reader, only: frozenset[str] | None) -> Iterator[EbsVolume]:
    """Yield the volumes, attached or not."""
    listing = Listing(operation=VOLUMES, key="Volumes", id_filter="volume-id")
    for one in described(reader, listing, only):
        yield EbsVolume(
            **identity(reader, "volume", one["VolumeId"], one),
            encrypted=answered(one, VOLUMES, "Encrypted"),
        )


def find_snapshots(reader: Reader, only: frozenset[str] | None) -> Iterator[EbsSnapshot]:
    """Yield the account's own snapshots, those of backup services among them."""
    for one in described(reader, SNAPSHOT_LISTING, only, **OWN):
        names = identity(reader, "snapshot", one["SnapshotId"], one)
        names["arn"] = reader.arn("ec2", f"snapshot/{one['SnapshotId']}", account="")
        yield EbsSnapshot(**names)


def _is_public(reader: Reader, snapshot: EbsSnapshot) -> bool:
    return snapshot.id in reader.once("public snapshots", _public_ids)


def _public_ids(reader: Reader) -> frozenset[str]:
    """One listing names all own snapshots that everybody may restore."""
    found = described(reader, SNAPSHOT_LISTING, None, **OWN, RestorableByUserIds=["all"])
    return frozenset(one["SnapshotId"] for one in found)


def _sharing(reader: Reader, snapshot: EbsSnapshot) -> Sharing:
    answer = reader.call(
        SNAPSHOT_ATTRIBUTE, SnapshotId=snapshot.id, Attribute="createVolumePermission"
    )
    return parse_sharing(answer["CreateVolumePermissions"])


COLLECTORS = (
    Collector(
        kind=EbsVolume,
        calls=(VOLUMES,),
        find=find_volumes,
        arn_service="ec2",
        arn_prefix="volume/",
    ),
    Collector(
        kind=EbsSnapshot,
        calls=(SNAPSHOTS,),
        find=find_snapshots,
        details=(
            fact("public", SNAPSHOTS, read=_is_public),
            fact("sharing", SNAPSHOT_ATTRIBUTE, read=_sharing),
        ),
        arn_service="ec2",
        arn_prefix="snapshot/",
        gone=frozenset({"InvalidSnapshot.NotFound"}),
    ),
)
