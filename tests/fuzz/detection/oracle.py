"""Evaluates rules on pySigma's own tree, slowly and plainly, sharing no code with the engine."""

import ipaddress
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.rule import SigmaRule
from sigma.types import (
    CompareOperators,
    Placeholder,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaRegularExpressionFlag,
    SigmaString,
    SigmaTimestampPart,
    SpecialChars,
    TimestampPart,
)

FLAGS = {
    SigmaRegularExpressionFlag.IGNORECASE: re.IGNORECASE,
    SigmaRegularExpressionFlag.MULTILINE: re.MULTILINE,
    SigmaRegularExpressionFlag.DOTALL: re.DOTALL,
}
COMPARE: dict[CompareOperators, Callable[[Any, Any], bool]] = {
    CompareOperators.LT: lambda one, other: one < other,
    CompareOperators.LTE: lambda one, other: one <= other,
    CompareOperators.GT: lambda one, other: one > other,
    CompareOperators.GTE: lambda one, other: one >= other,
}
PARTS: dict[TimestampPart, Callable[[datetime], int]] = {
    TimestampPart.MINUTE: lambda time: time.minute,
    TimestampPart.HOUR: lambda time: time.hour,
    TimestampPart.DAY: lambda time: time.day,
    TimestampPart.WEEK: lambda time: int(time.strftime("%V")),
    TimestampPart.MONTH: lambda time: time.month,
    TimestampPart.YEAR: lambda time: time.year,
}


class Oracle:
    """The rules that match one record, according to pySigma's tree."""

    def __init__(
        self,
        placeholders: Mapping[str, list[str]],
        derived: Mapping[str, Callable[[Mapping[str, Any]], Any]],
    ) -> None:
        self.placeholders = placeholders
        self.derived = derived

    def matches(self, rule: SigmaRule, record: Mapping[str, Any]) -> bool:
        return any(
            self.holds(condition.parsed, record) for condition in rule.detection.parsed_condition
        )

    def holds(self, tree: Any, record: Mapping[str, Any]) -> bool:
        if isinstance(tree, ConditionAND):
            return all(self.holds(part, record) for part in tree.args)
        if isinstance(tree, ConditionOR):
            return any(self.holds(part, record) for part in tree.args)
        if isinstance(tree, ConditionNOT):
            return not self.holds(tree.args[0], record)
        if isinstance(tree, ConditionFieldEqualsValueExpression):
            return self.asks(tree.field, tree.value, record)
        assert isinstance(tree, ConditionValueExpression)
        return self.asks(None, tree.value, record)

    def asks(self, field: str | None, value: Any, record: Mapping[str, Any]) -> bool:
        if isinstance(value, SigmaExpansion):
            return any(self.asks(field, one, record) for one in value.values)
        found = [record] if field is None else list(self.found(field, record))
        if isinstance(value, SigmaNull):
            return not found or any(one is None for one in apart(found))
        if isinstance(value, SigmaExists):
            return bool(found) is value.exists
        scalars = list(deep(found))
        if isinstance(value, SigmaFieldReference):
            others = list(deep(list(self.found(value.field, record))))
            return any(refers(value, one, other) for one in scalars for other in others)
        return any(self.scalar_passes(value, one, in_any=field is None) for one in scalars)

    def found(self, field: str, record: Mapping[str, Any]) -> Iterator[Any]:
        if field.startswith("vedette."):
            value = self.derived[field](record) if field in self.derived else None
            if value is not None:
                yield value
            return
        first, *rest = field.split(".")
        if first in record:
            yield from below(record[first], rest)

    def scalar_passes(self, value: Any, found: Any, *, in_any: bool) -> bool:
        if isinstance(value, SigmaString):
            return self.text_passes(value, found, in_any=in_any)
        if isinstance(value, SigmaRegularExpression):
            flags = 0
            for flag in value.flags:
                flags |= FLAGS[flag]
            pattern = "".join(self.regex_parts(value.regexp))
            return re.search(pattern, text(found), flags) is not None
        if isinstance(value, SigmaCIDRExpression):
            return isinstance(found, str) and inside(found, value.network)
        if isinstance(value, SigmaTimestampPart):
            return part_of(value, found) == value.number
        if isinstance(value, SigmaCompareExpression):
            return compares(value, found)
        wanted = str(value).lower() if isinstance(value, SigmaBool) else str(value.number)
        assert isinstance(value, SigmaBool | SigmaNumber)
        return wanted in text(found).casefold() if in_any else wanted == text(found).casefold()

    def text_passes(self, value: SigmaString, found: Any, *, in_any: bool) -> bool:
        cased = isinstance(value, SigmaCasedString)
        subject = text(found) if cased else text(found).casefold()
        for parts in self.expanded(list(value.s)):
            pattern = "".join(
                re.escape(part if cased else part.casefold())
                if isinstance(part, str)
                else {SpecialChars.WILDCARD_MULTI: ".*", SpecialChars.WILDCARD_SINGLE: "."}[part]
                for part in parts
            )
            if in_any:
                pattern = f".*{pattern}.*"
            if re.fullmatch(pattern, subject, re.DOTALL):
                return True
        return False

    def expanded(self, parts: list[Any]) -> Iterator[list[Any]]:
        for place, part in enumerate(parts):
            if isinstance(part, Placeholder):
                for value in self.placeholders[part.name]:
                    yield from self.expanded(
                        [*parts[:place], *SigmaString(value).s, *parts[place + 1 :]]
                    )
                return
        yield parts

    def regex_parts(self, value: SigmaString) -> Iterator[str]:
        for part in value.s:
            if isinstance(part, Placeholder):
                yield f"(?:{'|'.join(map(re.escape, self.placeholders[part.name]))})"
            elif isinstance(part, str):
                yield part
            else:
                yield {SpecialChars.WILDCARD_MULTI: "*", SpecialChars.WILDCARD_SINGLE: "?"}[part]


