"""What a deployment costs in a month, from counted calls and stated prices.

Pure arithmetic: nothing here asks AWS. What is counted, `scripts/bench/pipeline.py` counts, and a
test compares; what is assumed says so, here and in `docs/cost.md`. Free tiers are left out, and so
is what the accounts pay without Vedette (trails, GuardDuty).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from vedette.operations.costs_prices import MILLION, PRICES, READS_IF_BILLED, Price
from vedette.operations.telemetry import Metric

DAYS: Final = 30
SECONDS: Final = DAYS * 86_400


class Shape(NamedTuple):
    """A function's memory in GB, and seconds per call that are assumed, not measured in AWS."""

    gigabytes: float
    seconds: float


# Memory as the infrastructure gives it, which a test compares.
SHAPES: Final[Mapping[str, Shape]] = {
    "detect": Shape(0.5, 0.3),
    "reevaluate": Shape(0.5, 3.0),
    "intake": Shape(0.5, 0.2),
    "plan_sweep": Shape(0.5, 20.0),
    "sweep": Shape(1.0, 60.0),
    "dispatch": Shape(0.5, 1.0),
    "act": Shape(0.5, 0.3),
    "reconcile": Shape(0.5, 1.0),
    "canary": Shape(0.5, 0.5),
}


class Reader(NamedTuple):
    """How a function works a queue off: events at most in a batch, seconds that a batch gathers."""

    batch: int
    window: int


# As the infrastructure sets them, which a test compares.
READERS: Final[Mapping[str, Reader]] = {
    "detect": Reader(100, 5),
    "reevaluate": Reader(100, 20),
    "intake": Reader(50, 5),
}
# Lambda asks an idle queue with five pollers, each for 20 seconds. Source: Lambda Developer Guide.
IDLE_POLLS: Final = 5 * SECONDS // 20
# SQS hands out ten at a time, and takes ten deletions. Source: SQS Developer Guide.
TOGETHER: Final = 10

# Shares of generated events: the copies on the hub's bus, the messages, and the writes of memory.
PUTS_PER_EVENT: Final = 0.35
MESSAGES_PER_EVENT: Final[Mapping[str, float]] = {"detect": 0.45, "reevaluate": 0.04}
HITS_PER_EVENT: Final = 0.17
READS: Final = 0.93

# What a busy account is taken to be in a month: assumed.
EVENTS: Final = 1_000_000
REGIONS: Final = 17
SIGNALS: Final = 100
OPENED: Final = 60
REPEATS: Final = 600
ALERTS: Final = 30
FINDINGS_KEPT: Final = 1_000

# Counted calls. One BatchGetItem a batch finds which findings exist already.
LOOKS_PER_BATCH: Final = 1
WRITES_PER_OPENED: Final = 1
WRITES_PER_REPEAT: Final = 1
# The chat's topic and that of all alerts.
PUBLISHES_PER_ALERT: Final = 2
# A turn of its own, taken with a lease, and the note that people were told.
WRITES_PER_ALERT: Final = 2

