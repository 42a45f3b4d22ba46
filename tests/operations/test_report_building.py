from dataclasses import replace
from datetime import UTC, date, datetime

from tests.posture.rules import catalogued, tagged
from vedette.findings.finding import ResourceReference
from vedette.findings.frameworks import Framework
from vedette.findings.severity import Severity
from vedette.findings.suppression import Suppression
from vedette.findings.verdict import Verdict
from vedette.operations.report_building import ReportBuilder
from vedette.posture.catalogue import CataloguedRule
from vedette.posture.engine import Outcome
from vedette.posture.rule import failed, passed, unknown

AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
HIGH = catalogued(replace(tagged, controls=("f:1", "f:2")), "s3/high")
LOW = catalogued(replace(tagged, severity=Severity.LOW, controls=("f:2",)), "ec2/low")
FRAMEWORK = Framework(
    name="F", version="1", source="https://x.example", controls={"1": "a", "2": "b", "3": "c"}
)
JUDGEMENTS = {
    Verdict.PASSED: passed("Good."),
    Verdict.FAILED: failed("Bad."),
    Verdict.UNKNOWN: unknown("denied"),
}


def outcome(rule: CataloguedRule, verdict: Verdict, name: str) -> Outcome:
    return Outcome(
        rule=rule,
        judgement=JUDGEMENTS[verdict],
        account="111122223333",
        region="eu-west-1",
        reference=ResourceReference(type="AWS::S3::Bucket", id=name, arn=f"arn:aws:s3:::{name}"),
    )


def built(
    *outcomes: Outcome, suppressions: tuple[Suppression, ...] = (), include_passed: bool = False
) -> ReportBuilder:
    builder = ReportBuilder(suppressions, AS_OF, include_passed=include_passed)
    for one in outcomes:
        builder.add(one)
    return builder


def accepting(resource: str, expires: date = date(2026, 12, 31)) -> Suppression:
    return Suppression(resource=resource, reason="accepted", expires=expires)


SOME = (
    outcome(HIGH, Verdict.PASSED, "a"),
    outcome(HIGH, Verdict.PASSED, "b"),
    outcome(HIGH, Verdict.FAILED, "c"),
    outcome(LOW, Verdict.FAILED, "a"),
    outcome(LOW, Verdict.UNKNOWN, "b"),
)


def test_every_verdict_is_counted_though_what_passed_is_not_listed() -> None:
    builder = built(*SOME)

    summary = builder.summary([HIGH, LOW], {})
    assert summary.verdicts == {Verdict.PASSED: 2, Verdict.FAILED: 2, Verdict.UNKNOWN: 1}
    assert [one.verdict for one in builder.sorted_findings()] == [
        Verdict.FAILED,
        Verdict.FAILED,
        Verdict.UNKNOWN,
    ]


def test_what_passed_is_listed_when_asked_for() -> None:
    assert len(built(*SOME, include_passed=True).findings) == 5


def test_the_worst_comes_first() -> None:
    assert [one.rule for one in built(*SOME).sorted_findings()] == ["s3/high", "ec2/low", "ec2/low"]


def test_the_score_is_what_passed_among_what_is_known() -> None:
    summary = built(*SOME).summary([HIGH, LOW], {})

    assert summary.score == 50
    assert summary.services["s3"].score == 100 * 2 / 3
    assert summary.services["ec2"].score == 0


def test_nothing_judged_has_no_score() -> None:
    assert built().summary([HIGH], {}).score is None


def test_failures_are_counted_by_severity() -> None:
    summary = built(*SOME).summary([HIGH, LOW], {})

    assert summary.failed_by_severity[Severity.HIGH] == 1
    assert summary.failed_by_severity[Severity.LOW] == 1
    assert summary.failed_by_severity[Severity.CRITICAL] == 0


def test_resources_are_counted_once() -> None:
    assert built(*SOME).summary([HIGH, LOW], {}).resources == 3


def test_a_control_is_met_only_if_nothing_that_serves_it_fails_or_is_unknown() -> None:
    met = built(outcome(HIGH, Verdict.PASSED, "a"), outcome(LOW, Verdict.UNKNOWN, "a"))

    framework = met.summary([HIGH, LOW], {"f": FRAMEWORK}).frameworks["f"]

    assert (framework.met, framework.unknown, framework.not_assessed) == (1, 1, 1)
    assert framework.score == 100


def test_a_framework_that_no_rule_serves_is_not_scored() -> None:
    assert built(*SOME).summary([HIGH, LOW], {"other": FRAMEWORK}).frameworks == {}


def test_a_suppressed_finding_counts_apart_and_stands_at_the_end() -> None:
    builder = built(*SOME, suppressions=(accepting("c"),))

    summary = builder.summary([HIGH, LOW], {})
    assert summary.suppressed == 1
    assert summary.verdicts[Verdict.FAILED] == 1
    assert [one.suppressed is None for one in builder.sorted_findings()] == [True, True, False]
    assert summary.fix_first[0].rule == "ec2/low"


def test_an_expired_suppression_is_reported_and_accepts_nothing() -> None:
    builder = built(*SOME, suppressions=(accepting("c", date(2026, 5, 31)),))

    (use,) = builder.suppression_uses()
    assert (use.matched, use.expired) == (0, True)
    assert len(builder.findings) == 3


def test_what_to_fix_first_is_the_worst_and_then_the_most_frequent() -> None:
    many = [outcome(LOW, Verdict.FAILED, str(number)) for number in range(9)]

    first = built(*SOME, *many).summary([LOW, HIGH], {}).fix_first

    assert [(one.rule, one.resources) for one in first] == [("s3/high", 1), ("ec2/low", 10)]
