"""Dispatching a batch of the findings table's stream."""

from collections.abc import Iterable
from typing import Final

from tests.findings.observing import FAILED, PASSED, event, verdict
from tests.operations.alert_desk import many, record, stream
from tests.operations.dispatching import Desk
from vedette.alerting.message import Message
from vedette.alerting.sender import (
    Channel,
    MessageRefusedError,
    SenderBusyError,
    SenderFailedError,
)
from vedette.findings.lifecycle import Change
from vedette.findings.severity import Severity
from vedette.findings.tracked import TransitionKind
from vedette.operations.dispatch import report
from vedette.operations.telemetry import Metric, Telemetry

BUSY: Final = SenderBusyError("sns:Publish was throttled")


def transitions(messages: Iterable[Message]) -> list[str]:
    return [one.attributes["transition"] for one in messages]


def test_an_opened_finding_is_told_once_and_marked() -> None:
    desk = Desk()
    batch = stream(desk.observed(verdict(1)))

    done = desk.run(batch)

    assert done.retry == []
    assert desk.sender.ids() == ["bucket-finding-1"]
    assert desk.sender.ids(Channel.CHAT) == ["bucket-finding-1"]
    assert desk.sender.ids(Channel.ESCALATION) == []
    state = desk.store.get("bucket-finding")
    assert state is not None
    assert not state.unannounced


def test_the_mail_tells_what_the_rule_says_and_what_to_do() -> None:
    desk = Desk()
    desk.run(stream(desk.observed(verdict(1))))

    text = desk.sender.sent[Channel.ALERTS][0].text

    assert "makes both harmless" in text
    assert "put-public-access-block" in text
    assert "production (111122223333)" in text
    assert "vedette findings show bucket-finding" in text


def test_a_batch_that_comes_again_is_not_told_again_even_by_another_process() -> None:
    desk = Desk()
    batch = stream(desk.observed(verdict(1)))
    desk.run(batch)
    desk.restart()

    done = desk.run(batch)

    assert done.retry == []
    assert done.counts[Metric.REPEATED] == 1
    assert desk.sender.ids() == ["bucket-finding-1"]


def test_each_transition_of_a_batch_is_told_in_its_order() -> None:
    desk = Desk()
    changes = [
        change
        for one in (verdict(1), verdict(2, PASSED), verdict(3, FAILED))
        for change in desk.observed(one)
    ]

    desk.run(stream(changes))

    told = transitions(desk.sender.sent[Channel.ALERTS])
    assert told == [TransitionKind.OPENED, TransitionKind.RESOLVED, TransitionKind.REOPENED]
    assert desk.sender.ids() == ["bucket-finding-1", "bucket-finding-2", "bucket-finding-3"]


def test_a_repeat_and_the_mark_of_announcing_tell_nobody() -> None:
    desk = Desk()
    opened = desk.observed(event(1))
    repeat = desk.observed(event(2))
    desk.run(stream(opened))
    state = desk.store.get("event-finding")
    assert state is not None
    marked = Change(before=repeat[0].after, after=state)

    desk.run(stream([*repeat, marked]))

    assert desk.sender.ids() == ["event-finding-1"]


def test_what_is_not_sent_is_tried_again_and_nothing_is_lost() -> None:
    desk = Desk()
    batch = stream(desk.observed(*many(3, Severity.HIGH)))
    desk.sender.failing = {Channel.CHAT: BUSY, Channel.ALERTS: BUSY}

    failed = desk.run(batch)
    assert failed.answer() == {
        "batchItemFailures": [{"itemIdentifier": one} for one in ("100", "101", "102")]
    }

    desk.sender.failing = {}
    assert desk.run(batch).retry == []
    assert len(desk.sender.ids()) == 3
    assert list(desk.store.unannounced(desk.clock.now.replace(year=2027))) == []


