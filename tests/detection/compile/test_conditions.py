from itertools import product

import pytest

from tests.detection.compile.sigma_texts import rule_of
from vedette.detection.match.naive import matches

SELECTIONS = """
sel_a: {a: 1}
sel_b: {b: 1}
other: {c: 1}
_hidden: {d: 1}
"""
# A condition, and what it means in Python.
CONDITIONS = [
    ("sel_a", "a"),
    ("sel_a and sel_b", "a and b"),
    ("sel_a or sel_b and other", "a or (b and c)"),
    ("(sel_a or sel_b) and other", "(a or b) and c"),
    ("not sel_a", "not a"),
    ("not (sel_a and sel_b)", "not (a and b)"),
    ("sel_a and not sel_b", "a and not b"),
    ("not not sel_a", "a"),
    ("((sel_a))", "a"),
    ("1 of sel_*", "a or b"),
    ("any of sel_*", "a or b"),
    ("all of sel_*", "a and b"),
    ("1 of them", "a or b or c"),
    ("all of them", "a and b and c"),
    ("all of them and _hidden", "a and b and c and d"),
    ("1 of _*", "d"),
    ("1 of *er", "c"),
    ("not 1 of them", "not (a or b or c)"),
    ("1 of other", "c"),
    ("[sel_a and sel_b, other]", "(a and b) or c"),
]


@pytest.mark.parametrize(("condition", "meaning"), CONDITIONS)
def test_a_condition_means_what_sigma_says(condition: str, meaning: str) -> None:
    rule = rule_of(f"{SELECTIONS}condition: {condition}")
    for values in product([0, 1], repeat=4):
        record = dict(zip("abcd", values, strict=True))
        expected = bool(eval(meaning, {}, record))  # noqa: S307 - It is written above.
        assert matches(rule, record) is expected, record


def test_a_selection_that_starts_like_an_operator_is_one_name() -> None:
    rule = rule_of("notes: {a: 1}\nandroid: {b: 1}\ncondition: notes and not android")
    assert matches(rule, {"a": 1})
    assert not matches(rule, {"a": 1, "b": 1})


def test_the_entries_of_a_mapping_all_hold_and_of_a_list_any() -> None:
    rule = rule_of("one: [{a: 1, b: 1}, {c: 1}]\ncondition: one")
    assert [matches(rule, one) for one in ({"a": 1}, {"a": 1, "b": 1}, {"c": 1})] == [
        False,
        True,
        True,
    ]


def test_a_list_may_mix_mappings_and_keywords() -> None:
    rule = rule_of("one: [needle, {a: 1}]\ncondition: one")
    assert matches(rule, {"x": "a needle in it"})
    assert matches(rule, {"a": 1})
    assert not matches(rule, {"a": 2})
