from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from vedette.resources.facts import (
    NOT_COLLECTED,
    Fact,
    UnreadableFactError,
    known,
    transformed,
    why_unreadable,
)

DENIED = Fact.unreadable("AccessDenied")
ADAPTERS: list[tuple[TypeAdapter[Fact[object]], object]] = [
    (TypeAdapter(Fact[int]), 7),
    (TypeAdapter(Fact[str | None]), None),
    (TypeAdapter(Fact[tuple[str, ...]]), ("a", "b")),
    (TypeAdapter(Fact[frozenset[str]]), frozenset({"a"})),
    (TypeAdapter(Fact[datetime]), datetime(2026, 1, 2, tzinfo=UTC)),
    (TypeAdapter(Fact[dict[str, str]]), {"unreadable": "is only a key here"}),
]


def test_known_opens_what_was_read() -> None:
    assert known(Fact.of(False)) is False


def test_known_refuses_what_was_not_read_and_says_why() -> None:
    with pytest.raises(UnreadableFactError, match="AccessDenied"):
        known(DENIED)


def test_a_fact_that_nobody_asked_for_says_so() -> None:
    assert why_unreadable(NOT_COLLECTED) == "not collected"


def test_a_fact_does_not_equal_its_value() -> None:
    assert Fact.of(1) != Fact.of(1)


def test_a_fact_cannot_be_iterated() -> None:
    with pytest.raises(TypeError):
        iter(Fact.of([1]))  # type: ignore[call-overload]


def test_a_fact_cannot_be_changed() -> None:
    fact = Fact.of(1)

    with pytest.raises(AttributeError):
        fact.anything = 2


def test_a_transformed_fact_holds_the_new_value() -> None:
    assert known(transformed(Fact.of("ab"), len)) == 2


def test_a_transformed_unreadable_fact_keeps_its_reason() -> None:
    assert why_unreadable(transformed(DENIED, len)) == "AccessDenied"


@pytest.mark.parametrize(("adapter", "value"), ADAPTERS)
def test_a_fact_survives_json_whatever_its_type(
    adapter: TypeAdapter[Fact[object]], value: object
) -> None:
    again = adapter.validate_json(adapter.dump_json(Fact.of(value)))

    assert known(again) == value


@pytest.mark.parametrize(("adapter", "value"), ADAPTERS)
def test_an_unreadable_fact_survives_json_whatever_its_type(
    adapter: TypeAdapter[Fact[object]], value: object
) -> None:
    again = adapter.validate_json(adapter.dump_json(DENIED))

    assert why_unreadable(again) == "AccessDenied"


@given(st.dictionaries(st.text(), st.text()))
def test_no_content_of_a_fact_is_taken_for_a_reason(value: dict[str, str]) -> None:
    adapter = TypeAdapter(Fact[dict[str, str]])

    assert known(adapter.validate_json(adapter.dump_json(Fact.of(value)))) == value


@pytest.mark.parametrize("stored", ['{"known": "x"}', '{"known": 1, "unreadable": "x"}', "{}", "1"])
def test_what_is_no_stored_fact_is_refused(stored: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Fact[int]).validate_json(stored)


def test_a_value_of_the_wrong_type_is_refused_in_python_too() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Fact[int]).validate_python(Fact.of("many"))
