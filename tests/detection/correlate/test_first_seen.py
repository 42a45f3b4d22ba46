from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detection.correlate.correlations import (
    at_least,
    compiled,
    correlation,
    event,
    rule,
    tell,
)
from tests.detection.correlate.naive_correlation import Event
from vedette.detection.correlate import batch
from vedette.detection.correlate.baseline import (
    Baseline,
    BaselineError,
    from_json,
    learned,
    to_json,
)
from vedette.detection.correlate.correlator import Correlator
from vedette.detection.correlate.memory import thinned
from vedette.detection.correlate.plan import plan_of
from vedette.detection.ir import CompiledRules

DAY = 86_400
PRINCIPAL = "vedette.principal"


def watching(**settings: Any) -> CompiledRules:
    given = {"fields": ["country"], "look_back": "30d", "learning": "7d"} | settings
    return compiled(rules=[rule("a", first_seen=given)])


def login(day: float, country: str, who: str = "alice") -> Event:
    return event(f"{who}-{day}-{country}", int(day * DAY), country=country, **{PRINCIPAL: who})


def found(
    rules: CompiledRules, *told: Event, since: float = 0, baseline: Baseline | None = None
) -> list[tuple[float, str]]:
    """Return the day and the last group value of each match."""
    correlator = Correlator(plan_of(rules), baseline)
    correlator.saw(int(since * DAY))
    tell(correlator, told)
    return [(one.time / DAY, one.group[-1][1]) for one in correlator.finish().matches]


def test_a_value_is_new_once_for_each_principal() -> None:
    told = [
        login(1, "FR"),
        login(9, "FR"),
        login(10, "BR"),
        login(11, "BR"),
        login(12, "FR", who="bob"),
    ]

    assert found(watching(), *told) == [(10, "BR"), (12, "FR")]


def test_with_principal_false_a_value_is_new_once_for_everybody() -> None:
    told = [login(1, "FR"), login(10, "BR"), login(12, "FR", who="bob"), login(13, "BR", who="bob")]

    assert found(watching(principal=False), *told) == [(10, "BR")]


def test_nothing_matches_until_learning_is_over() -> None:
    told = [login(1, "FR"), login(6.9, "BR"), login(7, "JP")]

    assert found(watching(), *told) == [(7, "JP")]
    assert found(watching(), *told, since=3) == []


def test_a_value_that_was_gone_for_longer_than_the_look_back_is_new_again() -> None:
    told = [login(1, "FR"), login(31, "FR"), login(61.5, "FR")]

    assert found(watching(), *told) == [(61.5, "FR")]


def test_a_value_is_a_combination_of_fields() -> None:
    rules = watching(fields=["country", "agent"])
    told = [
        event("1", 1 * DAY, country="FR", agent="cli", **{PRINCIPAL: "a"}),
        event("2", 9 * DAY, country="FR", agent="web", **{PRINCIPAL: "a"}),
        event("3", 10 * DAY, country="FR", **{PRINCIPAL: "a"}),
        event("4", 10 * DAY, country="FR", agent="web"),
    ]

    assert found(rules, *told) == [(9, "web")]


def test_a_correlation_may_count_what_is_new() -> None:
    several = correlation(
        id="several", rules=("a",), threshold=at_least(2), group_by=(PRINCIPAL,), timespan=DAY
    )
    rules = CompiledRules(rules=watching().rules, correlations=(several,))
    told = [login(1, "FR"), login(9, "BR"), login(9.1, "BR"), login(9.2, "JP"), login(9.3, "JP")]
    correlator = Correlator(plan_of(rules))
    tell(correlator, told)

    matches = [one for one in correlator.finish().matches if one.rule == "several"]

    assert [(round(one.time / DAY, 3), one.event_count) for one in matches] == [(9.2, 2)]


days = st.lists(
    st.tuples(
        st.integers(0, 200), st.sampled_from(["FR", "BR"]), st.sampled_from(["alice", "bob"])
    ),
    max_size=25,
)


def naive(
    told: list[tuple[int, str, str]], look_back: int, learning: int
) -> list[tuple[float, str]]:
    news = {
        (day, country, who)
        for day, country, who in told
        if day >= learning
        and not any(
            (other, whom) == (country, who) and day - look_back <= earlier < day
            for earlier, other, whom in told
        )
    }
    return sorted((float(day), country) for day, country, _ in news)


@pytest.mark.parametrize("thin_from", [1, 3, 64])
@settings(deadline=None)
@given(days, st.integers(1, 60), st.integers(1, 30), st.data())
def test_any_order_and_repetition_gives_the_same_news(
    thin_from: int,
    raw: list[tuple[int, str, str]],
    look_back: int,
    learning: int,
    data: st.DataObject,
) -> None:
    told = [login(*one) for one in data.draw(st.permutations(raw + raw[:3]))]
    rules = watching(look_back=f"{look_back}d", learning=f"{learning}d")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "_THIN_FROM", thin_from)
        assert sorted(found(rules, *told)) == naive(raw, look_back, learning)


