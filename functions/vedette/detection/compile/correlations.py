"""Compiles Sigma correlations into the neutral form that `vedette.detection.correlate` runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sigma.correlations import (
    CorrelationConditionAND,
    CorrelationConditionNOT,
    CorrelationConditionOR,
    SigmaCorrelationCondition,
    SigmaCorrelationRule,
    SigmaExtendedCorrelationCondition,
    SigmaRuleReference,
)

from vedette.configuration.content import ContentError
from vedette.detection.compile.documents import Document
from vedette.detection.compile.parsing import parsed, problem_of
from vedette.detection.compile.refusal import RefusalError
from vedette.detection.compile.rules import common_attributes
from vedette.detection.compile.soundness import require_sound_correlation
from vedette.detection.ir import (
    CompiledCorrelation,
    Condition,
    CorrelationType,
    Held,
    Not,
    NumberOperator,
    Threshold,
    all_of,
    any_of,
)

SECTION = "correlation"
KEYS = frozenset(
    {"type", "rules", "group-by", "timespan", "condition", "aliases", "generate", "name"}
)
OPERATORS: dict[str, NumberOperator] = {
    "LT": "lt",
    "LTE": "lte",
    "GT": "gt",
    "GTE": "gte",
    "EQ": "eq",
    "NEQ": "neq",
}
MEASURED = frozenset(
    {
        CorrelationType.VALUE_COUNT,
        CorrelationType.VALUE_SUM,
        CorrelationType.VALUE_AVG,
        CorrelationType.VALUE_PERCENTILE,
        CorrelationType.VALUE_MEDIAN,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedCorrelation:
    """What pySigma read of a correlation, before its references are resolved."""

    id: str
    sigma: SigmaCorrelationRule
    document: Document


def parse_correlation(document: Document, correlation_id: str) -> ParsedCorrelation:
    """Parse one correlation. Raises ContentError with every problem of the document."""
    section = document.content[SECTION]
    unknown = sorted(set(section) - KEYS) if isinstance(section, dict) else []
    faults = [document.problem((SECTION, key), f"a correlation has no `{key}`") for key in unknown]
    try:
        content = document.content
        sigma = parsed(lambda: SigmaCorrelationRule.from_dict(content, collect_errors=True))
    except RefusalError as refusal:
        raise ContentError([*faults, document.problem((SECTION,), str(refusal))]) from refusal
    faults += [problem_of(document, SECTION, error) for error in sigma.errors]
    if faults:
        raise ContentError(faults)
    return ParsedCorrelation(id=correlation_id, sigma=sigma, document=document)


def compile_correlation(
    correlation: ParsedCorrelation, ids: Mapping[str, str]
) -> CompiledCorrelation:
    """Compile a parsed correlation; `ids` gives the id of a rule by whatever names it.

    Raises ContentError with every problem of the document.
    """
    sigma, document = correlation.sigma, correlation.document
    problems = [
        document.problem((SECTION, "rules"), f"there is no rule with the id or name {name}")
        for name in rule_names(sigma)
        if name not in ids
    ]
    problems += [
        document.problem((SECTION, "aliases", alias.alias), f"it names {name}, no rule of it")
        for alias in sigma.aliases
        for name in map(as_named, alias.mapping)
        if ids.get(name) not in {ids.get(known) for known in rule_names(sigma)}
    ]
    if problems:
        raise ContentError(problems)
    try:
        settings = _settings(sigma, ids)
    except RefusalError as refusal:
        problem = document.problem((SECTION, "condition"), str(refusal))
        raise ContentError([problem]) from refusal
    compiled = CompiledCorrelation(**settings, **common_attributes(sigma, document, correlation.id))
    require_sound_correlation(compiled, document)
    return compiled


def rule_names(sigma: SigmaCorrelationRule) -> list[str]:
    """Return the names of the rules that a correlation is about, as its document writes them."""
    if sigma.rules is None:
        condition = sigma.condition
        if isinstance(condition, SigmaExtendedCorrelationCondition):
            return condition.get_referenced_rules()
        return []
    return [as_named(rule) for rule in sigma.rules]


def as_named(reference: SigmaRuleReference) -> str:
    """Return the name that a reference uses; an UUID as UUIDs are usually written."""
    name = str(reference.reference)
    try:
        return str(UUID(name))
    except ValueError:
        return name


def _settings(sigma: SigmaCorrelationRule, ids: Mapping[str, str]) -> dict[str, Any]:
    kind = CorrelationType(sigma.type.name.lower())
    settings: dict[str, Any] = {
        "type": kind,
        "rules": _rules(sigma, ids),
        "timespan": sigma.timespan.seconds,
        "group_by": tuple(sigma.group_by or ()),
        "generate": sigma.generate,
        "aliases": {
            alias.alias: {ids[as_named(rule)]: field for rule, field in alias.mapping.items()}
            for alias in sigma.aliases
        },
    }
    if isinstance(sigma.condition, SigmaCorrelationCondition):
        return settings | {"threshold": _threshold(kind, sigma.condition)}
    return settings | {"expression": _expression(sigma.condition.parsed, ids)}


def _rules(sigma: SigmaCorrelationRule, ids: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ids of the rules. An expression may name one several times, a list may not."""
    named = [ids[name] for name in rule_names(sigma)]
    return tuple(named if sigma.rules is not None else dict.fromkeys(named))


def _threshold(kind: CorrelationType, condition: SigmaCorrelationCondition) -> Threshold:
    given = condition.fieldref
    fields = tuple(map(str, given if isinstance(given, list) else [given] if given else []))
    if fields and kind not in MEASURED:
        raise RefusalError(f"`field` means nothing in a correlation of type {kind}")
    if condition.percentile is not None and kind is not CorrelationType.VALUE_PERCENTILE:
        raise RefusalError(f"`percentile` means nothing in a correlation of type {kind}")
    if kind is CorrelationType.VALUE_PERCENTILE and condition.percentile not in range(101):
        raise RefusalError("a value_percentile needs a `percentile` from 0 to 100")
    if len(fields) > 1 and kind is not CorrelationType.VALUE_COUNT:
        raise RefusalError(f"a {kind} measures one field")
    return Threshold(
        operator=OPERATORS[condition.op.name],
        count=condition.count,
        fields=fields,
        percentile=condition.percentile,
    )


def _expression(tree: Any, ids: Mapping[str, str]) -> Condition:
    match tree:
        case SigmaRuleReference():
            return Held(ids[tree.reference])
        case CorrelationConditionAND():
            return all_of(*(_expression(part, ids) for part in tree.args))
        case CorrelationConditionOR():
            return any_of(*(_expression(part, ids) for part in tree.args))
        case CorrelationConditionNOT():
            return Not(_expression(tree.args[0], ids))
    raise RefusalError(f"the condition holds a {type(tree).__name__}, which is not supported")
