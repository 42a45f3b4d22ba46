"""Finds the rule that a correlation names.

The specification knows a rule's id and name; some authors refer by title, and in Vedette's own
folders by Vedette's id. The surer kind of name wins. Where several rules share one, the rule in the
correlation's own file is meant; if that does not settle it, nobody can tell which one is.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from vedette.detection.compile.correlations import ParsedCorrelation
from vedette.detection.compile.documents import Document
from vedette.detection.compile.refusal import RefusalError
from vedette.detection.compile.rules import ParsedRule

SIGMA_NAMES = ("id", "name", "title")


@dataclass(frozen=True, slots=True)
class _Called:
    """A rule that bears a name; `kind` says how sure that kind of name is, 0 being the surest."""

    id: str
    kind: int
    path: Path


class RuleNames:
    """What rules and correlations are called."""

    def __init__(self, some: Iterable[ParsedRule | ParsedCorrelation]) -> None:
        """Take note of all names of all rules and correlations."""
        self._called: defaultdict[str, list[_Called]] = defaultdict(list)
        for one in some:
            for kind, name in enumerate(names_of(one)):
                if name:
                    self._called[name].append(_Called(id_of(one), kind, one.document.path))

    def id_for(self, name: str, path: Path) -> str | None:
        """Return the id of the rule that a file calls by a name, or None if there is none.

        Raises RefusalError if the name fits several rules.
        """
        called = self._called.get(name, ())
        kind = min((one.kind for one in called), default=0)
        surest = [one for one in called if one.kind == kind]
        fitting = [one for one in surest if one.path == path] or surest
        ids = sorted({one.id for one in fitting})
        if len(ids) > 1:
            raise RefusalError(f"{name} may be any of several rules: {', '.join(ids[:5])}")
        return ids[0] if ids else None


def names_of(parsed: ParsedRule | ParsedCorrelation) -> list[str]:
    """Return what a rule may be called: by Sigma's id, name, Vedette's id, and by its title."""
    sigma = parsed.sigma
    return [str(sigma.id or ""), sigma.name or "", id_of(parsed), sigma.title]


def id_of(parsed: ParsedRule | ParsedCorrelation) -> str:
    """Return Vedette's id."""
    return parsed.compiled.id if isinstance(parsed, ParsedRule) else parsed.id


def names_in(document: Document) -> set[str]:
    """Return what a document that is not compiled calls itself."""
    written = (document.content.get(key) for key in SIGMA_NAMES)
    return {one for one in written if isinstance(one, str)}
