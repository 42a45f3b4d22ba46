"""A sweep records what differs from what is known, and marks what it sees for the first time."""

import json

import pytest

from tests.fakes.clients import refused
from tests.operations.sweeping import (
    ACCOUNT_BLOCKS,
    BLOCKS,
    CONTENT,
    EVERYWHERE,
    OTHER,
    REGION,
    US,
    Buckets,
    Sweeping,
    only,
)
from vedette.findings.store import StoreBusyError
from vedette.findings.tracked import FindingStatus
from vedette.findings.verdict import Verdict
from vedette.operations import sweep_memory
from vedette.operations.sweep_memory import BASELINE_MARK, Unit, prints_of
from vedette.resources.cloudtrail import CloudTrailRegion, Trail
from vedette.resources.ec2 import Ec2Instance, SecurityGroup
from vedette.resources.s3 import S3AccessPoint, S3Bucket

OPEN, RESOLVED = FindingStatus.OPEN, FindingStatus.RESOLVED


def test_the_first_sweep_marks_what_it_finds_as_baseline_and_tells_none_of_it_alone() -> None:
    sweeping = Sweeping(Buckets(*(f"b{number:04}" for number in range(3_000))))

    (swept,) = sweeping.sweep(sweep="sweep-1")

    assert swept.baseline == 3_000
    assert all(one.baseline and one.transition is None for one in sweeping.every())
    assert sweeping.marks.known[BASELINE_MARK].detail == "sweep-1"


def test_the_second_sweep_of_an_unchanged_account_writes_nothing() -> None:
    buckets = Buckets("a", "b", "c")
    buckets.closed = {"c"}
    sweeping = Sweeping(buckets)
    sweeping.sweep()
    before = sweeping.writes

    (swept,) = sweeping.sweep(sweep="second")

    assert sweeping.writes == before
    assert swept.verdicts == {Verdict.FAILED: 2, Verdict.PASSED: 1}
    assert (swept.baseline, swept.failed) == (0, None)


def test_what_opens_after_the_first_sweep_is_told() -> None:
    buckets = Buckets("a")
    sweeping = Sweeping(buckets)
    sweeping.sweep()
    buckets.names.append("b")

    (swept,) = sweeping.sweep()

    assert swept.baseline == 0
    new = next(one for one in sweeping.every() if one.resource and one.resource.id == "b")
    assert not new.baseline
    assert new.transition is not None


def test_a_new_rule_has_a_baseline_of_its_own() -> None:
    sweeping = Sweeping(Buckets("a"), BLOCKS)
    sweeping.sweep()
    sweeping.content = only(BLOCKS, ACCOUNT_BLOCKS)
    sweeping.buckets.names.append("b")

    (swept,) = sweeping.sweep(sweep="with the new rule")

    assert swept.baseline == 1
    assert {(one.rule, one.baseline) for one in sweeping.every() if one.episode == 1} == {
        (BLOCKS, True),
        (BLOCKS, False),
        (ACCOUNT_BLOCKS, True),
    }
    assert sweeping.marks.known[BASELINE_MARK].detail == "with the new rule"


def test_an_upgrade_has_a_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    sweeping = Sweeping(Buckets("a"))
    sweeping.sweep()
    monkeypatch.setattr(sweep_memory, "__version__", "99.0")
    sweeping.buckets.names.append("b")

    assert sweeping.sweep()[0].baseline == 1
    assert sweeping.sweep()[0].baseline == 0


def test_a_rule_whose_settings_change_counts_as_new() -> None:
    content = only("iam/user_access_keys_are_rotated")
    (rule,) = content.rules
    changed = rule.rule.parameters.model_validate({"days": 7})
    settings = type(content.settings)(parameters={rule.id: changed})
    other = type(content)(rules=content.rules, settings=settings)

    assert prints_of(content, content.rules) != prints_of(other, other.rules)


def test_a_first_sweep_that_is_cut_off_before_it_is_marked_is_told_by_the_next() -> None:
    sweeping = Sweeping(Buckets("a", "b"))
    sweeping.marks.unwritable = StoreBusyError("dynamodb:UpdateItem was throttled")
    assert sweeping.sweep()[0].failed == "dynamodb:UpdateItem was throttled"
    assert len(sweeping.every()) == 2
    sweeping.marks.unwritable = None

    assert sweeping.sweep(sweep="second")[0].failed is None

    assert sweeping.marks.known[BASELINE_MARK].detail == "second"
    before = sweeping.writes
    sweeping.sweep(sweep="third")
    assert sweeping.writes == before


def test_each_unit_has_a_first_sweep_of_its_own() -> None:
    sweeping = Sweeping(Buckets("a"))

    sweeping.sweep()
    sweeping.sweep(Unit(account=US, region=REGION))

    marks = {one for one in sweeping.marks.known if one != BASELINE_MARK}
    assert marks == {f"swept/{US}/global", f"swept/{US}/{REGION}"}


