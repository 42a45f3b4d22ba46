"""What AWS asks for what Vedette uses."""

from collections.abc import Mapping
from typing import Final, NamedTuple

MILLION: Final = 1_000_000


class Price(NamedTuple):
    """US dollars for so many of a unit, in us-east-1 and in November 2026."""

    usd: float
    per: int
    unit: str
    is_certain: bool = True


# Source: the pricing pages of the services. Those that are not certain we have from third parties,
# or AWS does not say how they apply here.
PRICES: Final[Mapping[str, Price]] = {
    "puts": Price(1.00, MILLION, "events put on a bus"),
    "reads_looked_at": Price(0.00, MILLION, "reads that EventBridge looks at", is_certain=False),
    "queue_requests": Price(0.40, MILLION, "SQS requests"),
    "calls": Price(0.20, MILLION, "Lambda calls"),
    "gb_seconds": Price(13.3334, MILLION, "Lambda GB-seconds, arm64"),
    "write_units": Price(0.625, MILLION, "DynamoDB write units", is_certain=False),
    "read_units": Price(0.125, MILLION, "DynamoDB read units", is_certain=False),
    "table_gb": Price(0.45, 1, "GB in tables, recoverable"),
    "publishes": Price(0.50, MILLION, "SNS requests"),
    "emails": Price(2.00, 100_000, "e-mails"),
    "alarm_metrics": Price(0.10, 1, "metrics with an alarm"),
    "metrics": Price(0.30, 1, "metrics of Vedette's own"),
    "log_gb": Price(0.50, 1, "GB of logs written"),
    "transitions": Price(25.00, MILLION, "transitions of the sweep's machine"),
    "express_runs": Price(1.00, MILLION, "Express runs", is_certain=False),
    "express_gb_seconds": Price(16.67, MILLION, "Express GB-seconds", is_certain=False),
    "keys": Price(1.00, 1, "customer keys"),
    "key_requests": Price(0.03, 10_000, "KMS requests", is_certain=False),
    "second_trail": Price(2.00, 100_000, "events in a second trail"),
}
# What it would be if AWS took reads that patterns look at for events put on a bus.
READS_IF_BILLED: Final = Price(1.00, MILLION, "reads that EventBridge looks at", is_certain=False)