def test_a_value_that_occurs_all_the_time_takes_little_room() -> None:
    correlator = Correlator(plan_of(watching()))
    tell(correlator, [login(hour / 24, "FR") for hour in range(5_000)])

    assert correlator.batch.hits < 200


@settings(deadline=None)
@given(st.lists(st.integers(0, 300), max_size=40), st.integers(1, 50), st.integers(0, 400))
def test_what_is_thinned_out_makes_no_difference(
    times: list[int], look_back: int, asked: int
) -> None:
    kept = list(thinned(times, look_back))

    def is_known(known: list[int]) -> bool:
        return any(asked - look_back <= one < asked for one in known)

    def is_new(known: list[int], time: int) -> bool:
        return not any(time - look_back <= one < time for one in known)

    assert set(kept) <= set(times)
    assert [one for one in sorted(set(times)) if is_new(times, one)] == [
        one for one in kept if is_new(kept, one)
    ]
    if asked > max(times, default=0):
        assert is_known(kept) == is_known(times)


def test_many_sightings_are_remembered_by_few() -> None:
    assert len(list(thinned(range(0, 365 * DAY, 3_600), 30 * DAY))) < 16


def baseline_of(rules: CompiledRules, *told: Event) -> Baseline:
    correlator = Correlator(plan_of(rules))
    tell(correlator, told)
    return learned(plan_of(rules), correlator.batch)


def test_a_baseline_replaces_the_learning_period() -> None:
    known = baseline_of(watching(), login(0, "FR"), login(20, "FR"))

    assert found(watching(), login(21, "FR"), login(22, "BR"), since=21) == []
    assert found(watching(), login(21, "FR"), login(22, "BR"), since=21, baseline=known) == [
        (22, "BR")
    ]


def test_a_baseline_that_is_too_short_adds_to_the_learning_period() -> None:
    known = baseline_of(watching(), login(0, "FR"), login(3, "FR"))
    told = (login(4.5, "FR"), login(7.9, "BR"), login(8.1, "JP"))

    assert found(watching(), *told, since=4, baseline=known) == [(8.1, "JP")]


def test_what_nobody_watched_does_not_make_a_value_new() -> None:
    known = baseline_of(watching(), login(0, "FR"), login(20, "FR"))

    assert found(watching(), login(200, "FR"), login(201, "BR"), since=200, baseline=known) == [
        (201, "BR")
    ]


def test_a_value_of_the_baseline_ages_while_others_are_watched() -> None:
    known = baseline_of(watching(), login(0, "FR"), login(20, "BR"))

    assert found(watching(), login(21, "BR"), login(60, "FR"), since=21, baseline=known) == [
        (60, "FR")
    ]


def test_a_hunt_over_what_was_learned_finds_nothing_new() -> None:
    told = (login(0, "FR"), login(9, "BR"), login(20, "JP"))

    assert found(watching(), *told) == [(9, "BR"), (20, "JP")]
    assert found(watching(), *told, baseline=baseline_of(watching(), *told)) == []


def test_a_baseline_survives_its_file() -> None:
    known = baseline_of(watching(), login(0, "FR"), login(20, "BR"))
    read = from_json(to_json(known))

    assert to_json(read) == to_json(known)
    assert found(watching(), login(21, "BR"), login(22, "JP"), since=21, baseline=read) == [
        (22, "JP")
    ]


def test_a_baseline_grows_with_further_logs() -> None:
    first = baseline_of(watching(), login(0, "FR"))
    correlator = Correlator(plan_of(watching()))
    tell(correlator, [login(20, "BR")])
    both = learned(plan_of(watching()), correlator.batch, first)

    assert found(watching(), login(21, "FR"), login(21, "BR"), since=21, baseline=both) == []


def test_what_was_learned_for_other_settings_is_left_out_and_told() -> None:
    known = baseline_of(watching(), login(0, "FR"))
    changed = plan_of(watching(fields=["country", "agent"]))
    fitting, said = known.fitting(changed)

    assert fitting.rules == {}
    assert said == ["The baseline was learned for other settings of a; learn again."]
    assert known.fitting(plan_of(watching(look_back="60d")))[1] == said
    assert known.fitting(plan_of(watching(look_back="10d")))[1] == []


@pytest.mark.parametrize(
    "text", [b"", b"[]", b'{"format":2}', b'{"format":1,"rules":[]}', b"[" * 9_999]
)
def test_a_file_that_is_no_baseline_is_refused(text: bytes) -> None:
    with pytest.raises(BaselineError):
        from_json(text)
