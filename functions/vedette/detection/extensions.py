"""What Vedette adds to a Sigma rule: the keys `vedette` and `tests`.

Sigma allows keys of one's own at the top of a document and says nothing about them, so a rule that
carries these stays a Sigma rule. Everything else that a rule says is standard Sigma. The JSON
schema of both keys is published in `docs/schemas/detection-extension.json`.
"""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator

from vedette.findings.severity import Severity

LOOKUP_PREFIX = "vedette.lookup"
UNIT_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}

Duration = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,5}[smhd]$")]
Offset = Annotated[str, StringConstraints(pattern=r"^[+-]?[0-9]{1,6}[smhd]$")]
FieldPath = Annotated[str, StringConstraints(min_length=1, max_length=200)]
FieldPaths = Annotated[tuple[FieldPath, ...], Field(min_length=1, max_length=8)]
Sentence = Annotated[str, StringConstraints(min_length=10, max_length=500)]
AccountId = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
Outcome = Literal["success", "denied", "failed"]


class Kind(StrEnum):
    """What a test of a rule shows.

    A match; something close that must not match; and the call with the opposite outcome (denied if
    the others succeed, or the other way round).
    """

    MATCH = "match"
    NEAR_MISS = "near_miss"
    OPPOSITE_OUTCOME = "opposite_outcome"


def seconds(duration: str) -> int:
    """Return the seconds of a duration or offset such as `30d`, `+5m` or `-10s`."""
    return int(duration[:-1]) * UNIT_SECONDS[duration[-1]]


