"""Collects the detections of all roots: Vedette's own, and any folder of Sigma rules.

A folder laid out like Vedette's (with a sub-folder `detection`) is read from there; any other is a
plain folder of Sigma rules, read as a whole. The id of a rule is its path in the folder without
the ending. Of several documents in one file the only correlation, or else the first one, has the
file's id; the others add `#` and their name, or their number where they have none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from sigma.rule import SigmaRuleBase

from vedette.configuration.content import ContentError, ContentFile, ContentProblem
from vedette.detection.compile.documents import Document, read_documents
from vedette.detection.compile.ruleset import NamedDocument, Ruleset, compile_ruleset
from vedette.detection.compile.values import Placeholders
from vedette.detection.content import detection_files
from vedette.detection.ir import (
    CompiledCorrelation,
    CompiledExclusion,
    CompiledRule,
    CompiledRules,
)

NO_PLACEHOLDERS: Placeholders = {}
Compiled: TypeAlias = CompiledRule | CompiledCorrelation | CompiledExclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedDetection:
    """A rule, correlation or exclusion with its texts and its place.

    `tests` is the list under `tests:`, `extension` the mapping under `vedette:`, as written;
    `document.line(location)` gives the line of anything in the file.
    """

    id: str
    compiled: Compiled
    document: Document
    built_in: bool
    description: str
    references: tuple[str, ...]
    false_positives: tuple[str, ...]
    author: str | None
    status: str | None
    tests: Sequence[Any]
    extension: Mapping[str, Any]

    @property
    def path(self) -> Path:
        """Return the file."""
        return self.document.path

    @property
    def title(self) -> str:
        """Return the title."""
        return self.compiled.title


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionCatalogue:
    """Every detection that was found, and what could not be loaded, with file, line and reason."""

    detections: tuple[LoadedDetection, ...]
    compiled: CompiledRules
    refused: tuple[ContentProblem, ...]
    for_other_logs: tuple[ContentProblem, ...]
    without_effect: tuple[ContentProblem, ...]

    def quieted_by(self, exclusion_id: str) -> list[str]:
        """Return the ids of the rules that an exclusion quiets."""
        return [rule.id for rule in self.compiled.rules if exclusion_id in rule.quieted_by]


def load_detection_rules(
    *,
    directories: Sequence[Path] = (),
    built_in: bool = True,
    placeholders: Placeholders = NO_PLACEHOLDERS,
) -> DetectionCatalogue:
    """Load all detections, ours and those of `directories`, in the order of their ids.

    `placeholders` gives the values for `%name%` under the modifier `expand`. What is wrong with
    a document is collected in the catalogue. Raises ContentError for a folder that is missing or
    writable by others, and for an id that stands in two roots.
    """
    documents: list[tuple[NamedDocument, bool]] = []
    problems: list[ContentProblem] = []
    for file in detection_files(directories, built_in=built_in):
        try:
            documents += [(one, file.built_in) for one in _named(file)]
        except ContentError as error:
            problems += error.problems
    ruleset = compile_ruleset((named for named, _ in documents), placeholders)
    return DetectionCatalogue(
        detections=tuple(_loaded(documents, ruleset)),
        compiled=ruleset.compiled,
        refused=(*problems, *ruleset.refused),
        for_other_logs=tuple(ruleset.for_other_logs),
        without_effect=tuple(ruleset.without_effect),
    )


def _named(file: ContentFile) -> Iterator[NamedDocument]:
    documents = read_documents(file.path)
    correlations = [one for one in documents if "correlation" in one.content]
    leading = correlations[0] if len(correlations) == 1 else documents[0] if documents else None
    taken: set[str | int] = set()
    for number, document in enumerate(documents, start=1):
        suffix = document.content.get("name") or number
        suffix = number if suffix in taken else suffix
        taken.add(suffix)
        own_id = file.id if document is leading else f"{file.id}#{suffix}"
        yield NamedDocument(id=own_id, document=document)


def _loaded(
    documents: Iterable[tuple[NamedDocument, bool]], ruleset: Ruleset
) -> Iterator[LoadedDetection]:
    everything = ruleset.compiled
    compiled: dict[str, Compiled] = {one.id: one for one in everything.rules}
    compiled |= {one.id: one for one in everything.correlations}
    compiled |= {one.id: one for one in everything.exclusions}
    for named, built_in in documents:
        if named.id in compiled:
            yield _with_texts(named, compiled[named.id], ruleset.sigma[named.id], built_in)


def _with_texts(
    named: NamedDocument,
    compiled: Compiled,
    sigma: SigmaRuleBase,
    built_in: bool,
) -> LoadedDetection:
    content = named.document.content
    tests = content.get("tests")
    return LoadedDetection(
        id=named.id,
        compiled=compiled,
        document=named.document,
        built_in=built_in,
        description=sigma.description or "",
        references=tuple(map(str, sigma.references)),
        false_positives=tuple(map(str, sigma.falsepositives)),
        author=sigma.author,
        status=str(sigma.status) if sigma.status else None,
        tests=tests if isinstance(tests, list) else (),
        extension=content.get("vedette") or {},
    )