def below(value: Any, names: list[str]) -> Iterator[Any]:
    if not names:
        yield value
    elif isinstance(value, list):
        for entry in value:
            yield from below(entry, names)
    elif isinstance(value, dict):
        for length in range(1, len(names) + 1):
            key = ".".join(names[:length])
            if key in value:
                yield from below(value[key], names[length:])


def apart(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from apart(value)
        else:
            yield value


def deep(values: list[Any]) -> Iterator[Any]:
    for value in apart(values):
        if isinstance(value, dict):
            yield from deep(list(value.values()))
        elif value is not None:
            yield value


def text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return json.dumps(value)


def refers(value: SigmaFieldReference, one: Any, other: Any) -> bool:
    subject, wanted = text(one).casefold(), text(other).casefold()
    if value.starts_with and value.ends_with:
        return wanted in subject
    if value.starts_with:
        return subject[: len(wanted)] == wanted
    if value.ends_with:
        return wanted == "" or subject[-len(wanted) :] == wanted
    return subject == wanted


def inside(value: str, network: Any) -> bool:
    try:
        return ipaddress.ip_address(value) in network
    except ValueError:
        return False


def compares(value: SigmaCompareExpression, found: Any) -> bool:
    number: Any
    if isinstance(value.number, SigmaTimestampPart):
        number = part_of(value.number, found)
    else:
        number = number_in(found)
    return number is not None and COMPARE[value.op](number, Decimal(str(value.number.number)))


def number_in(found: Any) -> Decimal | None:
    if isinstance(found, bool):
        return None
    if isinstance(found, int | float):
        return Decimal(str(found))
    digits = "0123456789"
    # No leading or trailing point, no underscore, no blank, no digits of other scripts.
    if not found or not set(found) <= set(digits + "+-.eE") or found[-1] not in digits:
        return None
    if found.lstrip("+-")[:1] not in set(digits) or ".e" in found.lower():
        return None
    try:
        return Decimal(found)
    except InvalidOperation:
        return None


def part_of(value: SigmaTimestampPart, found: Any) -> int | None:
    if not isinstance(found, str):
        return None
    for form in ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M%z"):
        for suffix in ("", "+00:00"):
            try:
                time = datetime.strptime(found + suffix, form).astimezone(UTC)
            except ValueError:
                continue
            return PARTS[value.timestamp_part](time)
    return None
