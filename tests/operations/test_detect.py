"""Events to findings: what matches, what repeats, what is lost on the way."""

import random
from pathlib import Path

import pytest

from tests.operations.detecting import World, batch, compiled, envelope, failed
from tests.operations.hunting import ACCOUNT, TRAIL_STOPPED, USER, event, rules
from vedette.detection.ir import CompiledRules
from vedette.findings.severity import Severity
from vedette.findings.store import StoreBusyError
from vedette.findings.suppression import Suppression
from vedette.findings.tracked import FindingStatus

OTHER = "999988887777"


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> CompiledRules:
    return compiled(rules(tmp_path_factory.mktemp("rules"), stopped=TRAIL_STOPPED))


@pytest.fixture
def world(stopped: CompiledRules) -> World:
    return World(stopped)


def test_a_match_is_a_finding_that_tells_who_did_what_from_where(world: World) -> None:
    assert failed(world.deliver(event(1))) == []

    (found,) = world.tracked
    assert (found.rule, found.severity, found.account) == ("stopped", Severity.HIGH, ACCOUNT)
    assert (found.principal, found.source_ips) == (USER, ("198.51.100.7",))
    assert found.reason == f"StopLogging by {USER} from 198.51.100.7 succeeded."
    assert found.evidence["event_id"] == event(1)["eventID"]
    assert found.tags == ("attack.defense-evasion", "attack.t1562.008")


def test_what_matches_nothing_writes_nothing(world: World) -> None:
    world.deliver(event(1, eventName="ListTrails"))

    assert (world.tracked, world.findings.writes) == ([], 0)
    assert world.lines.metric("Events") == 1


def test_a_batch_writes_each_finding_once(world: World) -> None:
    world.deliver(*(event(number) for number in range(50)))

    (found,) = world.tracked
    assert (found.events.count, world.findings.writes) == (50, 1)


def test_a_denied_attempt_is_less_severe(world: World) -> None:
    world.deliver(event(1, errorCode="AccessDenied"))

    assert [one.severity for one in world.tracked] == [Severity.MEDIUM]


def test_events_delivered_three_times_and_shuffled_give_the_same_findings(
    stopped: CompiledRules,
) -> None:
    people = [
        {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/{name}", "accountId": ACCOUNT}
        for name in ("eve", "mallory", "trudy")
    ]
    events = [event(n, userIdentity=people[n % 3], awsRegion="eu-west-2") for n in range(30)]
    once = World(stopped)
    once.deliver(*events)
    for seed in range(5):
        again = World(stopped)
        thrice = events * 3
        random.Random(seed).shuffle(thrice)  # noqa: S311 - it only mixes
        for start in range(0, len(thrice), 7):
            again.deliver(*thrice[start : start + 7])

        assert again.state == once.state


def test_only_the_messages_of_a_finding_that_was_not_written_come_again(world: World) -> None:
    other = {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/bob", "accountId": ACCOUNT}
    world.deliver(event(1))
    (known,) = world.tracked
    world.findings.failing[known.id] = StoreBusyError("throttled")

    answer = world.deliver(event(2, userIdentity=other), event(3), event(4, eventName="ListTrails"))

    assert failed(answer) == ["m1"]
    assert len(world.tracked) == 2
    assert world.lines.metric("FailedMessages") == 1
    world.findings.failing.clear()
    assert failed(world.deliver(event(3))) == []
    assert {one.events.count for one in world.tracked} == {1, 2}


@pytest.mark.parametrize(
    "forged",
    [
        envelope(event(1), source="custom.app"),
        envelope(event(1), source="AWS.cloudtrail"),
        envelope(event(1), account=OTHER),
        envelope(event(1, recipientAccountId=OTHER)),
        envelope(event(1, recipientAccountId=None), account=OTHER),
        envelope(event(1, recipientAccountId=OTHER), account=ACCOUNT),
        envelope(
            event(
                1,
                userIdentity={
                    "type": "IAMUser",
                    "arn": USER.replace(ACCOUNT, OTHER),
                    "accountId": ACCOUNT,
                },
            )
        ),
    ],
    ids=[
        "custom source",
        "other case",
        "other envelope",
        "foreign account",
        "foreign account without a name in the record",
        "other recipient",
        "other caller",
    ],
)
def test_the_forged_twin_of_an_event_is_refused_and_counted(world: World, forged: object) -> None:
    answer = world.worker().handle(batch([forged]))

    assert failed(answer) == []
    assert world.tracked == []
    assert (world.lines.metric("ForgedEvents"), world.lines.metric("Events")) == (1, 0)


def test_a_caller_of_another_account_is_no_forgery(world: World) -> None:
    theirs = {"type": "IAMUser", "arn": USER.replace(ACCOUNT, OTHER), "accountId": OTHER}
    world.deliver(event(1, userIdentity=theirs))

    assert [one.account for one in world.tracked] == [ACCOUNT]


POISON = {
    "not JSON": "{",
    "not an envelope": "[]",
    "too large": '"' + "x" * 1_100_000 + '"',
    "nested too deep": '{"detail": ' + "[" * 300 + "]" * 300 + "}",
    "half a character": '{"detail": "\ud800"}',
    "no id": {**envelope(event(1)), "id": None},
    "no time": {**envelope(event(1)), "time": "yesterday"},
    "no detail": {**envelope(event(1)), "detail": "secret"},
    "no region": {**envelope(event(1)), "region": "the moon"},
    "no time of the event": envelope(event(1, eventTime="never"), time="2026-11-20T00:00:00Z"),
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON.keys())
def test_a_poison_message_is_dropped_and_takes_no_other_along(world: World, poison: object) -> None:
    answer = world.worker().handle(batch([poison, envelope(event(2))]))

    assert failed(answer) == []
    assert len(world.tracked) == 1
    assert world.lines.metric("UnreadableEvents") == 1


def test_what_is_no_message_at_all_is_counted(world: World) -> None:
    records = ["text", {"messageId": "m", "body": 7}, {"body": "{}"}]

    assert failed(world.worker().handle({"Records": records})) == []
    assert failed(world.worker().handle({})) == []
    assert world.lines.metric("UnreadableEvents") == 3


def test_the_log_tells_counts_and_reasons_but_nothing_of_the_events(world: World) -> None:
    said = "words-of-a-caller"
    garbled = "{" + said
    forged = envelope(event(2, userAgent=said), source=said)
    world.worker().handle(batch([garbled, garbled, forged, envelope(event(1, userAgent=said))]))

    assert said not in world.lines.text
    assert world.lines.reasons() == {"not JSON": 2, "its source is not AWS": 1}


def test_what_the_configuration_accepts_is_recorded_as_suppressed(stopped: CompiledRules) -> None:
    accepted = Suppression.model_validate(
        {"rule": "stop*", "account": ACCOUNT, "reason": "a drill", "expires": "2026-12-31"}
    )
    world = World(stopped, suppressions=[accepted])
    world.deliver(event(1))

    assert world.tracked == []
    found = next(iter(world.findings.of_rule(ACCOUNT, "stopped")))
    assert (found.status, found.suppression is None) == (FindingStatus.SUPPRESSED, False)


def test_the_resource_that_a_record_names_is_the_finding_s(tmp_path: Path, world: World) -> None:
    named = [{"ARN": "arn:aws:s3:::logs", "type": "AWS::S3::Bucket", "accountId": ACCOUNT}]
    world.deliver(event(1, resources=[7, *named]))

    (found,) = world.tracked
    assert found.resource is not None
    assert (found.resource.type, found.resource.id) == ("AWS::S3::Bucket", "logs")
