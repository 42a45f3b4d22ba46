"""Compiles Sigma filters into exclusions, and says which rules each of them quiets.

A Sigma filter narrows the rules that it names: pySigma appends `and (its condition)`, so its
author writes `condition: not selection`. Where that would have dropped a match, Vedette keeps the
match and lowers its severity to informational: what an attacker can take on must not make an event
disappear. Rules that an attacker would want quiet are never quieted.
"""

from dataclasses import dataclass

from sigma.filters import SigmaFilter
from sigma.rule import SigmaRule

from vedette.configuration.content import ContentError
from vedette.detection.compile.correlations import as_named
from vedette.detection.compile.documents import Document
from vedette.detection.compile.parsing import entry_problems, parsed, problem_of
from vedette.detection.compile.refusal import RefusalError
from vedette.detection.compile.rules import SOUND_DETECTION, ParsedRule
from vedette.detection.compile.selections import SectionCompiler
from vedette.detection.compile.values import ValueCompiler
from vedette.detection.ir import CompiledExclusion, Not
from vedette.detection.never_quiet import never_quieted

ANY_RULE = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedExclusion:
    """A compiled filter beside what pySigma read; `names` is None if it applies to any rule."""

    compiled: CompiledExclusion
    sigma: SigmaFilter
    document: Document
    names: tuple[str, ...] | None


def compile_exclusion(
    document: Document, exclusion_id: str, values: ValueCompiler
) -> ParsedExclusion:
    """Compile one filter. Raises ContentError with every problem of the document."""
    faults = list(entry_problems(document, "filter"))
    sound = {"filter": SOUND_DETECTION | {"rules": ANY_RULE}} if faults else {}
    try:
        content = document.content | sound
        sigma = parsed(lambda: SigmaFilter.from_dict(content, collect_errors=True))
    except RefusalError as refusal:
        raise ContentError([*faults, document.problem((), str(refusal))]) from refusal
    faults += [problem_of(document, "filter", error) for error in sigma.errors]
    if faults:
        raise ContentError(faults)
    section = SectionCompiler(document=document, section="filter", values=values)
    selections = section.selections(sigma.filter)
    keeps = section.condition(sigma.filter)
    if section.problems:
        raise ContentError(section.problems)
    compiled = CompiledExclusion(
        id=exclusion_id, title=sigma.title, condition=Not(keeps), selections=selections
    )
    return ParsedExclusion(compiled=compiled, sigma=sigma, document=document, names=_names(sigma))


def quiets(exclusion: ParsedExclusion, rule: ParsedRule, names: frozenset[str]) -> bool:
    """Tell whether an exclusion applies to a rule that is known by `names`."""
    if is_never_quieted(rule.sigma) or rule.sigma.logsource not in exclusion.sigma.logsource:
        return False
    return exclusion.names is None or not names.isdisjoint(exclusion.names)


def is_never_quieted(rule: SigmaRule) -> bool:
    """Tell whether a rule is about evading defences, IAM escalation or destroying backups."""
    return never_quieted(map(str, rule.tags))


def _names(sigma: SigmaFilter) -> tuple[str, ...] | None:
    if isinstance(sigma.filter.rules, str):
        return None
    return tuple(map(as_named, sigma.filter.rules))
