"""Signals of other services become findings, once each, and end where the services end them."""

import random
from typing import Any

import pytest

from tests.fakes.findings import MemoryFindings
from tests.operations.detecting import Lines, batch, failed
from tests.operations.signalling import (
    ACCOUNT,
    ARN,
    INSTANCE,
    access,
    asff,
    control,
    guardduty,
    health,
    inspector,
    macie,
    signal,
)
from vedette.findings.finding import FindingKind
from vedette.findings.severity import Severity
from vedette.findings.store import StoreBusyError
from vedette.findings.tracked import FindingStatus, TrackedFinding, TransitionKind
from vedette.operations.intake import Intake
from vedette.operations.telemetry import Telemetry

OTHER = "999988887777"


class Desk:
    """An intake over findings in memory."""

    def __init__(self) -> None:
        self.findings = MemoryFindings()
        self.lines = Lines()

    def take(self, *events: Any) -> list[str]:
        telemetry = Telemetry("intake", self.lines)
        intake = Intake(self.findings, frozenset({ACCOUNT}), telemetry)
        return failed(intake.handle(batch(events)))

    @property
    def open(self) -> list[TrackedFinding]:
        return [one for each in Severity for one in self.findings.open_by_severity(each)]

    @property
    def one(self) -> TrackedFinding:
        (found,) = self.open
        return found


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("event", "rule", "severity", "resource"),
    [
        (guardduty(), "guardduty/UnauthorizedAccess:EC2/SSHBruteForce", Severity.HIGH, INSTANCE),
        (asff(), "guardduty/UnauthorizedAccess:EC2/SSHBruteForce", Severity.HIGH, INSTANCE),
        (control(0, "FAILED"), "securityhub/S3.8", Severity.HIGH, "arn:aws:s3:::salaries"),
        (inspector(), "inspector/PACKAGE_VULNERABILITY", Severity.CRITICAL, "i-0abc"),
        (
            macie(),
            "macie/Policy:IAMUser/S3BucketPublic",
            Severity.HIGH,
            "arn:aws:s3:::salaries",
        ),
        (access(), "access-analyzer/external", Severity.HIGH, "arn:aws:s3:::salaries"),
        (access(isPublic=False), "access-analyzer/external", Severity.MEDIUM, None),
        (
            access(
                kind="Unused Access Finding for IAM entities",
                findingType="UnusedIAMRole",
                isPublic=None,
            ),
            "access-analyzer/UnusedIAMRole",
            Severity.LOW,
            None,
        ),
        (
            health(),
            "health/AWS_RISK_CREDENTIALS_EXPOSED",
            Severity.CRITICAL,
            "AKIAIOSFODNN7EXAMPLE",
        ),
        (
            health(kind="AWS Health Abuse Event", service="EC2", eventTypeCode="AWS_EC2_DOS"),
            "health/AWS_EC2_DOS",
            Severity.HIGH,
            None,
        ),
    ],
)
def test_a_signal_is_a_finding_with_rule_severity_and_resource(
    desk: Desk, event: Any, rule: str, severity: Severity, resource: str | None
) -> None:
    assert desk.take(event) == []

    found = desk.one
    assert (found.kind, found.rule, found.severity) == (FindingKind.SIGNAL, rule, severity)
    assert (found.account, found.is_sample) == (ACCOUNT, False)
    assert found.origin == rule.partition("/")[0]
    if resource is not None:
        assert found.resource is not None
        assert found.resource.arn == resource


@pytest.mark.parametrize("events", [(guardduty(1), asff(2)), (asff(1), guardduty(2))])
def test_what_security_hub_relays_of_guardduty_is_the_same_finding(
    desk: Desk, events: tuple[Any, Any]
) -> None:
    for event in events:
        desk.take(event)

    assert desk.one.version == 1
    assert [entry.kind for entry in desk.findings.timeline(desk.one.id)] == [TransitionKind.OPENED]


def test_the_address_of_an_attacker_is_told(desk: Desk) -> None:
    desk.take(guardduty())

    assert desk.one.evidence["arn"] == ARN
    assert desk.one.resource is not None


@pytest.mark.parametrize(
    ("stands", "ends"),
    [
        (guardduty(1), guardduty(2, archived=True)),
        (asff(1), asff(2, RecordState="ARCHIVED")),
        (asff(1), asff(2, Workflow={"Status": "RESOLVED"})),
        (guardduty(1), asff(2, Workflow={"Status": "SUPPRESSED"})),
        (control(1, "FAILED"), control(2, "PASSED")),
        (inspector(1), inspector(2, status="CLOSED")),
        (inspector(1), inspector(2, status="SUPPRESSED")),
        (macie(1), macie(2, archived=True)),
        (access(1), access(2, status="RESOLVED")),
        (access(1), access(2, isDeleted=True)),
        (health(1), health(2, statusCode="closed")),
    ],
)
def test_what_a_service_has_settled_is_resolved(desk: Desk, stands: Any, ends: Any) -> None:
    desk.take(stands)
    identity = desk.one.id
    desk.take(ends)
    assert desk.open == []

    desk.take(stands)

    known = desk.findings.get(identity)
    assert known is not None
    assert known.status is FindingStatus.RESOLVED


