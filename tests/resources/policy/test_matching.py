from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.resources.policy.matching import (
    Patterns,
    glob_covers,
    glob_matches,
    glob_overlaps,
)

PATTERNS = st.text("ab*?", max_size=5)
TEXTS = ["".join(letters) for length in range(8) for letters in product("ab", repeat=length)]
TEXTS_OF_THREE = ["".join(letters) for n in range(7) for letters in product("abc", repeat=n)]


def naive_match(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(naive_match(pattern[1:], text[cut:]) for cut in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and naive_match(pattern[1:], text[1:])


@settings(max_examples=500, deadline=None)
@given(PATTERNS, st.text("ab", max_size=7))
def test_a_pattern_matches_as_the_naive_definition_says(pattern: str, text: str) -> None:
    assert glob_matches(pattern, text) == naive_match(pattern, text)


@settings(deadline=None)
@given(st.text("ab*?", max_size=4), st.text("ab*?", max_size=4))
def test_two_patterns_overlap_exactly_if_some_text_matches_both(one: str, other: str) -> None:
    witness = any(glob_matches(one, text) and glob_matches(other, text) for text in TEXTS)
    assert glob_overlaps(one, other) == witness


@settings(deadline=None)
@given(PATTERNS, PATTERNS)
def test_a_pattern_that_covers_another_matches_all_of_its_texts(wide: str, narrow: str) -> None:
    if glob_covers(wide, narrow):
        matched = [text for text in TEXTS_OF_THREE if glob_matches(narrow, text)]
        assert all(glob_matches(wide, text) for text in matched)


@settings(deadline=None)
@given(st.text("ab*", max_size=5), st.text("ab*", max_size=5))
def test_without_question_marks_coverage_is_exact(wide: str, narrow: str) -> None:
    # "c" stands for every letter that the wide pattern does not name.
    every = all(glob_matches(wide, text) for text in TEXTS_OF_THREE if glob_matches(narrow, text))
    assert glob_covers(wide, narrow) == every


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("arn:aws:s3:::ledger/*", "arn:aws:s3:::ledger/2026/01.csv"),
        ("arn:aws:s3:::ledger*", "arn:aws:s3:::ledger"),
        ("s3:*Object", "s3:GetObject"),
        ("*", ""),
        ("?", "*"),
    ],
)
def test_wildcards_span_colons_and_slashes(pattern: str, text: str) -> None:
    assert glob_matches(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("a*a", "a"), ("ab*b?", "abb"), ("s3:Get*", "s3:PutObject"), ("", "a"), ("a*b*c", "acb")],
)
def test_the_ends_of_a_pattern_do_not_share_letters(pattern: str, text: str) -> None:
    assert not glob_matches(pattern, text)


def actions(*texts: str, negated: bool = False) -> Patterns:
    return Patterns(texts=texts, negated=negated, ignores_case=True)


def test_actions_ignore_case_and_resources_do_not() -> None:
    assert actions("S3:getobject").matches("s3:GetObject")
    assert actions("S3:GET*").matches("s3:GetObject")
    assert not Patterns(texts=("arn:aws:s3:::Ledger",)).matches("arn:aws:s3:::ledger")


def test_a_negated_set_is_everything_else() -> None:
    but_iam = actions("iam:*", "sts:AssumeRole", negated=True)

    assert but_iam.matches("s3:GetObject")
    assert not but_iam.matches("IAM:CreateUser")
    assert but_iam.covers("s3:*")
    assert not but_iam.covers("sts:*")
    assert but_iam.overlaps("sts:*")
    assert not but_iam.overlaps("iam:Create*")


def test_one_set_includes_another_whichever_is_negated() -> None:
    assert actions("s3:*", "sqs:*").includes(actions("s3:Get*", "sqs:SendMessage"))
    assert not actions("s3:*").includes(actions("s3:Get*", "sqs:SendMessage"))
    assert actions("iam:Get*", negated=True).includes(actions("iam:*", negated=True))
    assert not actions("iam:*", negated=True).includes(actions("iam:Get*", negated=True))
    assert actions("*").includes(actions("iam:*", negated=True))
    assert not actions("s3:*").includes(actions("iam:*", negated=True))


def test_policy_variables_become_wildcards() -> None:
    home = Patterns(texts=("arn:aws:s3:::homes/${aws:username}/*",))

    assert home.without_variables().texts == ("arn:aws:s3:::homes/*/*",)
    assert not home.matches("arn:aws:s3:::homes/ada/notes")
    assert home.without_variables().matches("arn:aws:s3:::homes/ada/notes")
