"""The intermediate form of detection rules: what runs, and what one JSON file carries.

It knows neither pySigma nor YAML: Lambda decodes it. Conditions are defined beside it, in
`vedette.detection.conditions`, and are given on here.
"""

from enum import StrEnum
from typing import Any

import msgspec

from vedette.detection.conditions import (
    ALWAYS,
    NEVER,
    AllOf,
    AnyOf,
    Condition,
    Exists,
    Held,
    Moment,
    MomentPart,
    Network,
    Not,
    Null,
    Number,
    NumberOperator,
    Pattern,
    Predicate,
    ReferenceOperator,
    SameAs,
    Text,
    TextOperator,
    all_of,
    any_of,
    fields_of,
    inlined,
    predicates_in,
)
from vedette.findings.severity import Severity

__all__ = [
    "ALWAYS",
    "NEVER",
    "AllOf",
    "AnyOf",
    "CompiledCorrelation",
    "CompiledExclusion",
    "CompiledFormatError",
    "CompiledRule",
    "CompiledRules",
    "Condition",
    "CorrelationType",
    "Exists",
    "Held",
    "Moment",
    "MomentPart",
    "Network",
    "Not",
    "Null",
    "Number",
    "NumberOperator",
    "Pattern",
    "Predicate",
    "ReferenceOperator",
    "SameAs",
    "Text",
    "TextOperator",
    "Threshold",
    "all_of",
    "any_of",
    "fields_of",
    "fields_read",
    "from_json",
    "inlined",
    "predicates_in",
    "to_json",
]

FORMAT = 1


class CompiledRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One detection rule, ready to run.

    `quieted_by` names the exclusions that lower its severity to informational; `feeds` names the
    correlations that count it, and where `alerts` is False it does nothing else. `extension` is
    the mapping under the rule's `vedette:` key.
    """

    id: str
    title: str
    level: Severity
    condition: Condition
    selections: dict[str, Condition]
    sigma_id: str | None = None
    name: str | None = None
    tags: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    quieted_by: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    alerts: bool = True
    extension: dict[str, Any] = {}


class CompiledExclusion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A Sigma filter: a match on which its condition holds too is only informational."""

    id: str
    title: str
    condition: Condition
    selections: dict[str, Condition]


class CorrelationType(StrEnum):
    """Every type of correlation that pySigma knows."""

    EVENT_COUNT = "event_count"
    VALUE_COUNT = "value_count"
    VALUE_SUM = "value_sum"
    VALUE_AVG = "value_avg"
    VALUE_PERCENTILE = "value_percentile"
    VALUE_MEDIAN = "value_median"
    TEMPORAL = "temporal"
    TEMPORAL_ORDERED = "temporal_ordered"


class Threshold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a correlation's figure is compared with.

    `fields` are those whose value is counted or measured: several make one combined value.
    """

    operator: NumberOperator
    count: int | float
    fields: tuple[str, ...] = ()
    percentile: int | None = None


class CompiledCorrelation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A correlation over other rules, which `rules` names by id in the order of the document.

    `timespan` is in seconds. `aliases` maps a name in `group_by` to the field of each rule. Just
    one of `threshold` and `expression` is given; in the latter `Held` names a rule by its id.
    `alerts` is False if it only feeds other correlations.
    """

    id: str
    title: str
    level: Severity
    type: CorrelationType
    rules: tuple[str, ...]
    timespan: int
    group_by: tuple[str, ...] = ()
    aliases: dict[str, dict[str, str]] = {}
    threshold: Threshold | None = None
    expression: Condition | None = None
    generate: bool = False
    sigma_id: str | None = None
    name: str | None = None
    tags: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    alerts: bool = True
    extension: dict[str, Any] = {}


class CompiledRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that a hunt or a Lambda needs to detect."""

    rules: tuple[CompiledRule, ...] = ()
    correlations: tuple[CompiledCorrelation, ...] = ()
    exclusions: tuple[CompiledExclusion, ...] = ()
    format: int = FORMAT


class CompiledFormatError(Exception):
    """The compiled file was not written by this version; compile the rules again."""


def to_json(compiled: CompiledRules) -> bytes:
    """Write the one file that carries compiled rules; the same rules give the same bytes."""
    return msgspec.json.encode(compiled, order="deterministic")


def from_json(text: bytes) -> CompiledRules:
    """Read what `to_json` wrote. Raises CompiledFormatError for anything else."""
    try:
        compiled = _DECODER.decode(text)
    except msgspec.MsgspecError as error:
        raise CompiledFormatError(f"these are not compiled rules: {error}") from error
    if compiled.format != FORMAT:
        raise CompiledFormatError(f"the rules are in format {compiled.format}, not {FORMAT}")
    return compiled


def fields_read(rule: CompiledRule | CompiledExclusion) -> frozenset[str]:
    """Return the names of the fields that a rule's condition reads."""
    read: set[str] = set()
    for predicate in predicates_in(inlined(rule.condition, rule.selections)):
        read |= {name for name in fields_of(predicate) if name is not None}
    return frozenset(read)


_DECODER = msgspec.json.Decoder(CompiledRules)
