"""Refuses what compiles but could never mean what its author thinks.

A derived field that does not exist is absent from every event, a key that Vedette does not know
under `vedette:` would do nothing, and some correlations ask for what nothing observes: such rules
would stay silent, or match everything behind a `not`.
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from pydantic import ValidationError

from vedette.configuration.content import ContentError, ContentProblem
from vedette.configuration.yaml_file import Location
from vedette.detection.compile.documents import Document
from vedette.detection.compile.parsing import entries
from vedette.detection.correlate.plan import refusals
from vedette.detection.derive.fields import FIELDS, derived_field
from vedette.detection.derive.lookup import parse_lookup
from vedette.detection.extensions import Extension, parsed
from vedette.detection.ir import CompiledCorrelation, CompiledExclusion, CompiledRule, fields_read
from vedette.detection.match.reading import DERIVED

_EXTENSION = "vedette"
_CORRELATION = "correlation"
_OTHER_SHAPE = ("model_type", "tuple_type")
_OF_RULES_ALONE = ("first_seen", "impossible_travel", "lookup")


def require_sound_rule(rule: CompiledRule, document: Document) -> None:
    """Raise ContentError if a rule reads a derived field or says something that is not there."""
    problems = [*_in_section(rule, document, "detection"), *_in_extension(document)]
    if problems:
        raise ContentError(problems)


def require_sound_exclusion(exclusion: CompiledExclusion, document: Document) -> None:
    """Raise ContentError if an exclusion reads a derived field that is not there."""
    problems = [*_in_section(exclusion, document, "filter"), *_in_extension(document)]
    if problems:
        raise ContentError(problems)


def require_sound_correlation(correlation: CompiledCorrelation, document: Document) -> None:
    """Raise ContentError if a correlation cannot run as it is meant."""
    problems = [
        document.problem((_CORRELATION, one.key), one.reason) for one in refusals(correlation)
    ]
    problems += _unknown(document, _fields_named(correlation))
    problems += _in_extension(document)
    problems += _of_rules_alone(document)
    if problems:
        raise ContentError(problems)


def _in_section(
    compiled: CompiledRule | CompiledExclusion, document: Document, section: str
) -> Iterator[ContentProblem]:
    """Name the line of every field that does not exist; a field may stand in several lines."""
    unknown = {name for name in fields_read(compiled) if _is_unknown(name)}
    named: set[str] = set()
    selections = document.content.get(section)
    for location, key, value in entries(selections, (section,)):
        texts = {key.split("|")[0] if key else "", *(map(str, _as_list(value)))}
        for name in sorted(unknown & texts):
            named.add(name)
            yield document.problem(location, _said(name))
    yield from (document.problem((section,), _said(name)) for name in sorted(unknown - named))


def _in_extension(document: Document) -> Iterator[ContentProblem]:
    written = document.content.get(_EXTENSION, {})
    try:
        extension = parsed(written)
    except ValidationError as error:
        for location, message in _complaints(error):
            yield document.problem((_EXTENSION, *location), message)
        return
    yield from _unknown(document, _fields_in(extension))


def _complaints(error: ValidationError) -> Iterator[tuple[Location, str]]:
    """Yield what is wrong and where; of a value that may have two shapes, about the nearer one."""
    errors = error.errors()
    deep = {one["loc"][:1] for one in errors if one["type"] not in _OTHER_SHAPE}
    for one in errors:
        if one["type"] not in _OTHER_SHAPE or one["loc"][:1] not in deep:
            yield one["loc"], _as_clause(str(one["msg"]))


def _fields_in(extension: Extension) -> Iterator[tuple[Location, str]]:
    if extension.first_seen is not None:
        for name in extension.first_seen.fields:
            yield (_EXTENSION, "first_seen", "fields"), name
    for lookup in extension.lookups:
        yield (_EXTENSION, "lookup"), lookup.field
    if extension.dedup is not None:
        for name in extension.dedup.fields:
            yield (_EXTENSION, "dedup", "fields"), name
    for number, step in enumerate(extension.triage):
        for name in step.fields:
            yield (_EXTENSION, "triage", number, "fields"), name


def _fields_named(correlation: CompiledCorrelation) -> Iterator[tuple[Location, str]]:
    """Yield the fields of a correlation; what an alias stands for is yielded in its place."""
    for name in correlation.group_by:
        if name not in correlation.aliases:
            yield (_CORRELATION, "group-by"), name
    for name in correlation.threshold.fields if correlation.threshold else ():
        if name not in correlation.aliases:
            yield (_CORRELATION, "condition", "field"), name
    for alias, of_rules in correlation.aliases.items():
        for name in of_rules.values():
            yield (_CORRELATION, "aliases", alias), name


def _of_rules_alone(document: Document) -> list[ContentProblem]:
    """Tell what only a plain rule may have, since a correlation would not heed it."""
    written = document.content.get(_EXTENSION)
    present = [key for key in _OF_RULES_ALONE if isinstance(written, dict) and key in written]
    return [
        document.problem((_EXTENSION, key), f"a correlation has no `{key}`; put it in a rule")
        for key in present
    ]


def _unknown(document: Document, named: Iterable[tuple[Location, str]]) -> Iterator[ContentProblem]:
    for location, name in named:
        if _is_unknown(name):
            yield document.problem(location, _said(name))


def _is_unknown(name: str) -> bool:
    """Tell whether a name looks like a derived field and is none; of a lookup, its field counts."""
    if not name.startswith(DERIVED):
        return False
    lookup = parse_lookup(name)
    return _is_unknown(lookup.field) if lookup is not None else derived_field(name) is None


def _said(name: str) -> str:
    near = get_close_matches(name, FIELDS, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"there is no derived field {name[:200]}{hint}"


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _as_clause(said: str) -> str:
    text = said.removeprefix("Value error, ")
    return text[:1].lower() + text[1:]
