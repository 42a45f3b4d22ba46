"""What a unit remembers of its last sweep: which rules judged it, so that new ones are known.

The findings of a rule's first sweep of a unit are marked as its baseline and told in one summary.
A rule counts as new if its file, its settings or Vedette's version are not those of the time.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from vedette import __version__
from vedette.operations.reevaluate_content import PostureContent
from vedette.posture.catalogue import CataloguedRule
from vedette.resources.resource import GLOBAL_REGION

SWEPT_MARK: Final = "swept"
# When a sweep last opened findings as a baseline; its word is the sweep's id.
BASELINE_MARK: Final = "baseline"
# The sweep that was started last: its word is JSON, `{"sweep": id, "execution": ARN}`.
PLANNED_MARK: Final = "sweep_planned"
# When the last sweep that is known to have come to its end was started; its word is its id.
FINISHED_MARK: Final = "sweep_finished"
_DIGITS: Final = 8


class Mark(Protocol):
    """When something was last done, and a word on it."""

    @property
    def at(self) -> datetime:
        """Return when."""
        ...

    @property
    def detail(self) -> str:
        """Return the word."""
        ...


class Marks(Protocol):
    """Keeps marks, which move forward only. Every method may raise FindingStoreError."""

    def set(self, name: str, at: datetime, detail: str = "") -> bool:
        """Move a mark; False if it is at that time or later already."""
        ...

    def get(self, name: str) -> Mark | None:
        """Return where a mark is."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What is swept at a time: a region of an account, or what it has but once."""

    account: str
    region: str

    @property
    def is_global(self) -> bool:
        """Tell whether it is what the account has but once."""
        return self.region == GLOBAL_REGION

    @property
    def mark(self) -> str:
        """Return the name of the unit's mark."""
        return f"{SWEPT_MARK}/{self.account}/{self.region}"


def prints_of(content: PostureContent, rules: Collection[CataloguedRule]) -> dict[str, str]:
    """Return what tells each rule, as it is now, from what it was, by rule id."""
    return {rule.id: _print(content, rule) for rule in rules}


def remembered(mark: Mark | None) -> frozenset[str]:
    """Return the rules that judged a unit, by what tells them from others; none if unknown."""
    if mark is None:
        return frozenset()
    try:
        known = json.loads(mark.detail)
    except ValueError:
        return frozenset()
    return frozenset(map(str, known)) if isinstance(known, list) else frozenset()


def memory(known: frozenset[str], prints: Mapping[str, str], blind: Collection[str]) -> str:
    """Return what to remember: the rules that have judged the unit by now, those of old forgotten.

    A rule that could judge nothing so far is not among them: its baseline is still to come.
    """
    judged = {one for rule, one in prints.items() if one in known or rule not in blind}
    return json.dumps(sorted(judged), separators=(",", ":"))


def _print(content: PostureContent, rule: CataloguedRule) -> str:
    parts = (
        __version__.encode(),
        rule.stable_id.encode(),
        rule.path.read_bytes(),
        content.parameters_of(rule).model_dump_json().encode(),
    )
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:_DIGITS]