class Section(BaseModel):
    """Base of the parts of an extension."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FirstSeen(Section):
    """Match only values that were not there before.

    The rule matches an event if this combination of values of `fields` did not occur within
    `look_back` before it, for the same principal or, with `principal: false`, for anybody. Nothing
    matches until events have been observed for `learning`; `vedette hunt --learn` does that
    beforehand from old logs.
    """

    fields: FieldPaths = Field(description="Fields whose combination of values must be new.")
    principal: bool = Field(default=True, description="New for this principal, or for anybody.")
    look_back: Duration = Field(default="30d", description="How long a value stays known.")
    learning: Duration = Field(default="7d", description="How long to observe before matching.")


class ImpossibleTravel(Section):
    """Match a principal that is at two places sooner than anybody travels.

    Places come from the database of locations; their radius of accuracy counts in favour of the
    traveller. Only events with a public source address have a place.
    """

    speed_kmh: float = Field(default=1_000, gt=0, description="The fastest that anybody travels.")
    min_km: float = Field(default=500, ge=0, description="Shorter distances never match.")


class Lookup(Section):
    """Match only if a value of `field` is in a list, or is not.

    `own_accounts` holds the account that an event belongs to and the configured ones,
    `trusted_accounts` also those that are trusted, `indicators.<name>` what the configuration lists
    under this name: texts, addresses and ranges of addresses. Of an ARN, the account counts. Where
    a field has several values, one suffices, so `not_in` means: one of them is not in the list.
    """

    field: FieldPath = Field(description="A field of the event, or a derived one.")
    list: str = Field(
        pattern=r"^(own_accounts|trusted_accounts|indicators\.[a-z0-9_-]{1,60})$",
        description="The list to look in.",
    )
    match: Literal["in", "not_in"] = Field(default="in", description="What counts as a match.")

    @property
    def derived_field(self) -> str:
        """Return the derived field that is true where the lookup matches."""
        return f"{LOOKUP_PREFIX}.{self.match}.{self.list}.{self.field}"


class Dedup(Section):
    """Which matches are one finding: those alike in `fields` that follow within `window`."""

    fields: FieldPaths = Field(description="Fields that tell one finding from another.")
    window: Duration = Field(default="1h", description="How long repeats join the finding.")


class Adjustment(Section):
    """A lower severity: a level, or by how many levels. It never becomes higher by this."""

    to: Severity | None = Field(default=None, description="The severity to use instead.")
    by: int | None = Field(default=None, ge=1, le=4, description="How many levels lower.")

    @model_validator(mode="after")
    def _is_one_way(self) -> Self:
        if (self.to is None) == (self.by is None):
            raise ValueError("give either `to` or `by`")
        return self

    def lowered(self, severity: Severity) -> Severity:
        """Return what becomes of a severity."""
        levels = list(Severity)
        rank = self.to.rank if self.to else severity.rank - (self.by or 0)
        return levels[max(0, min(rank, severity.rank))]


class OutcomeAdjustments(Section):
    """Severities of attempts that did not succeed, so that no rule is needed for them."""

    denied: Adjustment | None = Field(default=None, description="The caller lacked permission.")
    failed: Adjustment | None = Field(default=None, description="Another error came back.")

    def severity(self, outcome: str | None, severity: Severity) -> Severity:
        """Return the severity of a match with this outcome."""
        adjustment = {"denied": self.denied, "failed": self.failed}.get(outcome or "")
        return adjustment.lowered(severity) if adjustment else severity


_parsed: dict[int, tuple[Mapping[str, Any], "Extension"]] = {}
_MOST_PARSED = 8_192


def parsed(extension: Mapping[str, Any]) -> "Extension":
    """Return what a compiled rule has under `vedette:`; the same mapping is parsed once."""
    known = _parsed.get(id(extension))
    if known is None or known[0] is not extension:
        if len(_parsed) >= _MOST_PARSED:
            _parsed.clear()
        # What is kept holds the mapping, so its identity is not given to another one.
        known = _parsed[id(extension)] = (extension, Extension.model_validate(extension))
    return known[1]


NO_ADJUSTMENTS = OutcomeAdjustments()


class TriageStep(Section):
    """One of the first steps of triage, and the fields of the event to look at."""

    step: Sentence = Field(description="What to find out or to do, as a sentence.")
    fields: tuple[FieldPath, ...] = Field(default=(), description="Where the event tells it.")


class Extension(Section):
    """What stands under `vedette:` in a Sigma rule. Every part may be left out."""

    first_seen: FirstSeen | None = None
    impossible_travel: ImpossibleTravel | None = None
    lookup: Lookup | tuple[Lookup, ...] = Field(
        default=(), description="Lookups that must match as well, one or several."
    )
    dedup: Dedup | None = None
    outcome: OutcomeAdjustments | None = None
    triage: tuple[TriageStep, ...] = ()
    formerly: tuple[str, ...] = Field(
        default=(), max_length=20, description="Ids that the rule had before it was moved."
    )
    not_applicable: Mapping[Literal["near_miss", "opposite_outcome"], Sentence] = Field(
        default_factory=dict, description="Kinds of tests that make no sense here, and why."
    )

    @property
    def lookups(self) -> tuple[Lookup, ...]:
        """Return all lookups of the rule."""
        return (self.lookup,) if isinstance(self.lookup, Lookup) else self.lookup

    def severity(self, level: Severity, outcome: str | None, *, quieted: bool = False) -> Severity:
        """Return the severity of a match: lower if it did not succeed, least if it is excluded."""
        if quieted:
            return Severity.INFORMATIONAL
        return (self.outcome or NO_ADJUSTMENTS).severity(outcome, level)

    @model_validator(mode="after")
    def _has_one_memory(self) -> Self:
        if self.first_seen and self.impossible_travel:
            raise ValueError("a rule has either first_seen or impossible_travel")
        return self


class Place(Section):
    """Where an address is, in the settings of a test."""

    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    asn: int | None = Field(default=None, ge=0)
    asn_name: str | None = None
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)


class RuleTestSettings(Section):
    """What the configuration holds while a test runs: accounts, indicators, places."""

    own_accounts: tuple[AccountId, ...] = ()
    trusted_accounts: tuple[AccountId, ...] = ()
    indicators: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    places: Mapping[str, Place] = Field(default_factory=dict, description="By address.")


class RuleTestEvent(Section):
    """One event of a test, as a difference to a base event.

    `event` is merged into the base event: maps by key, everything else replaced. With `repeat`, the
    text `{n}` in values becomes 1, 2, 3 …
    """

    base: str | None = Field(default=None, description="File in `base_events`, without `.json`.")
    event: Mapping[str, JsonValue] = Field(default_factory=dict)
    without: tuple[FieldPath, ...] = Field(default=(), description="Fields to leave out.")
    at: Offset = Field(default="+0s", description="Time since the start of the test.")
    repeat: int = Field(default=1, ge=1, le=1_000)
    every: Offset = Field(default="+1s", description="Time between repetitions.")


class RuleTest(Section):
    """A test of a rule: one `event`, or `events` in time, and whether the rule matches.

    A rule with memory matches if any of `events` completes a match; `prior` happened before and is
    only remembered.
    """

    name: Sentence = Field(description="What happens, as a sentence.")
    matches: bool
    kind: Kind | None = Field(default=None, description="Default: match or near_miss.")
    base: str = Field(default="cloudtrail", description="Base event of all events.")
    event: Mapping[str, JsonValue] | None = None
    without: tuple[FieldPath, ...] = ()
    events: tuple[RuleTestEvent, ...] = ()
    prior: tuple[RuleTestEvent, ...] = ()
    settings: RuleTestSettings = Field(default_factory=RuleTestSettings)
    severity: Severity | None = Field(default=None, description="Severity expected of the match.")
    outcome: Outcome | None = Field(default=None, description="Outcome expected of the match.")

    @property
    def shown_kind(self) -> Kind:
        """Return the kind, told from the expectation where it is not given."""
        return self.kind or (Kind.MATCH if self.matches else Kind.NEAR_MISS)

    @model_validator(mode="after")
    def _is_coherent(self) -> Self:
        if (self.event is None) == (not self.events):
            raise ValueError("give either `event` or `events`")
        if self.events and self.without:
            raise ValueError("write `without` beside each of `events`")
        if not self.matches and (self.severity or self.outcome):
            raise ValueError("what does not match has neither severity nor outcome")
        if self.kind is not None and self.kind is not Kind.OPPOSITE_OUTCOME:
            expected = Kind.MATCH if self.matches else Kind.NEAR_MISS
            if self.kind is not expected:
                raise ValueError(f"with `matches: {str(self.matches).lower()}` it is a {expected}")
        return self


class DetectionKeys(BaseModel):
    """The two keys that Vedette adds to a Sigma document; Sigma's own are left to Sigma."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    vedette: Extension = Field(default_factory=Extension)
    tests: tuple[RuleTest, ...] = ()


def schema() -> dict[str, Any]:
    """Return the JSON schema of the keys `vedette` and `tests`, for editors."""
    return DetectionKeys.model_json_schema(mode="validation")


def schema_text() -> str:
    """Return the schema as it is published in `docs/schemas/detection-extension.json`."""
    return json.dumps(schema(), indent=2, sort_keys=True) + "\n"
