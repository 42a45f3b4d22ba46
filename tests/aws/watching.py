"""One account of the stand-in that is watched: its fleet, its content, its store."""

from collections import Counter
from typing import Any

from tests.aws.truth.world import ACCOUNT, REGION
from tests.fakes.findings import MemoryFindings
from vedette.aws.fleet import Fleet, Member
from vedette.aws.session import SessionOptions
from vedette.aws.stand_in.server import StandIn
from vedette.configuration.model import Configuration
from vedette.findings.finding import Finding
from vedette.findings.tracked import FindingStatus, TrackedFinding
from vedette.findings.verdict import Verdict
from vedette.operations.account_reading import ReadingOptions
from vedette.operations.audit import AuditRequest, audit
from vedette.operations.reevaluate_content import PostureContent, posture_content

REGIONS = (REGION, "us-east-1")
OF_CREDENTIALS = ("sts:AssumeRole", "sts:GetCallerIdentity")
CONTENT = posture_content(Configuration(), [ACCOUNT])


def only(*rules: str, content: PostureContent = CONTENT) -> PostureContent:
    """Return the content with these rules alone."""
    left = [one for one in content.rules if one.id in rules]
    assert len(left) == len(rules)
    return PostureContent(rules=left, settings=content.settings, suppressions=content.suppressions)


def fleet(stand_in: StandIn, *accounts: str) -> Fleet:
    """Return a fleet that the stand-in answers for."""
    return Fleet(
        accounts or (ACCOUNT,),
        role="vedette/vedette-audit",
        external_id="example-external-id",
        region=REGION,
        endpoint_url=stand_in.endpoint_url,
    )


class TwoRegions:
    """The account, as if it had two regions alone, which are quick to read."""

    accounts = frozenset({ACCOUNT})

    def __init__(self, stand_in: StandIn) -> None:
        self._fleet = fleet(stand_in)

    def member(self, account: str) -> Member:
        found = self._fleet.member(account)
        return Member(found.clients, account, found.partition, REGIONS)


def audited(stand_in: StandIn) -> list[Finding]:
    """Return what an audit of the two regions says, all that it could judge."""
    request = AuditRequest(
        reading=ReadingOptions(
            session=SessionOptions(endpoint_url=stand_in.endpoint_url, region=REGION),
            regions=REGIONS,
        ),
        include_passed=True,
    )
    return [one for one in audit(request).report.findings if one.verdict is not Verdict.UNKNOWN]


def reads(stand_in: StandIn) -> Counter[str]:
    """Return the requests so far, those for credentials aside."""
    counts = stand_in.recorder.by_operation()
    return Counter({one: count for one, count in counts.items() if one not in OF_CREDENTIALS})


def call(name: str, source: str = "s3", *, region: str = REGION, **request: Any) -> dict[str, Any]:
    """Return a CloudTrail record of a call that succeeded."""
    return {
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": region,
        "recipientAccountId": ACCOUNT,
        "readOnly": False,
        "requestParameters": request,
        "responseElements": None,
    }


def told(store: MemoryFindings, rule: str) -> dict[str, FindingStatus]:
    """Return the status of a rule's findings, by the id of the resource."""
    return {
        one.resource.id: one.status
        for one in every(store)
        if one.rule == rule and one.resource is not None
    }


def every(store: MemoryFindings) -> list[TrackedFinding]:
    """Return everything that the store holds."""
    return list(store._states.values())  # noqa: SLF001 - the port lists no resolved findings
