import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.reporting.text import (
    Block,
    blocks,
    counted,
    day,
    grade,
    json_text,
    listed,
    one_line,
    percentage,
    visible_json,
)
from vedette.reporting.text_printable import printable

ANY_TEXT = st.text(st.characters(exclude_categories=()))
HARMFUL = ["\x1b[31m", "\x00", "\x9b", "\u202e", "\u2066", "\ud800", "\u200b", "\u2028", "\x7f"]


@pytest.mark.parametrize("harmful", HARMFUL, ids=ascii)
def test_what_drives_a_terminal_or_hides_text_becomes_visible(harmful: str) -> None:
    shown = printable(f"before {harmful} after")
    assert shown.isprintable()
    assert ascii(harmful[0])[1:-1] in shown


def test_letters_of_all_scripts_and_line_breaks_stay_as_they_are() -> None:
    assert printable("Grüße\n日本 שלום") == "Grüße\n日本 שלום"


@given(ANY_TEXT)
@settings(deadline=None)
def test_one_line_is_printable_whatever_comes(text: str) -> None:
    assert one_line(text).isprintable()


def test_one_line_is_cut_and_says_so() -> None:
    shown = one_line("x" * 64_000, 100)
    assert shown == f"{'x' * 100}… (64,000 characters)"


@given(st.dictionaries(ANY_TEXT, ANY_TEXT))
@settings(deadline=None)
def test_json_text_is_printable_and_keeps_every_value_that_utf_8_can_write(
    value: dict[str, str],
) -> None:
    text = json_text(dict(value))
    assert text.isprintable()
    if not any("\ud800" <= one <= "\udfff" for one in "".join([*value, *value.values()])):
        assert json.loads(text) == value


def test_a_lone_surrogate_becomes_text_that_every_reader_accepts() -> None:
    assert json.loads(visible_json('"\ud800"')) == "\\ud800"


def test_a_fix_is_split_into_paragraphs_and_commands() -> None:
    text = "switch it on.\n    aws a \\\n        --b\n    aws c\nThen look again."
    assert blocks(text) == (
        Block("switch it on.", code=False),
        Block("aws a \\\n    --b\naws c", code=True),
        Block("Then look again.", code=False),
    )


@pytest.mark.parametrize(
    ("score", "written"), [(None, "-"), (0.0, "0 %"), (99.9, "99 %"), (100.0, "100 %")]
)
def test_only_a_full_score_reads_100_percent(score: float | None, written: str) -> None:
    assert percentage(score) == written


@pytest.mark.parametrize(
    ("score", "name"), [(90, "good"), (89.9, "fair"), (70, "fair"), (69, "poor")]
)
def test_a_score_is_good_fair_or_poor(score: float, name: str) -> None:
    assert grade(score) == name


def test_days_are_written_in_utc() -> None:
    east = datetime(2026, 7, 9, 1, 0, tzinfo=timezone(timedelta(hours=2)))
    assert day(east) == day(datetime(2026, 7, 8, 23, 0, tzinfo=UTC)) == "8 July 2026"


def test_counts_and_lists_read_as_people_write_them() -> None:
    assert (counted(1, "rule"), counted(1_200, "rule")) == ("1 rule", "1,200 rules")
    assert listed(["a", "b"], 2) == "a, b"
    assert listed(["a", "b", "c"], 2) == "a, b and 1 more"
