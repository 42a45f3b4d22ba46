"""The hub's resources by the names that settings and declared calls know them by."""

from typing import TYPE_CHECKING

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3

from infra.audit_role import AUDIT_ROLE, audit_role_arn
from infra.bus import ROLE_PATH
from infra.grants import Target
from infra.sweep import Sweep
from infra.tables import FINDING_INDEXES

if TYPE_CHECKING:
    from infra.hub import Hub


def settings_of(hub: "Hub") -> dict[str, str]:
    """Return the values of settings, by field, that are known before the sweep's machine is."""
    geography = hub.plan.deployment.geography
    optional = {
        "geography_bucket": geography.bucket if geography else None,
        "geography_places": geography.places if geography else None,
        "geography_networks": geography.networks if geography else None,
    }
    return {
        "findings_table": hub.tables.findings.table_name,
        "state_table": hub.tables.state.table_name,
        "alert_topic": hub.topics.alerts.arn,
        "chat_topic": hub.topics.chat.arn,
        "escalation_topic": hub.topics.escalation.arn,
        "canary_bucket": hub.canary_bucket.bucket_name,
        "accounts": hub.to_json_string([hub.account, *hub.plan.deployment.accounts]),
        "audit_role": f"{ROLE_PATH.lstrip('/')}{AUDIT_ROLE}",
        "external_id": hub.external_id,
        **{field: value for field, value in optional.items() if value},
    }


def targets_of(hub: "Hub", sweep: Sweep) -> dict[str, Target]:
    """Return the ARNs behind the logical names of declared calls."""
    accounts = [hub.account, *hub.plan.deployment.accounts]
    return {
        "findings_table": _table(hub.tables.findings, *FINDING_INDEXES),
        "state_table": _table(hub.tables.state),
        "ledger_table": _table(hub.tables.ledger),
        "alert_topic": Target(own=(hub.topics.alerts.arn,)),
        "chat_topic": Target(own=(hub.topics.chat.arn,)),
        "escalation_topic": Target(own=(hub.topics.escalation.arn,)),
        "canary_bucket": _bucket(hub.canary_bucket),
        "sweep_bucket": _bucket(sweep.bucket),
        "sweep_machine": Target(own=(sweep.machine.ref,), inside=(f"{sweep.executions}:*",)),
        "audit_role": Target(own=tuple(audit_role_arn(hub, one) for one in accounts)),
        "geography_bucket": _geography(hub),
    }


def _table(table: dynamodb.Table, *indexes: str) -> Target:
    inside = tuple(f"{table.table_arn}/index/{one}" for one in indexes)
    return Target(own=(table.table_arn,), inside=inside)


def _bucket(bucket: s3.Bucket) -> Target:
    return Target(own=(bucket.bucket_arn,), inside=(bucket.arn_for_objects("*"),))


def _geography(hub: "Hub") -> Target:
    """Only the databases themselves can be read, not what else lies in that bucket."""
    if (geography := hub.plan.deployment.geography) is None:
        return Target()
    keys = [one for one in (geography.places, geography.networks) if one]
    bucket = f"arn:{hub.partition}:s3:::{geography.bucket}"
    return Target(own=(bucket,), inside=tuple(f"{bucket}/{key}" for key in keys))