# An item of a finding has one to two KB; a transaction counts twice, each of four indexes once.
UNITS_PER_OPENED: Final = 2 * 2 + 2 * 1 + 4
UNITS_PER_REPEAT: Final = 2
UNITS_PER_ALERT: Final = 1 + 2 + 1
UNITS_PER_HIT: Final = 2
# Two KB, strongly consistent.
UNITS_PER_LOOK: Final = 2
KB_PER_FINDING: Final = 4
LOG_BYTES_PER_CALL: Final = 1_200
# Seven queues behind one alarm, two metrics behind another, three with one each.
ALARM_METRICS: Final = 12
RECONCILIATIONS: Final = DAYS * 24 * 4
CANARIES: Final = DAYS * 24
REGIONS_PER_BATCH: Final = 2
MACHINE_TRANSITIONS: Final = 5
KEY_REQUESTS_PER_MESSAGE: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What a deployment handles in a month of 30 days, all accounts together.

    `messages` are by function; `puts` counts an event once for each pattern that it fits. `opened`
    are transitions of findings, `repeats` and `hits` writes of detections and of their memory.
    `regions` is how many regions of an account are swept.
    """

    accounts: int
    regions: int
    reads: float
    puts: float
    messages: Mapping[str, float]
    opened: float
    repeats: float
    hits: float
    alerts: float
    findings_kept: float
    people: int = 1
    customer_key: bool = False


def typical(accounts: int, *, customer_key: bool = False) -> Workload:
    """Return the workload of so many busy accounts."""
    events = accounts * EVENTS
    messages = {function: events * share for function, share in MESSAGES_PER_EVENT.items()}
    return Workload(
        accounts=accounts,
        regions=REGIONS,
        reads=events * READS,
        puts=events * PUTS_PER_EVENT,
        messages={**messages, "intake": float(accounts * SIGNALS)},
        opened=accounts * OPENED,
        repeats=accounts * REPEATS,
        hits=events * HITS_PER_EVENT,
        alerts=accounts * ALERTS,
        findings_kept=accounts * FINDINGS_KEPT,
        customer_key=customer_key,
    )


class Line(NamedTuple):
    """One thing that is paid for: what for, how many, at which price."""

    purpose: str
    quantity: float
    price: Price

    @property
    def usd(self) -> float:
        """Return the dollars of a month."""
        return self.quantity * self.price.usd / self.price.per


def monthly(workload: Workload) -> tuple[Line, ...]:
    """Return what a month costs, line by line."""
    calls = dict(_calls(workload))
    return tuple(
        Line(purpose, quantity, PRICES[price])
        for purpose, price, quantity in (
            *_transport(workload),
            *_functions(calls),
            *_storage(workload, calls),
            *_telling(workload, calls),
            *_sweeping(workload),
            *_encryption(workload),
        )
    )


def total(lines: tuple[Line, ...]) -> float:
    """Return the sum in US dollars."""
    return sum(one.usd for one in lines)


def extras(accounts: int) -> tuple[Line, ...]:
    """Return what may come on top for busy accounts: prices that are open, and choices."""
    events = accounts * EVENTS
    plain, with_key = (
        total(monthly(typical(accounts, customer_key=chosen))) for chosen in (False, True)
    )
    key = Price(with_key - plain, 1, "customer key", is_certain=False)
    return (
        Line("If AWS bills the reads", events * READS, READS_IF_BILLED),
        Line("If Vedette's trail is a second one", events, PRICES["second_trail"]),
        Line("With a customer key", 1, key),
    )


def batches(messages: float, reader: Reader) -> float:
    """Return into how many batches messages fall that come evenly over the month.

    A batch begins with a message and takes along what comes within its window, until it is full.
    """
    gathered = 1 + messages / SECONDS * reader.window
    return messages / min(gathered, reader.batch)


_Quantities = Iterator[tuple[str, str, float]]


def _calls(workload: Workload) -> Iterator[tuple[str, float]]:
    for function, reader in READERS.items():
        yield function, batches(workload.messages[function], reader)
    yield "dispatch", workload.opened
    yield "reconcile", RECONCILIATIONS
    yield "canary", CANARIES
    yield "plan_sweep", DAYS
    yield "sweep", _sweep_batches(workload)


def _sweep_batches(workload: Workload) -> float:
    """Return batches of account-regions; global services are one region more."""
    return DAYS * workload.accounts * (workload.regions + 1) / REGIONS_PER_BATCH


def _transport(workload: Workload) -> _Quantities:
    yield "Events forwarded to the hub", "puts", workload.puts
    yield "Reads that patterns look at", "reads_looked_at", workload.reads
    sent = sum(workload.messages.values())
    taken = sum(
        max(batches(count, READERS[function]), count / TOGETHER)
        for function, count in workload.messages.items()
    )
    yield "Messages: sent, received, deleted", "queue_requests", sent + 2 * taken
    yield "Looking into idle queues", "queue_requests", IDLE_POLLS * len(READERS)


def _functions(calls: Mapping[str, float]) -> _Quantities:
    yield "Functions: calls", "calls", sum(calls.values())
    seconds = sum(
        count * SHAPES[function].gigabytes * SHAPES[function].seconds
        for function, count in calls.items()
    )
    yield "Functions: time", "gb_seconds", seconds


def _storage(workload: Workload, calls: Mapping[str, float]) -> _Quantities:
    units = (
        workload.opened * UNITS_PER_OPENED
        + workload.repeats * UNITS_PER_REPEAT
        + workload.alerts * UNITS_PER_ALERT
        + workload.hits * UNITS_PER_HIT
        + 2 * CANARIES
        + RECONCILIATIONS
    )
    yield "Findings: writes", "write_units", units
    looks = workload.opened + workload.repeats + calls["sweep"] + calls["reevaluate"]
    yield "Findings: reads", "read_units", looks * UNITS_PER_LOOK + RECONCILIATIONS * 10
    yield "Findings: kept", "table_gb", workload.findings_kept * KB_PER_FINDING / MILLION


def _telling(workload: Workload, calls: Mapping[str, float]) -> _Quantities:
    yield "Alerts: published", "publishes", workload.alerts * PUBLISHES_PER_ALERT
    yield "Alerts: e-mails", "emails", workload.alerts * workload.people
    yield "Alarms", "alarm_metrics", ALARM_METRICS
    yield "Metrics", "metrics", len(Metric)
    yield "Logs", "log_gb", sum(calls.values()) * LOG_BYTES_PER_CALL / 1_000 / MILLION


def _sweeping(workload: Workload) -> _Quantities:
    runs = _sweep_batches(workload)
    yield "Sweep: the machine", "transitions", DAYS * MACHINE_TRANSITIONS + runs
    yield "Sweep: its batches", "express_runs", runs
    # Express is billed for 64 MB at least.
    yield "Sweep: its time", "express_gb_seconds", runs * SHAPES["sweep"].seconds / 16


def _encryption(workload: Workload) -> _Quantities:
    if workload.customer_key:
        yield "Customer key", "keys", 1
        requests = sum(workload.messages.values()) * KEY_REQUESTS_PER_MESSAGE
        yield "Customer key: used", "key_requests", requests + workload.opened + workload.hits
