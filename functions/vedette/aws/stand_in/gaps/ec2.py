"""Mends of EC2: blocks of public sharing, metadata defaults, and incomplete descriptions.

Source: Amazon EC2 API Reference.
"""

from typing import Any

from vedette.aws.stand_in.call import Answer
from vedette.aws.stand_in.gaps.exchange import Exchange, Gap, Mend
from vedette.aws.stand_in.wire import Result

METADATA_OPTIONS = {
    "State": "applied",
    "HttpTokens": "optional",
    "HttpPutResponseHopLimit": 1,
    "HttpEndpoint": "enabled",
    "HttpProtocolIpv6": "disabled",
    "InstanceMetadataTags": "disabled",
}
METADATA_DEFAULTS = (
    "HttpTokens",
    "HttpPutResponseHopLimit",
    "HttpEndpoint",
    "InstanceMetadataTags",
)
NO_PREFERENCE = ("no-preference", -1)
UNBLOCKED = "unblocked"


def _get_snapshot_block(exchange: Exchange) -> Answer:
    state = exchange.state.sharing_blocks[exchange.place].snapshots
    return exchange.reply({"State": state, "ManagedBy": "account"})


def _enable_snapshot_block(exchange: Exchange) -> Answer:
    state = exchange.parameters["State"]
    exchange.state.sharing_blocks[exchange.place].snapshots = state
    return exchange.reply({"State": state})


def _disable_snapshot_block(exchange: Exchange) -> Answer:
    exchange.state.sharing_blocks[exchange.place].snapshots = UNBLOCKED
    return exchange.reply({"State": UNBLOCKED})


def _get_image_block(exchange: Exchange) -> Answer:
    state = exchange.state.sharing_blocks[exchange.place].images
    return exchange.reply({"ImageBlockPublicAccessState": state, "ManagedBy": "account"})


def _enable_image_block(exchange: Exchange) -> Answer:
    state = exchange.parameters["ImageBlockPublicAccessState"]
    exchange.state.sharing_blocks[exchange.place].images = state
    return exchange.reply({"ImageBlockPublicAccessState": state})


def _disable_image_block(exchange: Exchange) -> Answer:
    exchange.state.sharing_blocks[exchange.place].images = UNBLOCKED
    return exchange.reply({"ImageBlockPublicAccessState": UNBLOCKED})


def _get_metadata_defaults(exchange: Exchange) -> Answer:
    defaults = exchange.state.metadata_defaults[exchange.place]
    return exchange.reply({"AccountLevel": {**defaults, "ManagedBy": "account"}})


def _modify_metadata_defaults(exchange: Exchange) -> Answer:
    defaults = exchange.state.metadata_defaults[exchange.place]
    for setting in METADATA_DEFAULTS:
        asked = exchange.parameters.get(setting)
        if asked in NO_PREFERENCE:
            defaults.pop(setting, None)
        elif asked is not None:
            defaults[setting] = asked
    return exchange.reply({"Return": True})


def _complete_instances(_: Exchange, result: Result) -> None:
    """Fill in what moto leaves out.

    That is metadata options, which it forgets in ModifyInstanceMetadataOptions, and the security
    group of an instance that was started without naming one (the VPC's default).
    """
    for reservation in result.get("Reservations", []):
        for instance in reservation["Instances"]:
            options = instance.get("MetadataOptions", {})
            instance["MetadataOptions"] = {**METADATA_OPTIONS, **options}
            if not instance.get("SecurityGroups"):
                instance["SecurityGroups"] = _groups(instance)


def _groups(instance: dict[str, Any]) -> list[dict[str, str]]:
    found = {
        group["GroupId"]: group
        for interface in instance.get("NetworkInterfaces", [])
        for group in interface.get("Groups", [])
    }
    return list(found.values())


def _only_restorable_snapshots(exchange: Exchange, result: Result) -> None:
    """Filter by who may restore, which moto ignores (`all`: the public ones)."""
    wanted = set(exchange.parameters.get("RestorableByUserIds", []))
    if wanted:
        snapshots = exchange.backend("ec2").snapshots
        result["Snapshots"] = [
            one
            for one in result["Snapshots"]
            if wanted & _restorers(snapshots[one["SnapshotId"]], exchange.call.account)
        ]


def _restorers(snapshot: Any, account: str) -> set[str]:
    shared = set(snapshot.create_volume_permission_userids)
    restorers = shared | set(snapshot.create_volume_permission_groups) | {snapshot.owner_id}
    return restorers | {"self"} if account in restorers else restorers


GAPS: dict[str, Gap] = {
    "ec2:DisableImageBlockPublicAccess": _disable_image_block,
    "ec2:DisableSnapshotBlockPublicAccess": _disable_snapshot_block,
    "ec2:EnableImageBlockPublicAccess": _enable_image_block,
    "ec2:EnableSnapshotBlockPublicAccess": _enable_snapshot_block,
    "ec2:GetImageBlockPublicAccessState": _get_image_block,
    "ec2:GetInstanceMetadataDefaults": _get_metadata_defaults,
    "ec2:GetSnapshotBlockPublicAccessState": _get_snapshot_block,
    "ec2:ModifyInstanceMetadataDefaults": _modify_metadata_defaults,
}
MENDS: dict[str, Mend] = {
    "ec2:DescribeInstances": _complete_instances,
    "ec2:DescribeSnapshots": _only_restorable_snapshots,
}
