"""Prints the tables of `docs/cost.md`, as the arithmetic has them.

python scripts/bench/pipeline_cost.py
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "functions")]

from vedette.operations.costs import (  # noqa: E402 - after the path is set
    Line,
    extras,
    monthly,
    total,
    typical,
)
from vedette.operations.costs_prices import MILLION, PRICES, Price  # noqa: E402

ACCOUNTS = (1, 12, 100)


def months() -> Iterator[str]:
    """Yield the lines of the table of what a month costs."""
    columns = [monthly(typical(accounts)) for accounts in ACCOUNTS]
    yield from _head("what for")
    yield from _rows(columns)
    yield _row("**together**", (f"**{_dollars(total(column))}**" for column in columns))
    each = (
        _dollars(total(column) / count) for column, count in zip(columns, ACCOUNTS, strict=True)
    )
    yield _row("for each account", each)


def on_top() -> Iterator[str]:
    """Yield the lines of the table of what may come on top."""
    yield from _head("on top")
    yield from _rows([extras(accounts) for accounts in ACCOUNTS])


def prices() -> Iterator[str]:
    """Yield the lines of the table of prices."""
    yield "| US dollars | what |"
    yield "|---:|---|"
    yield from (f"| {_price(one)} | {one.unit} |" for one in PRICES.values())


def _head(first: str) -> Iterator[str]:
    names = ("1 account", *(f"{count} accounts" for count in ACCOUNTS[1:]))
    yield _row(first, names)
    yield "|---" + "|---:" * len(ACCOUNTS) + "|"


def _rows(columns: Sequence[Sequence[Line]]) -> Iterator[str]:
    for lines in zip(*columns, strict=True):
        yield _row(lines[0].purpose, (_dollars(one.usd) for one in lines))


def _row(first: str, others: Iterator[str] | Sequence[str]) -> str:
    return f"| {' | '.join((first, *others))} |"


def _dollars(usd: float) -> str:
    return f"{usd:,.2f}"


def _price(price: Price) -> str:
    many = f"{price.per // MILLION} million" if price.per >= MILLION else f"{price.per:,}"
    per = "" if price.per == 1 else f" for {many}"
    return f"${price.usd:,.4f}".rstrip("0").rstrip(".") + per + ("" if price.is_certain else " ?")


if __name__ == "__main__":
    for table in (months(), on_top(), prices()):
        print("\n".join(table), end="\n\n")
