"""What each predicate asks, exactly. One definition, which both matchers use.

A predicate is true if any scalar of its field passes. Text is compared by Unicode case folding
unless the rule says `cased`; what has no text (null, an object, an absent field) never passes.
"""

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

import re2  # type: ignore[import-untyped]

from vedette.detection.ir import (
    Exists,
    Moment,
    MomentPart,
    Network,
    Null,
    Number,
    NumberOperator,
    Pattern,
    Predicate,
    SameAs,
    Text,
    TextOperator,
)
from vedette.detection.match.reading import Reading
from vedette.detection.text import folded

Test = Callable[[Reading], bool]
TextTest = Callable[[str], bool]
COMPARISONS: dict[NumberOperator, Callable[[float, float], bool]] = {
    "eq": operator.eq,
    "neq": operator.ne,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}
MOMENT_PARTS: dict[MomentPart, Callable[[datetime], int]] = {
    "minute": lambda moment: moment.minute,
    "hour": lambda moment: moment.hour,
    "day": lambda moment: moment.day,
    "week": lambda moment: moment.isocalendar().week,
    "month": lambda moment: moment.month,
    "year": lambda moment: moment.year,
}
ISO_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.]\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?", re.ASCII
)
DECIMAL = re.compile(r"[+-]?\d{1,300}([.]\d{1,300})?([eE][+-]?\d{1,3})?", re.ASCII)
LONGEST_ADDRESS = 64


def test_of(predicate: Predicate) -> Test:
    """Return the test that a predicate makes of the reading of its field.

    Raises TypeError for `SameAs`, which reads two fields: see `holds_between`.
    """
    if (text_test := text_test_of(predicate)) is not None:
        return _any_text(text_test, cased=is_cased(predicate))
    match predicate:
        case Network(_, networks):
            return _network_test(networks)
        case Number(_, comparison, number):
            return _number_test(comparison, number)
        case Moment(_, part, comparison, number):
            return _moment_test(part, comparison, number)
    return _presence_test(predicate)


def _presence_test(predicate: Predicate) -> Test:
    match predicate:
        case Null():
            return lambda reading: not reading.is_present or reading.has_null
        case Exists():
            return lambda reading: reading.is_present
    raise TypeError(f"{type(predicate).__name__} is no question about one field")


def text_test_of(predicate: Predicate) -> TextTest | None:
    """Return the test that a predicate makes of each text, or None if it is not about text.

    Unless the predicate `is_cased`, the text is given without its case.
    """
    match predicate:
        case Text(_, how, values, cased):
            return _values_test(how, values if cased else tuple(map(folded, values)))
        case Pattern(_, regex):
            return _search(regex)
    return None


def is_cased(predicate: Predicate) -> bool:
    """Tell whether a predicate about text takes it with its case."""
    return predicate.cased if isinstance(predicate, Text) else True


def holds_between(predicate: SameAs, one: Reading, other: Reading) -> bool:
    """Compare every text of one field with every text of another, regardless of case."""
    return any(
        _compared(predicate.operator, text, value) for text in one.folded for value in other.folded
    )


def _compared(how: TextOperator, text: str, value: str) -> bool:
    if how == "starts":
        return text.startswith(value)
    if how == "ends":
        return text.endswith(value)
    return value in text if how == "contains" else text == value


def _values_test(how: TextOperator, values: tuple[str, ...]) -> TextTest:
    match how:
        case "is":
            return frozenset(values).__contains__
        case "starts":
            return lambda text: text.startswith(values)
        case "ends":
            return lambda text: text.endswith(values)
        case "contains":
            return lambda text: any(value in text for value in values)
        case "like":
            return _search("|".join(map(_like, values)))


def _like(pattern: str) -> str:
    """Write a pattern with `*` and `?` as an expression for a whole text."""
    pieces = re.findall(r"\\.|.", pattern, re.DOTALL)
    wild = {"*": "(?s:.*)", "?": "(?s:.)"}
    return rf"\A{''.join(wild.get(piece) or re2.escape(piece[-1]) for piece in pieces)}\z"


def _any_text(test: TextTest, *, cased: bool) -> Test:
    if cased:
        return lambda reading: any(map(test, reading.texts))
    return lambda reading: any(map(test, reading.folded))


def _search(regex: str) -> TextTest:
    options = re2.Options()
    options.log_errors = False
    compiled = re2.compile(regex.encode(), options)

    def is_found(text: str) -> bool:
        # What is not valid Unicode (half of a surrogate pair) cannot be searched as it is.
        return compiled.search(text.encode(errors="replace")) is not None

    return is_found


def _network_test(networks: tuple[str, ...]) -> Test:
    ranges = [ip_network(network) for network in networks]

    def is_inside(value: Any) -> bool:
        if not isinstance(value, str) or len(value) > LONGEST_ADDRESS:
            return False
        return _is_in(value, ranges)

    return lambda reading: any(map(is_inside, reading.scalars))


def _is_in(text: str, ranges: list[IPv4Network | IPv6Network]) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return any(address in one for one in ranges)


def _number_test(comparison: NumberOperator, number: float) -> Test:
    compare = COMPARISONS[comparison]

    def passes(value: Any) -> bool:
        found = _number(value)
        return found is not None and compare(found, number)

    return lambda reading: any(map(passes, reading.scalars))


def _number(value: Any) -> float | None:
    """Return a JSON number, or the number that a text in decimal notation writes."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    if isinstance(value, str) and DECIMAL.fullmatch(value):
        return float(value) if set(value) & {".", "e", "E"} else int(value)
    return None


def _moment_test(part: MomentPart, comparison: NumberOperator, number: float) -> Test:
    compare, part_of = COMPARISONS[comparison], MOMENT_PARTS[part]

    def passes(value: Any) -> bool:
        moment = _moment(value) if isinstance(value, str) else None
        return moment is not None and compare(part_of(moment), number)

    return lambda reading: any(map(passes, reading.scalars))


@lru_cache(maxsize=1024)
def _moment(text: str) -> datetime | None:
    """Read an ISO 8601 time as UTC, or give None; one without an offset is in UTC."""
    if len(text) > LONGEST_ADDRESS or not ISO_TIME.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text.upper())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
