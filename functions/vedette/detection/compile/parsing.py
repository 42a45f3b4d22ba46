"""Calls pySigma and says where in the document its complaints belong."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from sigma import exceptions
from sigma.exceptions import SigmaError
from sigma.rule import SigmaDetectionItem

from vedette.configuration.content import ContentProblem
from vedette.configuration.yaml_file import Location
from vedette.detection.compile.documents import Document
from vedette.detection.compile.refusal import RefusalError
from vedette.detection.compile.values import regex_error

Parsed = TypeVar("Parsed")
PLACES: dict[type[SigmaError], str] = {
    exceptions.SigmaAuthorError: "author",
    exceptions.SigmaDateError: "date",
    exceptions.SigmaDescriptionError: "description",
    exceptions.SigmaFalsePositivesError: "falsepositives",
    exceptions.SigmaFieldsError: "fields",
    exceptions.SigmaIdentifierError: "id",
    exceptions.SigmaLevelError: "level",
    exceptions.SigmaLicenseError: "license",
    exceptions.SigmaLogsourceError: "logsource",
    exceptions.SigmaModifiedError: "modified",
    exceptions.SigmaNameError: "name",
    exceptions.SigmaReferencesError: "references",
    exceptions.SigmaRelatedError: "related",
    exceptions.SigmaScopeError: "scope",
    exceptions.SigmaStatusError: "status",
    exceptions.SigmaTagError: "tags",
    exceptions.SigmaTaxonomyError: "taxonomy",
    exceptions.SigmaTitleError: "title",
}
NO_SELECTIONS = frozenset({"condition", "rules"})
# Errors of a kind that pySigma raises for many things.
TOLD_BY_WORDS = {"Sigma tag": "tags", "Sigma rule name": "name"}
IN_SECTION: dict[type[SigmaError], str] = {
    exceptions.SigmaConditionError: "condition",
    exceptions.SigmaCorrelationConditionError: "condition",
    exceptions.SigmaCorrelationTypeError: "type",
    exceptions.SigmaFilterConditionError: "condition",
    exceptions.SigmaFilterRuleReferenceError: "rules",
    exceptions.SigmaTimespanError: "timespan",
}


def parsed(parse: Callable[[], Parsed]) -> Parsed:
    """Run one call into pySigma. Raises RefusalError for whatever comes out of it."""
    try:
        return parse()
    except RefusalError:
        raise
    except SigmaError as error:
        raise RefusalError(str(error)) from error
    # pySigma was written for documents that mean well: others make it fail in any way there is.
    except Exception as error:
        raise RefusalError(f"pySigma fails on it ({type(error).__name__}: {error})") from error


def problem_of(document: Document, section: str, error: SigmaError) -> ContentProblem:
    """Name the line that one of pySigma's collected errors is about."""
    kind, message = type(error), str(error)
    told = (place for begins, place in TOLD_BY_WORDS.items() if message.startswith(begins))
    place = PLACES.get(kind) or next(told, None)
    if place in document.content:
        return document.problem((str(place),), message)
    inner = IN_SECTION.get(kind)
    return document.problem((section, inner) if inner else (section,), message)


def entry_problems(document: Document, section: str) -> Iterator[ContentProblem]:
    """Go through the entries of a detection section and tell each that pySigma refuses."""
    detections = document.content.get(section)
    for location, key, value in entries(detections, (section,)):
        try:
            _parse_entry(key, value)
        except RefusalError as refusal:
            yield document.problem(location, str(refusal))


def entries(selections: Any, section: Location) -> Iterator[tuple[Location, str | None, Any]]:
    """Yield the entries of all selections of a section: where each stands, its key and its value.

    An entry without a field (a keyword) has no key.
    """
    if isinstance(selections, dict):
        for name, definition in selections.items():
            if name not in NO_SELECTIONS:
                yield from _entries(definition, (*section, name))


def _entries(definition: Any, location: Location) -> Iterator[tuple[Location, str | None, Any]]:
    if isinstance(definition, dict):
        for key, value in definition.items():
            yield (*location, key), key, value
    elif isinstance(definition, list) and any(isinstance(one, dict | list) for one in definition):
        for place, entry in enumerate(definition):
            yield from _entries(entry, (*location, place))
    else:
        yield location, None, definition


def _parse_entry(key: str | None, value: Any) -> None:
    if key is not None and "re" in key.split("|")[1:]:
        # RE2 writes to stderr what it refuses when pySigma asks it; asked here first, it does not.
        for regex in value if isinstance(value, list) else [value]:
            if not isinstance(regex, str):
                raise RefusalError("a regular expression must be text; put it in quotes")
            if said := regex_error(regex):
                message = f"RE2, which runs in linear time, cannot run the expression: {said}"
                raise RefusalError(message)
    parsed(lambda: SigmaDetectionItem.from_mapping(key, value))
