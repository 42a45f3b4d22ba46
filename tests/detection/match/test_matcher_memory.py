"""What the class matcher works out beforehand and remembers: it must not change any answer."""

from typing import Any

from msgspec.structs import replace

from tests.detection.compile.sigma_texts import rule_of
from tests.detection.match.matching import ALICE, BIG, ROOT, STOP, file, found, matcher, record
from vedette.detection.ir import Not, Text
from vedette.detection.match.columns import Limits
from vedette.detection.match.reading import Dependence


def test_a_derived_field_is_computed_only_for_what_may_match() -> None:
    asked: list[str] = []

    def country(one: Any) -> str:
        asked.append(one["eventName"])
        return "NL"

    rule = rule_of("sel: {eventName: StopLogging, vedette.source.country: NL}\ncondition: sel")
    derivations = {"vedette.source.country": country}
    scan = matcher(rule, derivations=derivations).scan(file(record(), record("StopLogging")))
    assert found(scan) == [(1, [0])]
    assert asked == ["StopLogging"]


def test_a_derived_field_of_one_member_is_computed_once_for_each_of_its_values() -> None:
    asked: list[str] = []

    def country(one: Any) -> str:
        asked.append(one["sourceIPAddress"])
        return "NL"

    rule = rule_of("sel: {vedette.source.country: NL}\ncondition: sel")
    quick = matcher(
        rule,
        derivations={"vedette.source.country": country},
        dependences={"vedette.source.country": Dependence(reads=frozenset({"sourceIPAddress"}))},
    )
    assert len(found(quick.scan(file(*[record()] * 50)))) == 50
    assert asked == ["10.0.0.1"]


def test_a_derived_field_is_not_computed_where_it_is_known_to_be_absent() -> None:
    asked: list[str] = []

    def policy(one: Any) -> bool | None:
        asked.append(one["requestParameters"]["text"])
        return True if "Statement" in asked[-1] else None

    opens = rule_of("sel: {vedette.policy.unreadable: true}\ncondition: sel")
    absent = rule_of(
        "sel: {eventName: PutKeyPolicy, vedette.policy.unreadable: null}\ncondition: sel"
    )
    known = Dependence(
        reads=frozenset({"requestParameters"}),
        only_if=Not(Text("readOnly", "is", ("true",))),
        glance=lambda name, parameters: b"Statement" in parameters,
    )
    quick = matcher(
        opens,
        absent,
        derivations={"vedette.policy.unreadable": policy},
        dependences={"vedette.policy.unreadable": known},
    )
    records = [
        record("PutKeyPolicy", readOnly=False, requestParameters={"text": "Statement"}),
        record("PutKeyPolicy", readOnly=False, requestParameters={"text": "none"}),
        record("GetKeyPolicy", readOnly=False, requestParameters={"text": "nothing"}),
        record("GetKeyPolicy", readOnly=True, requestParameters={"text": "a Statement"}),
    ]
    assert found(quick.scan(file(*records))) == [(0, [0]), (1, [1])]
    assert set(asked) == {"Statement", "none"}


def test_a_rule_that_its_decoded_members_decide_is_right_also_for_odd_members() -> None:
    rule = rule_of("sel: {requestParameters.a.b: x}\ncondition: sel")
    parameters = [{"a": {"b": "x"}}, {"a.b": "x"}, {"a": [{"b": ["x"]}]}, None, "x", [], {"a": 1}]
    records = [record(requestParameters=one) for one in parameters]
    assert found(matcher(rule).scan(file(*records, record()))) == [(0, [0]), (1, [0]), (2, [0])]


def test_what_quiets_a_match_is_named() -> None:
    rule = replace(STOP, quieted_by=("alice", "big"))
    bob = {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/bob"}
    records = [
        record("StopLogging"),
        record("StopLogging", userIdentity=bob),
        record("StopLogging", userIdentity=bob, requestParameters={"size": "big"}),
        record("StopLogging", requestParameters={"size": "big"}),
    ]
    for quick in (
        matcher(rule, ROOT, exclusions=[ALICE, BIG]),
        matcher(rule, exclusions=[ALICE, BIG]),
    ):
        hits = list(quick.scan(file(*records)))
        quieted = [hit.rules[0].quieted_by for hit in hits]
        assert quieted == [("alice",), (), ("big",), ("alice", "big")]
        assert [quick.matches_on(one)[0].quieted_by for one in records] == quieted


def test_memory_stays_bounded_and_answers_right_when_it_is_full() -> None:
    limits = Limits(
        batch=16, events=20, identities=20, values=20, values_of_a_field=5, programs=20, classes=20
    )
    agents = [f"tool-{number}" for number in range(200)]
    rules = [rule_of(f"sel: {{userAgent: {agent}, x: 1}}\ncondition: sel") for agent in agents]
    quick = matcher(*rules, limits=limits)
    records = [
        record(f"Event{number}", userAgent=agent, userIdentity={"type": str(number)}, x=1)
        for number, agent in enumerate(agents)
    ]
    expected = [(number, [number]) for number in range(200)]
    for _ in range(3):
        assert found(quick.scan(file(*records))) == expected
    columns = quick._classifier._columns  # noqa: SLF001
    sizes = [len(one) for column in columns for one in (column.memory, column.memory.classes)]
    assert max(sizes) <= 20 + 16


def test_values_of_any_length_are_matched_and_not_remembered() -> None:
    rule = rule_of("sel: {userAgent|contains: evil}\ncondition: sel")
    quick = matcher(rule)
    records = [record(userAgent="x" * 100_000 + f"evil{number}") for number in range(5)]
    assert len(found(quick.scan(file(*records)))) == 5
    assert sum(len(column.memory) for column in quick._classifier._columns[1:]) == 0  # noqa: SLF001
