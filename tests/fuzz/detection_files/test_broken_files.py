"""Whatever stands in a log file: no crash, no hang, bounded memory, and the same answers."""

import gzip
import random
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz.detection_files.mutations import broken
from vedette.aws.demo.attack import attack
from vedette.detection.catalogue import load_detection_rules
from vedette.detection.derive.fields import derivations
from vedette.detection.derive.settings import DerivationSettings
from vedette.detection.event.files import content_of
from vedette.detection.event.records import Shape, records, shape_of
from vedette.detection.ir import CompiledRules, fields_read
from vedette.detection.match.matcher import RuleMatcher
from vedette.detection.match.naive import matches
from vedette.detection.match.sources import NotRecordsError

FILES = 400
RECORDS = 12
SLOWEST = 5.0
LIMIT = 4 * 1024 * 1024
MOST_MEMORY = 64 * 1024 * 1024
STORY = attack("111122223333", datetime(2026, 9, 1, 8, tzinfo=UTC))


@pytest.fixture(scope="module")
def compiled() -> CompiledRules:
    return load_detection_rules().compiled


@pytest.fixture(scope="module")
def derived(compiled: CompiledRules) -> dict[str, Any]:
    names = {name for rule in compiled.rules for name in fields_read(rule)}
    return derivations(sorted(names), DerivationSettings())


@pytest.fixture(scope="module")
def matcher(compiled: CompiledRules, derived: dict[str, Any]) -> RuleMatcher:
    return RuleMatcher(compiled, derived)


def files(seed: int) -> Iterator[bytes]:
    source = random.Random(seed)  # noqa: S311 - chance, not secrecy
    for _ in range(FILES):
        yield broken(source, source.sample(STORY, RECORDS))


def hunted(stored: bytes, matcher: RuleMatcher) -> int:
    """Go through a file as the hunt does, and count what matches."""
    problems: list[str] = []
    content = content_of(stored, "fuzzed", LIMIT)
    if content.body is None:
        assert content.problem
        return 0
    found = 0
    if shape_of(content.body) is not Shape.OTHER:
        try:
            scan = matcher.scan(content.body)
        except NotRecordsError:
            pass
        else:
            return sum(len(hit.rules) for hit in scan)
    for record in records(content, problems.append):
        found += len(matcher.matches_on(record))
    assert len(problems) <= 10
    return found


@pytest.mark.parametrize("seed", range(4))
def test_broken_files_neither_crash_nor_hang(seed: int, matcher: RuleMatcher) -> None:
    found = 0
    for number, stored in enumerate(files(seed)):
        started = time.process_time()
        found += hunted(stored, matcher)
        assert time.process_time() - started < SLOWEST, f"file {number} of seed {seed}"
    assert found, "nothing matched at all, so that nothing was tried"


def test_the_matcher_answers_as_the_naive_one_on_broken_records(
    compiled: CompiledRules, derived: dict[str, Any], matcher: RuleMatcher
) -> None:
    compared = 0
    for stored in list(files(11))[:60]:
        for record in records(content_of(stored, "fuzzed", LIMIT), lambda _: None):
            fast = {hit.rule for hit in matcher.matches_on(record)}
            slow = {n for n, one in enumerate(compiled.rules) if matches(one, record, derived)}
            assert fast == slow, record
            compared += 1
    assert compared > 100


def test_memory_stays_bounded(matcher: RuleMatcher) -> None:
    everything = list(files(23))
    tracemalloc.start()
    for stored in everything:
        hunted(stored, matcher)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MOST_MEMORY


def test_a_bomb_is_refused_before_it_is_kept(tmp_path: Path) -> None:
    bomb = gzip.compress(b" " * (64 * 1024 * 1024), 9)
    tracemalloc.start()
    content = content_of(bomb, "bomb", LIMIT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert content.body is None
    assert content.problem is not None
    assert "decompresses to more than" in content.problem
    assert peak < 8 * LIMIT
