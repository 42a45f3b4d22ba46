"""Policies written to keep us busy; each bound is far above what the analysis needs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.resources.policy.policies import OWNER, allow, deny, policy, public
from vedette.resources.policy.exposure import find_exposure
from vedette.resources.policy.matching import glob_covers, glob_matches, glob_overlaps
from vedette.resources.policy.privileges import escalation_paths, is_administrator

STARS = "*a" * 32_000
MARKS = "?a*" * 20_000
SECONDS = 10.0


@contextmanager
def bounded_time() -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize("pattern", [STARS, MARKS, STARS + "?", "*" * 64_000 + "b"])
def test_long_patterns_are_compared_in_bounded_time(pattern: str) -> None:
    with bounded_time():
        assert not glob_matches(pattern + "b", "a" * 64_000)
        assert not glob_overlaps(pattern + "b", pattern + "c")
        assert not glob_covers(pattern + "b", pattern + "c")


@pytest.mark.parametrize("count", [700, 4_900])
@pytest.mark.parametrize("form", ["*a{}b*c", "?a{}*", "*?a?{}*"])
def test_thousands_of_patterns_are_analysed_in_bounded_time(count: int, form: str) -> None:
    patterns = [form.format(number) for number in range(count)]
    document = policy(public(patterns), deny([f"{one}d" for one in patterns], ["*"], Principal="*"))

    with bounded_time():
        found = find_exposure(document, owner=OWNER)
        assert found.anyone_may(patterns[0].replace("*", "s3:").replace("?", "x"))
        assert escalation_paths([document]) == ()
        assert not is_administrator(document)


def test_thousands_of_principals_and_denials_are_analysed_in_bounded_time() -> None:
    accounts = [f"{number:012}" for number in range(7_000)]
    actions = [f"s3:Get{number}" for number in range(900)]
    denials = [deny(f"{one}*", ["*"], Principal="*") for one in actions]
    document = policy(allow(actions, Principal={"AWS": accounts}), *denials)

    with bounded_time():
        assert len(find_exposure(document, owner=OWNER).foreign_accounts) == len(accounts)


def test_pieces_that_are_too_many_for_the_principals_stay_whole() -> None:
    actions = [f"s3:Get{number}" for number in range(600)]
    denials = [deny(one, ["*"], Principal="*") for one in actions]

    def foreign(accounts: int) -> int:
        named = [f"{number:012}" for number in range(accounts)]
        document = policy(allow(actions, Principal={"AWS": named}), *denials)
        return len(find_exposure(document, owner=OWNER).foreign_accounts)

    assert foreign(3) == 0
    assert foreign(300) == 300


def test_denials_that_are_too_many_to_compare_leave_the_grant_public() -> None:
    denials = [deny(f"s3:x{number}*", ["*"], Principal="*") for number in range(1_900)]
    long = [f"s3:{'x' * 60_000}{number}" for number in range(5)]

    assert not find_exposure(policy(public("s3:x1"), *denials), owner=OWNER).public
    assert find_exposure(policy(public(["s3:x1", *long]), *denials), owner=OWNER).public
