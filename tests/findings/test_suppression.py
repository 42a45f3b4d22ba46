from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from vedette.findings.finding import Finding, ResourceReference
from vedette.findings.severity import Severity
from vedette.findings.suppression import Suppression, suppress
from vedette.findings.verdict import Verdict

AS_OF = datetime(2026, 6, 1, 23, 59, tzinfo=UTC)


def finding(verdict: Verdict = Verdict.FAILED, tags: dict[str, str] | None = None) -> Finding:
    return Finding(
        id="f" * 32,
        rule="s3/bucket_blocks_public_access",
        title="S3 bucket blocks public access",
        verdict=verdict,
        severity=Severity.HIGH,
        account="111122223333",
        region="eu-west-1",
        resource=ResourceReference(
            type="AWS::S3::Bucket", id="www", arn="arn:aws:s3:::www", tags=tags
        ),
        reason="Switched off.",
    )


def suppression(**changes: Any) -> Suppression:
    values = {"reason": "the public website", "expires": date(2026, 6, 1)}
    return Suppression(**values | changes)


def suppressed(one: Suppression, about: Finding) -> bool:
    return suppress(about, [about.rule], [one], AS_OF).suppressed is not None


@pytest.mark.parametrize(
    "pattern",
    [
        {"rule": "s3/*"},
        {"account": "1111*"},
        {"region": "eu-*"},
        {"resource": "www"},
        {"resource": "arn:aws:s3:::w*"},
        {"rule": "s3/bucket_blocks_public_access", "resource": "w??"},
    ],
)
def test_a_pattern_that_fits_suppresses(pattern: dict[str, str]) -> None:
    assert suppressed(suppression(**pattern), finding())


@pytest.mark.parametrize(
    "pattern",
    [
        {"rule": "ec2/*"},
        {"account": "2*"},
        {"region": "us-*"},
        {"resource": "WWW"},
        {"resource": "www", "rule": "ec2/*"},
    ],
)
def test_all_patterns_must_fit(pattern: dict[str, str]) -> None:
    assert not suppressed(suppression(**pattern), finding())


def test_it_holds_through_its_last_day_and_no_longer() -> None:
    assert suppressed(suppression(expires=date(2026, 6, 1)), finding())
    assert not suppressed(suppression(expires=date(2026, 5, 31)), finding())


def test_tags_must_fit_each_by_its_pattern() -> None:
    one = suppression(tags={"team": "web*"})

    assert suppressed(one, finding(tags={"team": "website"}))
    assert not suppressed(one, finding(tags={"team": "data"}))
    assert not suppressed(one, finding(tags={}))


def test_tags_that_could_not_be_read_suppress_nothing() -> None:
    assert not suppressed(suppression(tags={"team": "*"}), finding(tags=None))


def test_what_passed_is_not_suppressed() -> None:
    assert not suppressed(suppression(), finding(Verdict.PASSED))


def test_what_is_unknown_may_be_accepted() -> None:
    assert suppressed(suppression(), finding(Verdict.UNKNOWN))


def test_a_rule_that_moved_is_still_suppressed_under_its_old_id() -> None:
    one = suppression(rule="s3/old_name")

    marked = suppress(finding(), ["s3/new_name", "s3/old_name"], [one], AS_OF)

    assert marked.suppressed is not None
    assert marked.suppressed.reason == "the public website"


@pytest.mark.parametrize("missing", ["reason", "expires"])
def test_a_reason_and_an_expiry_are_required(missing: str) -> None:
    values = {"reason": "x", "expires": "2026-06-01"}
    del values[missing]

    with pytest.raises(ValidationError, match=missing):
        Suppression.model_validate(values)


def test_an_empty_reason_is_none() -> None:
    with pytest.raises(ValidationError, match="reason"):
        suppression(reason="")


def test_an_account_id_that_lost_its_zeros_is_refused() -> None:
    with pytest.raises(ValidationError, match="in quotes"):
        suppression(account=11122223333)
