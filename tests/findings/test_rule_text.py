import pytest

from vedette.findings.rule_text import RuleTextError, parse_rule_text

PAGE = """Bucket is closed.

Why: an open bucket
is read by everyone.
Fix: close it.

    aws s3api close --bucket NAME

Then look again.
Note: websites stop.
"""


def test_a_docstring_becomes_title_and_sections() -> None:
    text = parse_rule_text(PAGE)

    assert text.title == "Bucket is closed"
    assert text.why == "an open bucket is read by everyone."
    assert text.note == "websites stop."


def test_commands_keep_their_lines() -> None:
    lines = parse_rule_text(PAGE).fix.splitlines()

    assert lines[0] == "close it."
    assert "    aws s3api close --bucket NAME" in lines
    assert lines[-1] == "Then look again."


def test_a_note_may_be_left_out() -> None:
    assert parse_rule_text("T\n\nWhy: w\nFix: f").note == ""


@pytest.mark.parametrize(
    ("docstring", "what"),
    [
        (None, "title"),
        ("", "title"),
        ("Two\nlines\n\nWhy: x\nFix: y", "one line"),
        ("T\n\nBecause: lost\n\nWhy: x\nFix: y", "one line"),
        ("T\n\nFix: y", "Why"),
        ("T\n\nWhy: x", "Fix"),
        ("T\n\nWhy:\n\nFix: y", "Why"),
    ],
)
def test_what_is_missing_is_named(docstring: str | None, what: str) -> None:
    with pytest.raises(RuleTextError, match=what):
        parse_rule_text(docstring)
