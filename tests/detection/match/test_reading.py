import pytest

from vedette.detection.match.reading import read, values_at
from vedette.detection.text import text_of

CASES: list[tuple[str, object, list[object]]] = [
    ("a", {"a": 1}, [1]),
    ("a", {"b": 1}, []),
    ("a", {"a": None}, [None]),
    ("a.b", {"a": {"b": 1}}, [1]),
    ("a.b", {"a": None}, []),
    ("a.b", {"a": "text"}, []),
    ("a.b", {"a": [{"b": 1}, {"c": 2}, {"b": 3}, 5]}, [1, 3]),
    ("a.b", {"a": [[{"b": 1}]]}, [1]),
    ("a.b", {"a": {"b": [1, 2]}}, [[1, 2]]),
    ("a.b.c", {"a": {"b.c": 1}}, [1]),
    ("a.b.c", {"a": {"b.c": 1, "b": {"c": 2}}}, [1, 2]),
    ("a.b.c.d", {"a": {"b.c": {"d": 1}, "b": {"c.d": 2}, "b.c.d": 3}}, [1, 2, 3]),
    ("a.b.c", {"a": [{"b.c": 1}, {"b": [{"c": 2}]}]}, [1, 2]),
    ("a.b", {"a.b": 1}, []),
    ("requestParameters.x-amz-acl", {"requestParameters": {"x-amz-acl": "public"}}, ["public"]),
]


@pytest.mark.parametrize(("field", "record", "expected"), CASES)
def test_a_name_leads_to_values(
    field: str, record: dict[str, object], expected: list[object]
) -> None:
    assert sorted(values_at(record, field), key=repr) == expected


def test_lists_count_as_their_entries_and_objects_are_searched() -> None:
    reading = read({"a": [1, [None, "x"], {"b": {"c": ["y", None]}}]}, "a")
    assert sorted(reading.texts) == ["1", "x", "y"]
    assert reading.has_null, "of the list, not of the object"


def test_a_null_inside_an_object_does_not_make_the_field_null() -> None:
    reading = read({"a": {"b": None}}, "a")
    assert reading.is_present
    assert not reading.has_null
    assert reading.scalars == []


def test_an_empty_list_is_present_and_holds_nothing() -> None:
    reading = read({"a": []}, "a")
    assert (reading.is_present, reading.has_null, reading.scalars) == (True, False, [])


def test_without_a_field_the_whole_record_is_searched() -> None:
    assert sorted(read({"a": 1, "b": [{"c": True}]}, None).texts) == ["1", "true"]


def test_a_derived_field_is_computed_and_never_read_from_the_record() -> None:
    record = {"vedette": {"country": "XX"}, "vedette.country": "XX"}
    assert not read(record, "vedette.country").is_present
    derived = read(record, "vedette.country", {"vedette.country": lambda record: "NL"})
    assert derived.texts == ["NL"]


def test_a_derivation_that_knows_nothing_leaves_the_field_absent() -> None:
    assert not read({}, "vedette.country", {"vedette.country": lambda record: None}).is_present


def test_numbers_and_truths_have_the_text_that_one_would_write() -> None:
    assert [text_of(one) for one in (5, 5.0, 0.5, 1e30, True, False, -0.0)] == [
        "5",
        "5",
        "0.5",
        "1e+30",
        "true",
        "false",
        "0",
    ]


def test_a_record_nested_ten_thousand_deep_is_read() -> None:
    deep: object = "bottom"
    for _ in range(10_000):
        deep = {"a": [deep]}
    assert read({"a": deep}, "a").texts == ["bottom"]
    assert read({"x": deep}, "x.a.a.a").texts == ["bottom"]
