from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.posture.rules import Wanted, catalogued, tagged
from vedette.findings.verdict import Verdict
from vedette.posture.engine import Outcome, PostureSettings, evaluate
from vedette.posture.rule import Context, Judgement
from vedette.resources.coverage import Listing
from vedette.resources.facts import Fact
from vedette.resources.resource import Resource
from vedette.resources.s3 import S3Bucket
from vedette.resources.snapshot import Snapshot

TAGGED = S3Bucket.sample(id="tagged", tags={"owner": "web"})
BARE = S3Bucket.sample(id="bare", tags={})
DENIED = S3Bucket.sample(id="denied", tags=Fact.unreadable("GetResources was denied"))


def snapshot(*resources: Resource, listings: tuple[Listing, ...] | None = None) -> Snapshot:
    return Snapshot(
        as_of=datetime(2026, 6, 1, tzinfo=UTC),
        account="111122223333",
        partition="aws-cn",
        regions=("eu-west-1",),
        listings=(Listing(kind="S3Bucket", region="global"),) if listings is None else listings,
        resources=resources,
    )


def outcomes(
    *resources: Resource, rule: Any = tagged, settings: PostureSettings | None = None
) -> list[Outcome]:
    found = evaluate([catalogued(rule)], snapshot(*resources), settings or PostureSettings())
    return list(found)


def test_each_resource_gets_its_verdict() -> None:
    verdicts = {one.reference.id: one.judgement.verdict for one in outcomes(TAGGED, BARE, DENIED)}

    assert verdicts == {
        "tagged": Verdict.PASSED,
        "bare": Verdict.FAILED,
        "denied": Verdict.UNKNOWN,
    }


def test_unknown_says_why() -> None:
    (outcome,) = outcomes(DENIED)

    assert outcome.judgement.reason == "GetResources was denied"
    assert outcome.reference.tags is None


def test_a_rule_that_crashes_makes_unknown_and_does_not_stop_the_others() -> None:
    def crash(_bucket: S3Bucket, _context: Context[Wanted]) -> Judgement:
        raise ZeroDivisionError("oops")

    broken = catalogued(replace(tagged, judge=crash), "s3/broken")
    found = list(evaluate([broken, catalogued()], snapshot(BARE), PostureSettings()))

    assert [one.judgement.verdict for one in found] == [Verdict.UNKNOWN, Verdict.FAILED]
    assert "ZeroDivisionError" in found[0].judgement.reason


def test_a_rule_has_nothing_to_say_about_what_it_does_not_apply_to() -> None:
    only_bare = replace(tagged, applies=lambda bucket: bucket.id == "bare")

    assert [one.reference.id for one in outcomes(TAGGED, BARE, rule=only_bare)] == ["bare"]


def test_settings_reach_the_rule() -> None:
    settings = PostureSettings(parameters={"s3/bucket_is_tagged": Wanted(key="team")})

    (outcome,) = outcomes(TAGGED, settings=settings)

    assert outcome.judgement.verdict is Verdict.FAILED


def test_resources_that_could_not_be_listed_are_unknown() -> None:
    refused = Listing(kind="S3Bucket", region="eu-west-1", problem="s3:ListBuckets was denied")

    (outcome,) = evaluate([catalogued()], snapshot(listings=(refused,)), PostureSettings())

    assert outcome.judgement.verdict is Verdict.UNKNOWN
    assert outcome.judgement.reason == "s3:ListBuckets was denied"
    assert outcome.reference.id == "*"
    assert outcome.reference.arn == "arn:aws-cn:s3:eu-west-1:111122223333:*"


def test_a_rule_that_moved_keeps_the_ids_of_its_findings() -> None:
    moved = catalogued(replace(tagged, formerly=("s3/bucket_is_tagged",)), "s3/bucket_has_owner")

    (before,) = outcomes(BARE)
    (after,) = evaluate([moved], snapshot(BARE), PostureSettings())

    assert after.finding().id == before.finding().id
    assert after.finding().rule == "s3/bucket_has_owner"


def test_a_finding_carries_evidence_and_tags() -> None:
    (outcome,) = outcomes(S3Bucket.sample(id="b", tags={"team": "web"}))

    finding = outcome.finding()
    assert finding.evidence == {"tags": {"team": "web"}}
    assert finding.resource.tags == {"team": "web"}
    assert finding.region == "eu-west-1"


def test_attacker_written_text_is_bounded_in_the_finding() -> None:
    (outcome,) = outcomes(S3Bucket.sample(id="b", tags={"team": "x" * 64_000}))

    assert len(outcome.finding().model_dump_json()) < 8_000
