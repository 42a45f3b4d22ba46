"""Compiles plain Sigma rules."""

from dataclasses import dataclass
from typing import Any

from sigma.rule import SigmaRule, SigmaRuleBase

from vedette.configuration.content import ContentError, ContentProblem
from vedette.detection.compile.documents import Document
from vedette.detection.compile.parsing import entry_problems, parsed, problem_of
from vedette.detection.compile.refusal import RefusalError
from vedette.detection.compile.selections import SectionCompiler
from vedette.detection.compile.soundness import require_sound_rule
from vedette.detection.compile.values import ValueCompiler
from vedette.detection.ir import CompiledRule
from vedette.findings.severity import Severity

# A rule without a level must not vanish in a hunt that leaves out what is low.
LEVEL_WHERE_NONE_IS_GIVEN = Severity.MEDIUM
SOUND_DETECTION: dict[str, Any] = {"any": {"eventName": "any"}, "condition": "any"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedRule:
    """A compiled rule beside what pySigma read, which its filters and its texts need."""

    compiled: CompiledRule
    sigma: SigmaRule
    document: Document


def compile_rule(document: Document, rule_id: str, values: ValueCompiler) -> ParsedRule:
    """Compile one rule. Raises ContentError with every problem of the document."""
    faults = list(entry_problems(document, "detection"))
    faults += _misplaced(document)
    content = document.content | ({"detection": SOUND_DETECTION} if faults else {})
    try:
        sigma = parsed(lambda: SigmaRule.from_dict(content, collect_errors=True))
    except RefusalError as refusal:
        raise ContentError([*faults, document.problem((), str(refusal))]) from refusal
    faults += [problem_of(document, "detection", error) for error in sigma.errors]
    if faults:
        raise ContentError(faults)
    section = SectionCompiler(document=document, section="detection", values=values)
    selections = section.selections(sigma.detection)
    condition = section.condition(sigma.detection)
    if section.problems:
        raise ContentError(section.problems)
    compiled = CompiledRule(
        condition=condition, selections=selections, **common_attributes(sigma, document, rule_id)
    )
    require_sound_rule(compiled, document)
    return ParsedRule(compiled=compiled, sigma=sigma, document=document)


def common_attributes(sigma: SigmaRuleBase, document: Document, rule_id: str) -> dict[str, Any]:
    """Return what rules and correlations have in common. Raises ContentError."""
    extension = document.content.get("vedette", {})
    if not isinstance(extension, dict):
        raise ContentError([document.problem(("vedette",), "`vedette:` must be a mapping")])
    level = Severity(str(sigma.level)) if sigma.level else LEVEL_WHERE_NONE_IS_GIVEN
    return {
        "id": rule_id,
        "title": sigma.title,
        "level": level,
        "sigma_id": str(sigma.id) if sigma.id else None,
        "name": sigma.name,
        "tags": tuple(str(tag).lower() for tag in sigma.tags),
        "fields": tuple(str(field) for field in sigma.fields),
        "extension": extension,
    }


def _misplaced(document: Document) -> list[ContentProblem]:
    detection = document.content.get("detection")
    if isinstance(detection, dict) and "timeframe" in detection:
        message = "`timeframe` belongs to the old aggregations; write a correlation with `timespan`"
        return [document.problem(("detection", "timeframe"), message)]
    return []
