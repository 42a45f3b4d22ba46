"""What a deployment costs: the arithmetic, what goes into it, and the page that tells it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from infra import functions, handlers, schedules, sweep
from scripts.bench import pipeline_cost
from scripts.bench.pipeline_asset import staged
from scripts.bench.pipeline_calls import counted_calls
from scripts.bench.pipeline_events import Passing, batches_of
from scripts.bench.pipeline_world import World
from vedette.aws.stand_in.server import StandIn
from vedette.operations import costs
from vedette.operations.costs_prices import MILLION, PRICES

PAGE = Path(__file__).parents[2] / "docs" / "cost.md"
EVENTS = 3_000


@pytest.mark.parametrize(
    "table",
    [pipeline_cost.months, pipeline_cost.on_top, pipeline_cost.prices],
    ids=["months", "on top", "prices"],
)
def test_the_page_has_the_tables_of_the_arithmetic(table: Callable[[], Iterator[str]]) -> None:
    assert "\n".join(table()) in PAGE.read_text(encoding="utf-8")


def test_the_page_tells_the_shares_and_the_account_that_go_into_it() -> None:
    text = " ".join(PAGE.read_text(encoding="utf-8").split())

    for said in (
        f"writes {costs.EVENTS:,} management events a month, {costs.READS:.0%}".replace("%", " %"),
        f"has {costs.REGIONS} regions",
        f"gives {costs.SIGNALS} signals of other services, {costs.OPENED} transitions",
        f"{costs.REPEATS} repeats and {costs.ALERTS} alerts",
        f"{costs.PUTS_PER_EVENT * 100:.0f} copies in 100",
        f"{costs.MESSAGES_PER_EVENT['detect'] * 100:.0f} messages for `detect`",
        f"and {costs.MESSAGES_PER_EVENT['reevaluate'] * 100:.0f} for `reevaluate`",
        f"write {costs.HITS_PER_EVENT * 100:.0f} times",
    ):
        assert said in text
    seconds = dict(re.findall(r"`(\w+)` ([\d.]+) s\b", text))
    assert {name: float(one) for name, one in seconds.items()} == {
        name: costs.SHAPES[name].seconds for name in ("detect", "reevaluate", "sweep")
    }


def test_the_functions_are_those_that_are_deployed() -> None:
    assert {name: one.memory / 1_024 for name, one in functions.SHAPES.items()} == {
        name: one.gigabytes for name, one in costs.SHAPES.items()
    }
    assert {
        function: (batch, window.to_seconds())
        for function, batch, window, _ in handlers.READERS.values()
    } == costs.READERS
    assert sweep.UNITS_PER_BATCH == costs.REGIONS_PER_BATCH
    assert (schedules.RECONCILE, schedules.CANARY) == ("rate(15 minutes)", "rate(1 hour)")
    assert (costs.RECONCILIATIONS, costs.CANARIES) == (30 * 24 * 4, 30 * 24)


def test_the_calls_and_shares_are_those_that_are_counted(tmp_path: Path) -> None:
    passing = Passing(EVENTS)
    with StandIn() as aws:
        world = World(aws, staged(tmp_path / "code"), tmp_path / "bytecode", passing.accounts)
        calls = counted_calls(world, passing.accounts[:3])
        batches = batches_of(world, passing.detected)

    detect, shares = calls["detect"], passing.shares()
    assert detect["events that match nothing"] == {"calls": {}, "writes": 0}
    assert detect["opened"]["writes of findings for each"] == costs.WRITES_PER_OPENED
    assert detect["repeated"]["writes of findings for each"] == costs.WRITES_PER_REPEAT
    assert detect["repeated"]["new findings"] == 0
    for kind in ("opened", "repeated"):
        looks = detect[kind]["calls"]["dynamodb:BatchGetItem findings"]
        assert looks == costs.LOOKS_PER_BATCH
    told = calls["dispatch, one finding"]["calls"]
    assert told["sns:Publish"] == costs.PUBLISHES_PER_ALERT
    written = told["dynamodb:UpdateItem findings"] + told["dynamodb:PutItem state"]
    assert written == costs.WRITES_PER_ALERT
    assert shares["copies put on the hub's bus"] == pytest.approx(costs.PUTS_PER_EVENT, rel=0.15)
    of_detect = shares["messages"]["detect"]
    assert of_detect == pytest.approx(costs.MESSAGES_PER_EVENT["detect"], rel=0.15)
    hits = batches["writes for each event"] * shares["passed"]["detect"]
    assert hits == pytest.approx(costs.HITS_PER_EVENT, rel=0.25)


def test_what_is_bought_is_paid_at_its_price() -> None:
    lines = {one.purpose: one.usd for one in costs.monthly(costs.typical(2))}

    assert lines["Events forwarded to the hub"] == pytest.approx(2 * 0.35 * 1.00)
    assert lines["Alarms"] == pytest.approx(12 * 0.10)
    writes = 2 * (60 * 10 + 600 * 2 + 30 * 4 + 170_000 * 2) + 2 * 720 + 2_880
    assert lines["Findings: writes"] == pytest.approx(writes / MILLION * 0.625)
    assert costs.total(costs.monthly(costs.typical(2))) == pytest.approx(sum(lines.values()))


def test_more_work_costs_more_and_nothing_is_paid_twice() -> None:
    some = costs.typical(1)
    plain = costs.total(costs.monthly(some))

    for more in (
        replace(some, puts=some.puts * 2),
        replace(some, messages={name: one * 2 for name, one in some.messages.items()}),
        replace(some, opened=some.opened * 2),
        replace(some, repeats=some.repeats * 2),
        replace(some, hits=some.hits * 2),
        replace(some, alerts=some.alerts * 2),
        replace(some, people=2),
        replace(some, regions=some.regions * 2),
        replace(some, findings_kept=some.findings_kept * 2),
        replace(some, customer_key=True),
    ):
        assert costs.total(costs.monthly(more)) > plain
    purposes = [one.purpose for one in costs.monthly(some)]
    assert len(purposes) == len(set(purposes))


def test_every_price_is_used() -> None:
    lines = (*costs.monthly(costs.typical(1, customer_key=True)), *costs.extras(1))

    assert {one.price for one in lines} >= set(PRICES.values())


@pytest.mark.parametrize(
    ("messages", "expected"),
    [(0, 0), (1, 1), (518_400, 259_200), (1e9, 1e7)],
    ids=["none", "a lone one", "one in five seconds", "more than fit"],
)
def test_messages_gather_until_the_window_ends_or_the_batch_is_full(
    messages: float, expected: float
) -> None:
    assert costs.batches(messages, costs.Reader(100, 5)) == pytest.approx(expected, rel=1e-4)