@pytest.mark.parametrize("status", ["WARNING", "NOT_AVAILABLE"])
def test_a_control_that_does_not_know_opens_and_closes_nothing(desk: Desk, status: str) -> None:
    desk.take(control(1, status))
    assert desk.open == []
    desk.take(control(2, "FAILED"))
    desk.take(control(3, status))

    assert desk.one.status is FindingStatus.OPEN


@pytest.mark.parametrize(
    "event",
    [
        guardduty(service={"additionalInfo": {"sample": True, "value": "{}"}}),
        guardduty(title="[SAMPLE] 203.0.113.7 is performing SSH brute force attacks."),
        asff(Title="[SAMPLE] 203.0.113.7 is performing SSH brute force attacks."),
        asff(Sample=True),
        macie(sample=True),
    ],
)
def test_a_sample_is_marked_as_such(desk: Desk, event: Any) -> None:
    desk.take(event)

    assert desk.one.is_sample


@pytest.mark.parametrize(
    ("number", "severity"),
    [
        (0.5, Severity.INFORMATIONAL),
        (2, Severity.LOW),
        (4, Severity.MEDIUM),
        (6.9, Severity.MEDIUM),
        (7, Severity.HIGH),
        (9.2, Severity.CRITICAL),
        ("high", Severity.MEDIUM),
        (None, Severity.MEDIUM),
    ],
)
def test_guardduty_s_numbers_are_severities(desk: Desk, number: object, severity: Severity) -> None:
    desk.take(guardduty(severity=number))

    assert desk.one.severity is severity


def test_the_user_of_a_stolen_key_is_told(desk: Desk) -> None:
    key = {"accessKeyId": "ASIA1", "userName": "ci", "userType": "AssumedRole"}
    desk.take(guardduty(resource={"resourceType": "AccessKey", "accessKeyDetails": key}))

    assert desk.one.principal == f"arn:aws:iam::{ACCOUNT}:role/ci"
    assert desk.one.resource is not None
    assert desk.one.resource.type == "AWS::IAM::Role"


def test_each_exposed_key_is_a_finding(desk: Desk) -> None:
    keys = [{"entityValue": f"AKIA{number}"} for number in range(3)]
    desk.take(health(affectedEntities=keys))

    assert sorted(one.resource.id for one in desk.open if one.resource) == [
        "AKIA0",
        "AKIA1",
        "AKIA2",
    ]


@pytest.mark.parametrize(
    "event",
    [
        health(service="EC2", eventTypeCode="AWS_EC2_OPERATIONAL_ISSUE"),
        signal("aws.backup", "Backup Job State Change", {"state": "COMPLETED"}),
        asff(GeneratorId="vedette/s3/bucket_blocks_public_access"),
    ],
    ids=["operation of AWS", "a backup", "our own"],
)
def test_what_is_no_signal_is_left_alone(desk: Desk, event: Any) -> None:
    assert desk.take(event) == []

    assert desk.open == []
    assert desk.lines.metric("UnreadableEvents") == 0


@pytest.mark.parametrize(
    ("event", "metric"),
    [
        (guardduty() | {"source": "custom"}, "ForgedEvents"),
        (guardduty() | {"account": OTHER}, "ForgedEvents"),
        (guardduty(accountId=OTHER), "ForgedEvents"),
        (asff(AwsAccountId=OTHER), "ForgedEvents"),
        (guardduty(id=None), "UnreadableEvents"),
        (guardduty(type=["x"]), "UnreadableEvents"),
        (asff(Id=7), "UnreadableEvents"),
        (inspector(findingArn=""), "UnreadableEvents"),
        (access(resource=None), "UnreadableEvents"),
        (access(id=None), "UnreadableEvents"),
        (health(eventTypeCode=None), "UnreadableEvents"),
    ],
)
def test_what_is_forged_or_garbled_is_counted_and_dropped(
    desk: Desk, event: Any, metric: str
) -> None:
    assert desk.take(event, macie()) == []

    assert len(desk.open) == 1
    assert desk.lines.metric(metric) == 1


def garbled(seed: int) -> Any:
    """Return an event some members of which are of another type."""
    chance = random.Random(seed)  # noqa: S311 - it only mixes
    values: list[Any] = [None, 7, -1.5, [], {}, "", "x" * 5_000, [[{}]], True, {"a": {"b": []}}]

    def spoil(value: Any) -> Any:
        if chance.random() < 0.15:
            return chance.choice(values)
        if isinstance(value, dict):
            return {name: spoil(one) for name, one in value.items()}
        return [spoil(one) for one in value] if isinstance(value, list) else value

    made = [guardduty(), asff(), control(0, "FAILED"), inspector(), macie(), access(), health()]
    event = chance.choice(made)
    return event | {"detail": spoil(event["detail"]) or {}}


def test_no_garbled_signal_is_tried_again_or_takes_others_along(desk: Desk) -> None:
    events = [garbled(seed) for seed in range(400)]

    assert desk.take(*events, guardduty(5)) == []
    assert any(one.rule.startswith("guardduty/Unauthorized") for one in desk.open)


def test_only_messages_whose_finding_was_not_written_come_again(desk: Desk) -> None:
    desk.take(guardduty(1))
    desk.findings.failing[desk.one.id] = StoreBusyError("throttled")

    assert desk.take(macie(2), guardduty(3, severity=9.5), access(4)) == ["m1"]
    assert len(desk.open) == 3
