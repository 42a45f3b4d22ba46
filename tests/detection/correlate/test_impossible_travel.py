import pytest

from tests.detection.correlate.correlations import compiled, event, rule, summary, tell
from tests.detection.correlate.naive_correlation import Event
from vedette.detection.correlate.correlator import Correlator, MemoryMatch
from vedette.detection.correlate.memory import kilometres
from vedette.detection.correlate.plan import plan_of

PRINCIPAL = "vedette.principal"
LATITUDE, LONGITUDE = "vedette.source.latitude", "vedette.source.longitude"
PLACES = {"Paris": (48.86, 2.35), "Lyon": (45.76, 4.84), "Tokyo": (35.68, 139.69)}
TRAVEL = compiled(rules=[rule("a", impossible_travel={"speed_kmh": 1_000, "min_km": 500})])


def at(hour: float, place: str, who: str = "alice") -> Event:
    latitude, longitude = PLACES[place]
    fields = {PRINCIPAL: who, LATITUDE: latitude, LONGITUDE: longitude}
    return event(f"{who}-{hour}-{place}", int(hour * 3_600), **fields)


def journeys(*told: Event) -> list[MemoryMatch]:
    correlator = Correlator(plan_of(TRAVEL))
    tell(correlator, told)
    return list(correlator.finish().matches)


def test_nobody_is_in_paris_and_an_hour_later_in_tokyo() -> None:
    matches = journeys(at(0, "Paris"), at(1, "Tokyo"))

    assert [one.event_ids for one in matches] == [("alice-0-Paris", "alice-1-Tokyo")]
    assert matches[0].trigger == "alice-1-Tokyo"


@pytest.mark.parametrize(
    "told",
    [
        (at(0, "Paris"), at(11, "Tokyo")),
        (at(0, "Paris"), at(0.01, "Lyon")),
        (at(0, "Paris"), at(1, "Tokyo", who="bob")),
        (at(0, "Paris"), at(1, "Paris")),
        (event("1", 0, **{PRINCIPAL: "alice"}), at(1, "Tokyo")),
        (at(0, "Paris"),),
    ],
)
def test_an_ordinary_journey_is_none(told: tuple[Event, ...]) -> None:
    assert journeys(*told) == []


def test_two_places_within_one_second_are_too_many() -> None:
    assert len(journeys(at(0, "Paris"), at(0, "Tokyo"))) == 1


def test_journeys_are_found_in_any_order() -> None:
    told = [at(0, "Paris"), at(1, "Tokyo"), at(20, "Tokyo"), at(21, "Lyon"), at(21, "Tokyo")]

    expected = summary(journeys(*told))
    assert [one[1] // 3_600 for one in expected] == [1, 21]
    assert summary(journeys(*told[::-1], *told)) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("Paris", "Tokyo", 9_713), ("Paris", "Lyon", 392), ("Paris", "Paris", 0)],
)
def test_distances_are_those_on_a_globe(one: str, other: str, expected: int) -> None:
    assert kilometres(PLACES[one], PLACES[other]) == pytest.approx(expected, abs=10)
