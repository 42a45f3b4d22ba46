"""Files that an audit takes and writes: configuration, reports, snapshots, rules of one's own."""

import json
from pathlib import Path

import pytest

from tests.aws.buckets import BLOCKED, audit, create_buckets, failed, s3_audit
from tests.aws.command import vedette
from tests.aws.truth.world import REGION
from vedette.aws.stand_in.server import StandIn


@pytest.fixture
def aws(stand_in: StandIn) -> StandIn:
    create_buckets(stand_in)
    return stand_in


def test_a_suppression_accepts_a_finding_and_an_expired_one_does_not(
    aws: StandIn, tmp_path: Path
) -> None:
    file = tmp_path / "vedette.yml"
    entry = "suppressions:\n  - {{rule: 's3/*', resource: open, reason: website, expires: {}}}\n"
    file.write_text(entry.format("2999-01-01"), encoding="utf-8")
    accepted = s3_audit(aws, "--config", file, "--fail-on", "low")
    file.write_text(entry.format("2020-01-01"), encoding="utf-8")
    expired = s3_audit(aws, "--config", file, "--fail-on", "low")

    assert (accepted.code, accepted.json["summary"]["suppressed"]) == (0, 1)
    (finding,) = accepted.json["findings"]
    assert finding["suppressed"]["reason"] == "website"
    assert expired.code == 1
    assert [(one["expired"], one["matched"]) for one in expired.json["suppressions"]] == [(True, 0)]


def test_a_report_file_is_readable_by_its_owner_alone(aws: StandIn, tmp_path: Path) -> None:
    report, snapshot = tmp_path / "report.json", tmp_path / "snapshot.json"

    ran = s3_audit(aws, "--output-file", report, "--save-snapshot", snapshot)

    assert ran.stdout == ""
    assert str(report) in ran.stderr
    assert {path.stat().st_mode & 0o777 for path in (report, snapshot)} == {0o600}
    assert failed(json.loads(report.read_text(encoding="utf-8"))) == ["open"]


def test_comparing_tells_what_is_new_fixed_and_still_open(aws: StandIn, tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    s3_audit(aws, "--output-file", old)
    s3 = aws.client("s3", REGION)
    s3.put_public_access_block(Bucket="open", PublicAccessBlockConfiguration=BLOCKED)
    s3.delete_public_access_block(Bucket="closed")

    ran = s3_audit(aws, "--compare", old)

    comparison = ran.json["comparison"]
    assert [one["resource"]["id"] for one in comparison["fixed"]] == ["open"]
    assert comparison["new"] == [one["id"] for one in ran.json["findings"]]
    assert comparison["still_open"] == []


def test_a_rule_of_ones_own_runs_beside_ours(aws: StandIn, tmp_path: Path) -> None:
    vedette("rules", "new", "s3/bucket_is_mine", "--rules", tmp_path)

    ran = audit(aws, "--rules", tmp_path, "--no-built-in", "--include-passed")

    assert {one["rule"] for one in ran.json["findings"]} == {"s3/bucket_is_mine"}
    assert failed(ran.json) == ["closed", "open"]


def test_doctor_tells_what_is_denied(aws: StandIn) -> None:
    options = ("--endpoint-url", aws.endpoint_url, "--region", REGION)
    healthy = vedette("doctor", *options)
    aws.faults.deny("sqs:ListQueues")
    denied = vedette("doctor", *options)

    assert healthy.code == 0, healthy.stdout
    assert denied.code == 3
    assert "sqs:ListQueues was denied" in denied.stdout
    assert "--print-policy" in denied.stderr
