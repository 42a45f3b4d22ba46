from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from vedette.aws.queues import Letter
from vedette.operations.redrive import CallFailedError, Redriven, redrive

ARN = "arn:aws:sqs:eu-west-1:123456789012:failed"


def letter(number: int, body: str = "{}", function: str = "detect") -> Letter:
    return Letter(id=f"m{number}", receipt=f"r{number}", body=body, notes={"for": function})


class FakeMailbox:
    """A queue: what was received is hidden until it is removed or released."""

    name, arn = "failed", ARN

    def __init__(self, letters: Sequence[Letter], at_once: int = 10) -> None:
        self.shown = list(letters)
        self.hidden: list[Letter] = []
        self._at_once = at_once

    def receive(self) -> Sequence[Letter]:
        received, self.shown = self.shown[: self._at_once], self.shown[self._at_once :]
        self.hidden += received
        return received

    def remove(self, letters: Sequence[Letter]) -> None:
        self.hidden = [one for one in self.hidden if one not in letters]

    def release(self, letters: Sequence[Letter]) -> None:
        self.remove(letters)
        self.shown += letters


class FakeFunctions:
    def __init__(self, answer: Callable[[Sequence[Mapping[str, Any]]], Any]) -> None:
        self._answer = answer
        self.calls: list[tuple[str, list[str]]] = []

    def function_of(self, letter: Letter) -> str | None:
        return letter.notes["for"] or None

    def call(self, function: str, event: Mapping[str, Any]) -> Any:
        records = event["Records"]
        self.calls.append((function, [one["messageId"] for one in records]))
        return self._answer(records)


def all_well(_: object) -> Any:
    return {"batchItemFailures": []}


def run(mailbox: FakeMailbox, functions: FakeFunctions, most: int = 1_000) -> Redriven:
    return redrive(mailbox, functions, most, lambda _done, _total, _doing: None)


def test_handled_messages_are_gone_and_counted() -> None:
    mailbox = FakeMailbox([letter(number) for number in range(25)])

    outcome = run(mailbox, FakeFunctions(all_well))

    assert (outcome.handled, outcome.failed) == (25, 0)
    assert not mailbox.shown
    assert not mailbox.hidden


def test_what_fails_again_is_shown_again_and_said() -> None:
    mailbox = FakeMailbox([letter(1), letter(2), letter(3)])
    functions = FakeFunctions(lambda _: {"batchItemFailures": [{"itemIdentifier": "m2"}]})

    outcome = run(mailbox, functions)

    assert (outcome.handled, outcome.failed) == (2, 1)
    assert outcome.reasons == ["m2: the function failed it again"]
    assert mailbox.shown == [letter(2)]
    assert not mailbox.hidden


def test_a_message_that_kills_the_function_takes_no_other_along() -> None:
    def dies(records: Sequence[Mapping[str, Any]]) -> Any:
        if any(one["body"] == "poison" for one in records):
            raise CallFailedError("Runtime exited")
        return {"batchItemFailures": []}

    mailbox = FakeMailbox([letter(1), letter(2, "poison"), letter(3)])

    outcome = run(mailbox, FakeFunctions(dies))

    assert (outcome.handled, outcome.failed) == (2, 1)
    assert outcome.reasons == ["m2: Runtime exited"]
    assert mailbox.shown == [letter(2, "poison")]


@pytest.mark.parametrize("answer", [None, "done", {}, {"batchItemFailures": None}, [1]])
def test_an_answer_that_does_not_say_what_failed_removes_nothing(answer: object) -> None:
    mailbox = FakeMailbox([letter(1), letter(2)])

    outcome = run(mailbox, FakeFunctions(lambda _: answer))

    assert (outcome.handled, outcome.failed) == (0, 2)
    assert len(mailbox.shown) == 2


def test_messages_go_to_the_functions_that_they_are_for() -> None:
    mailbox = FakeMailbox(
        [letter(1), letter(2, function="reevaluate"), letter(3), letter(4, "", "")]
    )
    functions = FakeFunctions(all_well)

    outcome = run(mailbox, functions)

    assert functions.calls == [("detect", ["m1", "m3"]), ("reevaluate", ["m2"])]
    assert outcome.reasons == ["m4: it does not say which rule it is of"]
    assert mailbox.shown == [letter(4, "", "")]


def test_no_more_than_asked_for_is_handed_over() -> None:
    mailbox = FakeMailbox([letter(number) for number in range(25)])

    outcome = run(mailbox, FakeFunctions(all_well), most=12)

    assert outcome.handled == 12
    assert len(mailbox.shown) == 13
    assert not mailbox.hidden


def test_a_message_that_comes_back_at_once_is_handed_over_once() -> None:
    class Eager(FakeMailbox):
        def receive(self) -> Sequence[Letter]:
            received = super().receive()
            self.shown += received
            return received

    functions = FakeFunctions(lambda _: {"batchItemFailures": [{"itemIdentifier": "m1"}]})

    outcome = run(Eager([letter(1)]), functions)

    assert outcome.failed == 1
    assert len(functions.calls) == 1


def test_no_call_is_larger_than_lambda_takes() -> None:
    mailbox = FakeMailbox([letter(number, "x" * 400_000) for number in range(6)])
    functions = FakeFunctions(all_well)

    outcome = run(mailbox, functions)

    assert outcome.handled == 6
    assert [len(ids) for _, ids in functions.calls] == [2, 2, 2]


def test_messages_are_shown_again_if_the_work_is_cut_short() -> None:
    def interrupted(_: object) -> Any:
        raise KeyboardInterrupt

    mailbox = FakeMailbox([letter(1)])

    with pytest.raises(KeyboardInterrupt):
        run(mailbox, FakeFunctions(interrupted))

    assert mailbox.shown == [letter(1)]


def test_the_function_gets_what_sqs_would_hand_it() -> None:
    records: list[Mapping[str, Any]] = []

    def noting(several: Sequence[Mapping[str, Any]]) -> Any:
        records.extend(several)
        return {"batchItemFailures": []}

    run(FakeMailbox([letter(1, '{"a": 1}')]), FakeFunctions(noting))

    (record,) = records
    assert record["messageId"] == "m1"
    assert record["body"] == '{"a": 1}'
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == ARN
    assert record["awsRegion"] == "eu-west-1"