def test_what_passes_again_and_what_is_gone_is_closed() -> None:
    buckets = Buckets("closed", "deleted", "open")
    sweeping = Sweeping(buckets)
    sweeping.sweep()
    buckets.names.remove("deleted")
    buckets.closed.add("closed")

    (swept,) = sweeping.sweep()

    assert sweeping.told() == {"closed": RESOLVED, "deleted": RESOLVED, "open": OPEN}
    assert swept.transitions == {"resolved": 2}


def test_a_list_that_is_not_whole_closes_nothing_and_is_told() -> None:
    buckets = Buckets("a", "b")
    sweeping = Sweeping(buckets, BLOCKS, ACCOUNT_BLOCKS)
    sweeping.sweep()
    buckets.unlisted = refused("AccessDenied")

    (swept,) = sweeping.sweep()

    assert sweeping.told() == {"a": OPEN, "b": OPEN}
    assert swept.verdicts[Verdict.UNKNOWN] == 1
    assert swept.reasons == ("s3:ListBuckets was denied (AccessDenied)",)
    assert swept.failed is None, "the account's own settings were read"


def test_a_resource_that_cannot_be_read_is_unknown_and_keeps_its_finding() -> None:
    buckets = Buckets("a", "b")
    sweeping = Sweeping(buckets)
    sweeping.sweep()
    before = sweeping.every()
    buckets.denied = {"a"}

    (swept,) = sweeping.sweep()

    assert sweeping.every() == before
    assert swept.verdicts == {Verdict.UNKNOWN: 1, Verdict.FAILED: 1}
    assert any("was denied" in one for one in swept.reasons)


def test_a_rule_that_could_judge_nothing_yet_still_has_its_baseline_to_come() -> None:
    buckets = Buckets("a", "b")
    sweeping = Sweeping(buckets, BLOCKS, ACCOUNT_BLOCKS)
    buckets.unlisted = refused("AccessDenied")
    assert sweeping.sweep()[0].baseline == 1
    buckets.unlisted = None

    assert sweeping.sweep()[0].baseline == 2


def test_one_resource_that_can_never_be_read_does_not_keep_a_rule_new() -> None:
    buckets = Buckets("a", "b")
    buckets.denied = {"a"}
    sweeping = Sweeping(buckets)
    sweeping.sweep()
    buckets.names.append("c")

    assert sweeping.sweep()[0].baseline == 0


def test_an_account_that_cannot_be_read_is_told_and_keeps_no_other_from_being_swept() -> None:
    sweeping = Sweeping(Buckets("a"))

    unread, swept = sweeping.sweep(Unit(account=OTHER, region=REGION), EVERYWHERE)

    assert unread.failed == "sts:AssumeRole was denied (AccessDenied)"
    assert swept.failed is None
    assert sweeping.told() == {"a": OPEN}


def test_a_unit_of_which_nothing_could_be_listed_has_failed_and_is_not_remembered() -> None:
    buckets = Buckets("a")
    buckets.unlisted = refused("AccessDenied")
    sweeping = Sweeping(buckets)

    (swept,) = sweeping.sweep()

    assert swept.failed == "s3:ListBuckets was denied (AccessDenied)"
    assert not sweeping.marks.known


def test_what_is_not_written_fails_the_unit_whose_baseline_is_then_still_to_come() -> None:
    sweeping = Sweeping(Buckets("a", "b"))
    sweeping.sweep()
    first, second = sweeping.every()
    again = Sweeping(sweeping.buckets)
    again.store.failing[first.id] = StoreBusyError("somebody else writes it")

    assert again.sweep()[0].failed == "somebody else writes it"
    assert [one.id for one in again.every()] == [second.id]

    again.store.failing.clear()
    assert again.sweep()[0].failed is None
    assert all(one.baseline for one in again.every())


def test_a_state_table_that_does_not_answer_fails_the_unit() -> None:
    sweeping = Sweeping(Buckets("a"))
    sweeping.marks.failing = StoreBusyError("dynamodb:GetItem was throttled")

    assert sweeping.sweep()[0].failed == "dynamodb:GetItem was throttled"
    assert not sweeping.every()


def test_what_is_told_of_a_unit_is_small() -> None:
    buckets = Buckets("a")
    buckets.unlisted = refused("InternalError", "x" * 10_000)
    sweeping = Sweeping(buckets)

    (swept,) = sweeping.sweep()

    assert len(json.dumps(swept.told())) < 2_000


def test_trails_are_read_once_per_account_and_groups_region_by_region() -> None:
    wide = CONTENT.account_wide

    assert {S3Bucket, Trail, CloudTrailRegion} <= wide
    assert not wide & {SecurityGroup, Ec2Instance, S3AccessPoint}
