"""Matches events against patterns as EventBridge does.

A pattern names fields; each has a list of which one entry must hold, and all fields must. A list in
the event holds if one of its values does; of objects in a list, one object must hold all.

Source: Amazon EventBridge User Guide, "Comparison operators" and "Event pattern arrays".
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any, Final

_COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "=": lambda value, limit: value == limit,
    ">": lambda value, limit: value > limit,
    ">=": lambda value, limit: value >= limit,
    "<": lambda value, limit: value < limit,
    "<=": lambda value, limit: value <= limit,
}
_MISSING: Final = object()


class PatternError(ValueError):
    """The pattern asks what EventBridge does not know, or what this matcher does not."""


def matches_pattern(pattern: Mapping[str, Any], event: Any) -> bool:
    """Tell whether a pattern lets an event through. Raises PatternError for a broken pattern."""
    return all(_holds(name, asked, event) for name, asked in pattern.items())


def _holds(name: str, asked: Any, event: Any) -> bool:
    if name == "$or":
        if not isinstance(asked, list) or len(asked) < 2:  # noqa: PLR2004 - either, or
            raise PatternError("$or takes a list of at least two patterns")
        return any(matches_pattern(one, event) for one in asked)
    value = event.get(name, _MISSING) if isinstance(event, dict) else _MISSING
    if isinstance(asked, dict):
        return _below(asked, value)
    if not isinstance(asked, list) or not asked:
        raise PatternError(f"{name!r} takes a list or an object, and neither may be empty")
    return any(_entry_holds(one, value) for one in asked)


def _below(asked: Mapping[str, Any], value: Any) -> bool:
    if not asked:
        raise PatternError("an object in a pattern must not be empty")
    if not isinstance(value, list) or not value:
        return matches_pattern(asked, value)
    found = any(_below(asked, one) for one in value)
    return found and all(_is_absent_everywhere(name, value) for name in _absent(asked))


def _absent(asked: Mapping[str, Any]) -> Iterator[str]:
    """Name the fields of which a pattern demands that they be absent."""
    for name, entries in asked.items():
        if isinstance(entries, list) and entries == [{"exists": False}]:
            yield name


def _is_absent_everywhere(name: str, values: Sequence[Any]) -> bool:
    return not any(name in one for one in values if isinstance(one, dict))


def _entry_holds(entry: Any, value: Any) -> bool:
    leaves = list(_leaves(value))
    if isinstance(entry, dict):
        if "exists" in entry:
            return bool(leaves) is _flag(entry)
        return any(_operator_holds(entry, leaf) for leaf in leaves)
    return any(_equal(entry, leaf) for leaf in leaves)


def _leaves(value: Any) -> Iterator[Any]:
    """Give the values of a field: itself, or the entries of its list; objects are none."""
    if isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    elif value is not _MISSING and not isinstance(value, dict):
        yield value


def _flag(entry: Mapping[str, Any]) -> bool:
    if not isinstance(entry["exists"], bool):
        raise PatternError("exists takes true or false")
    return bool(entry["exists"])


def _equal(wanted: Any, leaf: Any) -> bool:
    if isinstance(wanted, bool) or isinstance(leaf, bool) or wanted is None or leaf is None:
        return wanted is leaf
    return bool(wanted == leaf)


def _operator_holds(entry: Mapping[str, Any], leaf: Any) -> bool:
    if len(entry) != 1:
        raise PatternError(f"an operator stands alone: {sorted(entry)}")
    (name, wanted), *_ = entry.items()
    match name:
        case "prefix" | "suffix" | "equals-ignore-case" | "wildcard":
            return isinstance(leaf, str) and _text_holds(name, wanted, leaf)
        case "anything-but":
            return _is_anything_but(wanted, leaf)
        case "numeric":
            return _is_number(leaf) and _numeric_holds(wanted, leaf)
        case "cidr":
            return isinstance(leaf, str) and _is_in(leaf, wanted)
    raise PatternError(f"there is no operator {name}")


def _text_holds(name: str, wanted: Any, leaf: str) -> bool:
    if isinstance(wanted, dict):
        wanted, leaf = str(wanted["equals-ignore-case"]).lower(), leaf.lower()
    if not isinstance(wanted, str):
        raise PatternError(f"{name} takes a text")
    match name:
        case "prefix":
            return leaf.startswith(wanted)
        case "suffix":
            return leaf.endswith(wanted)
        case "wildcard":
            return _wildcard(wanted).fullmatch(leaf) is not None
    return leaf.lower() == wanted.lower()


@lru_cache(maxsize=1_024)
def _wildcard(text: str) -> re.Pattern[str]:
    pieces = re.findall(r"\\[*\\]|.", text, re.DOTALL)
    if "**" in text:
        raise PatternError("a wildcard has no two * beside each other")
    return re.compile(
        "".join(".*" if one == "*" else re.escape(one[-1]) for one in pieces), re.DOTALL
    )


def _is_anything_but(wanted: Any, leaf: Any) -> bool:
    if isinstance(wanted, dict):
        (name, several), *_ = wanted.items()
        listed = several if isinstance(several, list) else [several]
        return not any(_operator_holds({name: one}, leaf) for one in listed)
    listed = wanted if isinstance(wanted, list) else [wanted]
    return not any(_equal(one, leaf) for one in listed)


def _is_number(leaf: Any) -> bool:
    return isinstance(leaf, int | float) and not isinstance(leaf, bool)


def _numeric_holds(wanted: Sequence[Any], leaf: float) -> bool:
    pairs = list(zip(wanted[::2], wanted[1::2], strict=True))
    if not pairs or any(one not in _COMPARISONS for one, _ in pairs):
        raise PatternError("numeric takes comparisons and numbers in turn")
    return all(_COMPARISONS[comparison](leaf, limit) for comparison, limit in pairs)


def _is_in(leaf: str, network: str) -> bool:
    try:
        return ip_address(leaf) in ip_network(network)
    except ValueError:
        return False
