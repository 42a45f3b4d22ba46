"""What people read of a finding."""

import pytest

from tests.alerting.tracked_findings import ACCOUNTS, detection, posture
from vedette.alerting.facts import facts_of, person
from vedette.alerting.text import shown, subject
from vedette.alerting.words import why_it_matters
from vedette.findings.finding import ResourceReference
from vedette.findings.severity import Severity
from vedette.findings.tracked import Because, TransitionKind


@pytest.mark.parametrize(
    ("principal", "told"),
    [
        ("sso:alice@example.com", "alice@example.com (through IAM Identity Center)"),
        ("arn:aws:iam::111122223333:role/deploy", "arn:aws:iam::111122223333:role/deploy"),
        ("account:444455556666:AIDAEXAMPLE", "somebody of account 444455556666 (AIDAEXAMPLE)"),
        ("anonymous", "somebody without credentials"),
    ],
)
def test_a_principal_is_told_in_words(principal: str, told: str) -> None:
    assert person(principal) == told


def test_the_latest_principal_comes_first_and_many_are_counted() -> None:
    names = tuple(f"user-{number}" for number in range(9))
    facts = dict(facts_of(detection(principal="user-7", principals=names), ACCOUNTS))

    assert facts["Who"] == "user-7, user-0, user-1, user-2, user-3 and 4 more"


def test_all_of_a_kind_is_told_as_that() -> None:
    everything = ResourceReference(type="AWS::S3::Bucket", id="*", arn="*")

    assert dict(facts_of(posture(resource=everything), ACCOUNTS))["Where"] == (
        "all of AWS::S3::Bucket"
    )


def test_what_is_resolved_is_told_as_past_with_the_reason() -> None:
    facts = dict(facts_of(posture(TransitionKind.RESOLVED, Because.RESOURCE_GONE), ACCOUNTS))

    assert "What" not in facts
    assert facts["What was"] == "The policy of the bucket lets everyone read it."
    assert facts["Because"] == "the resource is gone"


def test_every_severity_and_reason_has_words() -> None:
    for severity in Severity:
        assert why_it_matters(posture(severity=severity))
    for because in Because:
        assert dict(facts_of(posture(TransitionKind.REOPENED, because), ACCOUNTS))["Because"]


def test_a_tactic_says_why_it_matters() -> None:
    assert "not noticed" in why_it_matters(detection())


def test_control_characters_and_reversals_are_shown_and_links_lose_their_effect() -> None:
    assert shown("a\x1b[31m\u202eb", 50) == "a\\x1b[31m\\u202eb"
    assert shown("see https://evil.example or www.evil.example", 80) == (
        "see https(:)//evil.example or www(.)evil.example"
    )


@pytest.mark.parametrize("limit", [10, 40])
def test_shown_text_is_never_longer_than_its_limit(limit: int) -> None:
    assert len(shown("\x00" * 100, limit)) == limit
    assert shown("b" * 100, limit).endswith("…")


def test_a_long_subject_loses_its_middle_not_the_place() -> None:
    told = subject("[HIGH] Fails: " + "x" * 200, "in production, eu-west-1")

    assert len(told) == 99
    assert told.endswith("xxx... in production, eu-west-1")
