"""Plans for tests: a small rule set, folders that stand for code and dependencies, any settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.plan import Plan
from vedette.configuration.deployment import Deployment
from vedette.operations.function_calls import FUNCTION_CALLS
from vedette.operations.permissions import audit_policy

ORGANISATION = "o-abcdefghij"
MEMBERS = ("111122223333", "444455556666")


@dataclass(frozen=True, kw_only=True)
class FixturePattern:
    name: str
    queue: str
    state: str = "ENABLED"
    pattern: Mapping[str, Any] = field(default_factory=dict)


PATTERNS = (
    FixturePattern(
        name="detect-writes-1",
        queue="detect",
        pattern={"source": [{"prefix": "aws."}], "detail": {"eventName": ["StopLogging"]}},
    ),
    FixturePattern(
        name="detect-any-1",
        queue="detect",
        state="ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
        pattern={"source": [{"prefix": "aws."}], "detail": {"errorCode": ["AccessDenied"]}},
    ),
    FixturePattern(
        name="change-1",
        queue="change",
        pattern={"source": ["aws.s3"], "detail": {"eventName": ["PutBucketPolicy"]}},
    ),
    FixturePattern(name="signal-1", queue="signal", pattern={"source": ["aws.guardduty"]}),
)

EVERYTHING: dict[str, Any] = {
    "region": "eu-west-1",
    "regions": ("eu-central-1",),
    "accounts": MEMBERS,
    "customer_key": True,
    "trail": True,
    "geography": {"bucket": "our-geography", "places": "city.mmdb", "networks": "asn.mmdb"},
}


def plan(folder: Path, settings: Mapping[str, Any] | None = None) -> Plan:
    """Return a plan; `settings` are those of the section `deployment`."""
    for name in ("code", "layer"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "empty.txt").write_text("")
    deployment = Deployment.model_validate({"email": "soc@example.com"} | dict(settings or {}))
    return Plan(
        email=deployment.email or "",
        deployment=deployment,
        organisation=ORGANISATION if deployment.accounts else None,
        patterns=PATTERNS,
        grants=FUNCTION_CALLS,
        audit_policy=audit_policy(),
        code=folder / "code",
        layer=folder / "layer",
    )
