import pickle

import pytest

from tests.detection.correlate.correlations import (
    at_least,
    burst,
    compiled,
    correlation,
    event,
    judged,
    summary,
    tell,
)
from vedette.detection.correlate import batch as limits
from vedette.detection.correlate.correlator import Correlator
from vedette.detection.correlate.plan import plan_of
from vedette.detection.correlate.store import HitStore, MemoryStore, NothingStored

THREE = correlation(threshold=at_least(3), group_by=("user",))


def test_a_batch_travels_to_another_process() -> None:
    plan = plan_of(compiled(THREE))
    here, there = Correlator(plan), Correlator(plan)
    tell(here, burst(2, 0, user="u"))
    tell(there, burst(2, 2, user="u"))

    here.batch.join(pickle.loads(pickle.dumps(there.batch)))  # noqa: S301 - our own

    assert summary(here.finish().matches) == [("correlation", 2, 3, 4)]


def test_beyond_the_limit_the_quietest_groups_are_judged_early_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MOST_GROUPS", 50)
    quiet = burst(3, 0, user="u")
    crowd = [event(f"c{n}", 100 + n, user=f"v{n}") for n in range(500)]

    found = judged(compiled(THREE), [*quiet, *crowd])

    assert [one.group for one in found.matches] == [(("user", "u"),)]
    assert found.problems[0].startswith("Correlations keep 1,000,000 hits in 50 groups.")


def test_a_group_that_alone_exceeds_the_limit_is_told_in_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MOST_HITS", 100)

    found = judged(compiled(THREE), burst(250, 0, user="u"))

    assert sum(one.event_count for one in found.matches) == 250
    assert len(found.matches) > 1
    assert found.problems


def test_details_are_kept_in_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_DETAILS", 2)

    found = judged(compiled(THREE), burst(4, 0, user="u"))

    assert len(found.matches[0].details) == 2
    assert found.problems == ("2 correlated events are told by their ids alone.",)


@pytest.mark.parametrize("store", [MemoryStore(), NothingStored()], ids=["memory", "nothing"])
def test_a_store_returns_at_least_what_it_is_given(store: HitStore) -> None:
    assert store.add("rule", ("g",), {b"1", b"2"}) == {b"1", b"2"}
    assert store.add("rule", ("g",), {b"2", b"3"}) >= {b"2", b"3"}
    assert store.add("rule", ("h",), {b"4"}) == {b"4"}


def test_a_store_of_its_own_joins_batches() -> None:
    correlator, store = Correlator(plan_of(compiled(THREE))), MemoryStore()
    tell(correlator, burst(2, 0, user="u"))
    assert correlator.finish(store).matches == ()
    tell(correlator, [event("late", 2, user="u")])
    assert summary(correlator.finish(store).matches) == [("correlation", 2, 2, 3)]
    tell(correlator, [event("much later", 900, user="u")])
    assert correlator.finish(store).matches == ()
