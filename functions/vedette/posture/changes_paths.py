"""Finds what an event names, in all the shapes in which CloudTrail writes parameters.

- Keys are the API's with the first letter lower-cased, or as they are; case does not count here.
- Newer EC2 calls stand in a wrapper named after the call: `CreateFlowLogsRequest`.
- Lists are JSON lists, or objects with `items`, `item` or `member`; a listed value may be written
  `{"tag": 1, "content": "fl-1"}`, and one value stands alone where several make a list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

MOST_VISITED: Final = 2_000
_WRAPPERS: Final = ("request", "response", "req", "resp")
_LISTS: Final = frozenset({"items", "item", "member", "content"})
_MEMBERS: Final = {
    "request": "requestParameters",
    "response": "responseElements",
    "resources": "resources",
}


@dataclass(frozen=True, slots=True)
class Named:
    """The texts at a place of an event; `is_whole` is False if there is more than can be told."""

    texts: tuple[str, ...] = ()
    is_whole: bool = True


def named_at(record: Mapping[str, Any], path: str) -> Named:
    """Return what an event names at a path such as `request.groupId`; nulls count as absent."""
    part, *keys = path.split(".")
    texts: dict[str, None] = {}
    is_whole = True
    for visited, value in enumerate(_values(record.get(_MEMBERS[part]), keys)):
        if isinstance(value, str) and value and visited < MOST_VISITED:
            texts[value] = None
            continue
        is_whole = False
        if visited >= MOST_VISITED:
            break
    return Named(tuple(texts), is_whole)


def _values(start: Any, keys: list[str]) -> Iterator[Any]:
    to_visit = [(start, 0)]
    visited = 0
    while to_visit:
        value, place = to_visit.pop()
        visited += 1
        if visited > MOST_VISITED:
            yield None
            return
        if isinstance(value, list):
            to_visit += [(one, place) for one in value[:MOST_VISITED]]
        elif isinstance(value, dict):
            below = _below(value, keys[place] if place < len(keys) else None, place)
            to_visit += below
            if place == len(keys) and not below:
                yield None
        elif value is not None and place == len(keys):
            yield value


def _below(value: Mapping[str, Any], key: str | None, place: int) -> list[tuple[Any, int]]:
    wanted = key.lower() if key is not None else None
    found = [(one, place + 1) for name, one in value.items() if name.lower() == wanted]
    if found:
        return found
    lists = [(one, place) for name, one in value.items() if name.lower() in _LISTS]
    if lists or key is None or place:
        return lists
    return [(one, place) for name, one in value.items() if name.lower().endswith(_WRAPPERS)]
