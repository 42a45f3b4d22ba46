"""A change of a finding as one write: a repeat as an UpdateItem, a transition as a transaction."""

from collections.abc import Iterable
from typing import Any, Final

from vedette.aws.stores import tables
from vedette.aws.stores.calling import Values
from vedette.aws.stores.encoding import (
    ADDRESSES,
    INDEXED,
    OCCURRENCES,
    attributes,
    entry_item,
    pending_attributes,
    set_attributes,
    state_key,
)
from vedette.findings.lifecycle import Change
from vedette.findings.tracked import TrackedFinding

# What is read out of the occurrences again, so that adding those is enough.
DERIVED: Final = frozenset(
    {
        *("episode", "episode_start", "first_seen", "last_seen", "events", "severity"),
        *(OCCURRENCES, ADDRESSES),
    }
)


class _Expression:
    """An update expression with its names and values."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: Values = {}
        self._sets: list[str] = []
        self._adds: list[str] = []
        self._removes: list[str] = []
        self._conditions: list[str] = []

    def set(self, name: str, value: Any) -> None:
        self._sets.append(f"{self._name(name)} = {self._value(name, value)}")

    def add(self, name: str, value: Any) -> None:
        self._adds.append(f"{self._name(name)} {self._value(name, value)}")

    def remove(self, name: str) -> None:
        self._removes.append(self._name(name))

    def require(self, name: str, operator: str, value: Any) -> None:
        placeholder = self._value(f"was_{name}", value)
        self._conditions.append(f"{self._name(name)} {operator} {placeholder}")

    def request(self) -> Values:
        clauses = (("SET", self._sets), ("ADD", self._adds), ("REMOVE", self._removes))
        return {
            "UpdateExpression": " ".join(
                f"{verb} {', '.join(parts)}" for verb, parts in clauses if parts
            ),
            "ConditionExpression": " AND ".join(self._conditions),
            "ExpressionAttributeNames": self.names,
            "ExpressionAttributeValues": self.values,
        }

    def _name(self, name: str) -> str:
        self.names[f"#{name}"] = name
        return f"#{name}"

    def _value(self, name: str, value: Any) -> str:
        self.values[f":{name}"] = value
        return f":{name}"


def is_transition(change: Change) -> bool:
    """Tell whether a change takes a transaction."""
    return change.before is None or bool(change.entries)


def repeat_request(change: Change, before: TrackedFinding) -> Values:
    """Return the UpdateItem of a repeat."""
    expression = _Expression()
    expression.require("version", "=", {"N": str(before.version)})
    if not _adds_alone(before, change.after):
        _set_attributes(expression, change.after)
        # Whoever tells of something later goes first; both are right.
        newer = change.after.latest > before.latest
        latest = change.after.latest if newer else before.latest
        expression.require("latest", "<" if newer else "=", {"S": latest})
    _change_sets(expression, before, change.after)
    return {"Key": state_key(before.id), **expression.request()}


def transition_requests(change: Change, table: str) -> list[Values]:
    """Return the parts of a transition's transaction."""
    state = _new(change) if change.before is None else _changed(change, change.before)
    entries = (
        {
            "Put": {
                "TableName": table,
                "Item": entry_item(entry),
                "ConditionExpression": f"attribute_not_exists({tables.PARTITION_KEY})",
            }
        }
        for entry in change.entries
    )
    verb = "Put" if change.before is None else "Update"
    return [{verb: {"TableName": table, **state}}, *entries]


def _new(change: Change) -> Values:
    after = change.after
    item = {
        **state_key(after.id),
        **attributes(after),
        **set_attributes(after),
        **pending_attributes(after),
    }
    return {
        "Item": item,
        "ConditionExpression": f"attribute_not_exists({tables.PARTITION_KEY})",
    }


def _changed(change: Change, before: TrackedFinding) -> Values:
    after, expression = change.after, _Expression()
    _set_attributes(expression, after)
    if change.transition is not None:
        for name, value in pending_attributes(after).items():
            expression.set(name, value)
    _change_sets(expression, before, after)
    expression.require("version", "=", {"N": str(before.version)})
    expression.require("status", "=", {"S": before.status.value})
    expression.require("latest", "=", {"S": before.latest})
    return {"Key": state_key(before.id), **expression.request()}


def _set_attributes(expression: _Expression, after: TrackedFinding) -> None:
    """Set every attribute: what is read of others may be older than what stands there."""
    wanted = attributes(after)
    for name, value in wanted.items():
        expression.set(name, value)
    for name in INDEXED:
        if name not in wanted:
            expression.remove(name)


def _change_sets(expression: _Expression, before: TrackedFinding, after: TrackedFinding) -> None:
    _change_set(expression, OCCURRENCES, "BS", before.occurrences, after.occurrences)
    _change_set(expression, ADDRESSES, "SS", before.source_ips, after.source_ips)


def _change_set(
    expression: _Expression, name: str, kind: str, before: Iterable[Any], after: Iterable[Any]
) -> None:
    """Add to a set, which others may do at the same time, or put a smaller one in its place."""
    known, wanted = frozenset(before), frozenset(after)
    if wanted >= known:
        if wanted > known:
            expression.add(name, {kind: sorted(wanted - known)})
        return
    # Nothing that somebody else added in the meantime may be lost.
    expression.require(name, "=", {kind: sorted(known)})
    if wanted:
        expression.set(name, {kind: sorted(wanted)})
    else:
        expression.remove(name)


def _adds_alone(before: TrackedFinding, after: TrackedFinding) -> bool:
    """Tell whether adding to the sets is all there is to write."""
    different = {
        name
        for name in TrackedFinding.model_fields
        if getattr(before, name) != getattr(after, name)
    }
    return different <= DERIVED and OCCURRENCES in different
