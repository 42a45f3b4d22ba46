"""Prints an estimate."""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

import typer

from vedette.findings.severity import Severity

if TYPE_CHECKING:
    from vedette.operations.estimate import Estimate


class DeployOutput(StrEnum):
    """The formats of an estimate."""

    TABLE = "table"
    JSON = "json"


def estimate_lines(found: "Estimate") -> Iterator[str]:
    """Yield an estimate as text."""
    shares = found.shares
    yield f"A day of this log: {shares.events:,} events, {shares.reads:,} of them reads"
    for queue, count in sorted(shares.by_queue.items()):
        yield f"  to {queue}: {count:,} ({shares.share(count):.2%})"
    yield f"Detections in it: {found.matches:,} matches, {sum(found.findings.values()):,} findings"
    for severity in reversed(Severity):
        if (number := found.findings.get(severity)) is not None:
            yield f"  {severity.value}: {number:,}"
    digest = ", and one digest" if found.digests else ""
    yield f"Alerts a day, as far as the log tells: {found.mails:,}{digest}"
    yield "  Posture is on top of that: one summary at first, then what changes (vedette audit)."
    yield f"A month: ${found.usd:,.2f}, without free tiers, at these prices (us-east-1):"
    for line in found.lines:
        sure = "" if line.price.is_certain else ", price unsure"
        per = "each" if line.price.per == 1 else f"for {line.price.per:,}"
        yield (
            f"  ${line.usd:,.2f}  {line.purpose}: {line.quantity:,.0f} {line.price.unit}"
            f" (${line.price.usd:,g} {per}{sure})"
        )


def print_json(found: "Estimate") -> None:
    """Print an estimate as JSON."""
    shares = found.shares
    told = {
        "events": shares.events,
        "reads": shares.reads,
        "by_queue": dict(sorted(shares.by_queue.items())),
        "matches": found.matches,
        "findings": {one.value: count for one, count in found.findings.items()},
        "alerts": found.mails,
        "digests": found.digests,
        "usd_a_month": round(found.usd, 2),
        "lines": [
            {
                "purpose": one.purpose,
                "quantity": round(one.quantity, 3),
                "unit": one.price.unit,
                "usd": round(one.usd, 4),
                "usd_per": one.price.usd,
                "per": one.price.per,
                "price_is_certain": one.price.is_certain,
            }
            for one in found.lines
        ],
        "not_looked_at": list(found.problems),
    }
    typer.echo(json.dumps(told, indent=2))