def test_mail_that_fails_after_the_chat_got_it_is_not_chatted_twice() -> None:
    desk = Desk()
    batch = stream(desk.observed(verdict(1)))
    desk.sender.failing = {Channel.ALERTS: BUSY}
    assert desk.run(batch).retry == ["100"]

    desk.sender.failing = {}
    desk.run(batch)

    assert desk.sender.ids(Channel.CHAT) == ["bucket-finding-1"]
    assert desk.sender.ids() == ["bucket-finding-1"]


def test_a_chat_that_is_broken_keeps_nobody_from_their_mail_and_is_counted() -> None:
    desk = Desk()
    desk.sender.failing = {Channel.CHAT: SenderFailedError("sns:Publish was denied")}

    done = desk.run(stream(desk.observed(verdict(1))))

    assert done.retry == []
    assert desk.sender.ids() == ["bucket-finding-1"]
    assert done.counts[Metric.UNSENT] == 1
    assert done.counts[Metric.TROUBLE] == 1


def test_a_process_that_dies_between_sending_and_marking_repeats_the_same_message() -> None:
    desk = Desk()
    changes = desk.observed(verdict(1))
    desk.run(stream(changes))
    crashed = Desk()
    crashed.sender = desk.sender
    crashed.observed(verdict(1))

    crashed.run(stream(changes))

    assert desk.sender.ids() == ["bucket-finding-1", "bucket-finding-1"]


def test_a_message_that_is_refused_is_counted_and_holds_nobody_up() -> None:
    desk = Desk()
    batch = stream(desk.observed(*many(2, Severity.HIGH)))
    desk.sender.refuses = lambda one: (
        MessageRefusedError("sns:Publish failed (InvalidParameter)") if "0000" in one.id else None
    )

    done = desk.run(batch)

    assert done.retry == []
    assert desk.sender.ids() == ["finding-0001-1"]
    assert done.counts[Metric.SKIPPED] == 1
    refused = desk.store.get("finding-0000")
    assert refused is not None
    assert refused.unannounced


def test_records_that_cannot_be_read_are_counted_and_skipped() -> None:
    desk = Desk()
    good = record("7", desk.observed(verdict(1))[0])
    newer = record("8", desk.observed(event(1))[0])
    newer["dynamodb"]["NewImage"]["schema_version"] = {"N": "99"}
    broken = record("9", desk.observed(event(1, id="other"))[0])
    broken["dynamodb"]["NewImage"]["document"] = {"S": "{"}

    done = desk.run({"Records": [None, {}, {"dynamodb": {"NewImage": 3}}, newer, broken, good]})

    assert done.retry == []
    assert done.counts[Metric.SKIPPED] == 5
    assert done.counts[Metric.TROUBLE] == 5
    assert desk.sender.ids() == ["bucket-finding-1"]


def test_an_event_that_is_no_batch_is_nothing_to_tell() -> None:
    assert Desk().run({}).answer() == {"batchItemFailures": []}


def test_a_finding_that_cannot_be_looked_up_waits_and_keeps_its_order() -> None:
    desk = Desk()
    changes = [
        *desk.observed(verdict(1)),
        *desk.observed(event(1, severity=Severity.HIGH)),
        *desk.observed(verdict(2, PASSED)),
    ]
    desk.store.busy = {"bucket-finding"}

    done = desk.run(stream(changes))

    assert done.retry == ["100", "102"]
    assert desk.sender.ids() == ["event-finding-1"]


def test_what_went_wrong_is_logged_without_what_findings_say() -> None:
    lines: list[str] = []

    class Lines:
        def write(self, text: str, /) -> None:
            lines.append(text)

    desk = Desk()
    desk.sender.refuses = lambda _: MessageRefusedError("sns:Publish failed (InvalidParameter)")
    done = desk.run(stream(desk.observed(event(1, reason="SECRET", severity=Severity.HIGH))))

    report(done, Telemetry("dispatch", Lines()))

    assert "InvalidParameter" in lines[0]
    assert '"SkippedTransitions": 1' in lines[-1]
    assert "SECRET" not in "".join(lines)
