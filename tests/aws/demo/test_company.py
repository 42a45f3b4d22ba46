"""The demo's account: what an audit says about it, and what makes it a story worth reading."""

from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from vedette.aws.demo.account import PARTNER
from vedette.aws.demo.company import CHAPTERS
from vedette.aws.demo.configuration import configuration_text
from vedette.aws.stand_in.server import StandIn
from vedette.configuration.loader import load_configuration
from vedette.findings.finding import Finding
from vedette.findings.verdict import Verdict
from vedette.operations.account_reading import ReadingOptions
from vedette.operations.audit import AuditRequest, audit
from vedette.operations.demo import REGIONS, Demo
from vedette.posture.catalogue import load_posture_rules
from vedette.reporting.audit_report import AuditReport

EXPORTS, LEGAL_HOLD = "harbour-lane-books-customer-exports", "harbour-lane-books-legal-hold"
WEBSITE = "harbour-lane-books-website"
STORY = (
    ("s3/bucket_is_not_publicly_readable", EXPORTS, Verdict.FAILED),
    ("s3/bucket_is_not_publicly_readable", "harbour-lane-books-orders-archive", Verdict.PASSED),
    ("s3/bucket_is_not_publicly_writable", "harbour-lane-bookworm-training", Verdict.FAILED),
    ("s3/bucket_policy_trusts_known_accounts_only", "harbour-lane-books-labels", Verdict.PASSED),
    ("iam/user_access_keys_are_rotated", "rob.castellan", Verdict.FAILED),
    ("iam/user_access_keys_are_rotated", "tom.okafor", Verdict.PASSED),
    ("iam/user_has_at_most_one_active_key", "ci-deploy", Verdict.FAILED),
    ("iam/user_with_password_has_mfa", "priya.nair", Verdict.FAILED),
    ("iam/user_with_password_has_mfa", "margaret.hale", Verdict.PASSED),
    ("iam/role_trusts_known_accounts_only", "seo-agency-reports", Verdict.FAILED),
    ("iam/role_trusts_known_accounts_only", "pelican-fulfilment", Verdict.PASSED),
    ("ec2/security_group_does_not_open_ssh", "hlb-debug-checkout", Verdict.FAILED),
    ("ec2/security_group_does_not_open_ssh", "hlb-web", Verdict.PASSED),
    (
        "ec2/snapshot_is_shared_with_trusted_accounts_only",
        "hlb-orders-before-migration",
        Verdict.FAILED,
    ),
    ("ec2/snapshot_is_shared_with_trusted_accounts_only", "hlb-labels-for-pelican", Verdict.PASSED),
    ("cloudtrail/trail_validates_log_files", "hlb-trail", Verdict.FAILED),
    ("awslambda/function_environment_holds_no_secrets", "hlb-customer-export", Verdict.FAILED),
    ("awslambda/function_environment_holds_no_secrets", "hlb-order-worker", Verdict.PASSED),
    ("rds/instance_is_not_public", "hlb-catalogue", Verdict.FAILED),
    ("rds/instance_is_not_public", "hlb-orders", Verdict.PASSED),
)
Verdicts = dict[str, dict[str, Verdict]]


@pytest.fixture(scope="module")
def report(running_stand_in: StandIn, tmp_path_factory: pytest.TempPathFactory) -> AuditReport:
    running_stand_in.reset()
    demo = Demo(running_stand_in, tmp_path_factory.mktemp("demo"))
    demo.create_account()
    reading = ReadingOptions(session=demo.session, regions=REGIONS)
    request = AuditRequest(reading=reading, configuration=demo.configuration, include_passed=True)
    return audit(request).report


@pytest.fixture(scope="module")
def verdicts(report: AuditReport) -> Verdicts:
    found: defaultdict[str, dict[str, Verdict]] = defaultdict(dict)
    for one in report.findings:
        found[one.rule][called(one)] = one.verdict
    return found


def called(finding: Finding) -> str:
    """Return the name that a person gave the resource."""
    return (finding.resource.tags or {}).get("Name", finding.resource.id)


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.PASSED])
def test_every_service_that_has_rules_has_resources_of_each_verdict(
    report: AuditReport, verdict: Verdict
) -> None:
    seen = {report.rules[one.rule].service for one in report.findings if one.verdict is verdict}

    missing = {rule.service for rule in load_posture_rules()} - seen

    assert missing == set(), f"no resource of the demo is {verdict} in: {sorted(missing)}"


@pytest.mark.parametrize(("rule", "resource", "verdict"), STORY)
def test_the_story_is_told(verdicts: Verdicts, rule: str, resource: str, verdict: Verdict) -> None:
    assert verdicts[rule].get(resource) is verdict


def test_only_the_bucket_that_refuses_us_is_unknown(report: AuditReport) -> None:
    unknown = [one for one in report.findings if one.verdict is Verdict.UNKNOWN]

    assert {called(one) for one in unknown} == {LEGAL_HOLD}
    assert all("denied" in one.reason for one in unknown)


def test_the_website_is_accepted_and_nothing_else(report: AuditReport) -> None:
    (use,) = report.suppressions

    assert use.suppression.resource == WEBSITE
    assert report.summary.suppressed == use.matched > 0
    assert not use.expired
    assert WEBSITE not in {
        called(one)
        for one in report.findings
        if one.verdict is Verdict.FAILED and one.suppressed is None
    }


def test_the_exports_are_among_the_first_things_to_fix(report: AuditReport) -> None:
    assert report.summary.fix_first[0].rule == "s3/bucket_is_not_publicly_readable"


def test_the_contractor_s_key_is_as_old_as_it_looks(report: AuditReport) -> None:
    (key,) = [
        one
        for one in report.findings
        if one.rule == "iam/user_access_keys_are_rotated" and called(one) == "rob.castellan"
    ]

    assert "761" in key.reason


def test_progress_names_every_chapter_once(stand_in: StandIn, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    Demo(stand_in, tmp_path).create_account(lambda done, total, _: seen.append((done, total)))

    assert seen == [(number, CHAPTERS) for number in range(CHAPTERS)]


def test_the_configuration_is_valid_and_its_suppression_runs_out(tmp_path: Path) -> None:
    file = tmp_path / "vedette.yml"
    file.write_text(configuration_text(date(2026, 11, 21)))

    configuration = load_configuration(file).configuration

    assert configuration.accounts.trusted == (PARTNER,)
    (accepted,) = configuration.suppressions
    assert not accepted.expired(datetime(2027, 3, 21, tzinfo=UTC))
    assert accepted.expired(datetime(2027, 3, 22, tzinfo=UTC))
