"""What a capability reports about a finding at one time."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from math import isfinite
from typing import Annotated, Any, Final, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    field_validator,
    model_validator,
)

from vedette.findings.bounds import bounded, bounded_text
from vedette.findings.finding import (
    Control,
    Finding,
    FindingKind,
    ResourceReference,
    Suppressed,
    finding_id,
)
from vedette.findings.severity import Severity
from vedette.findings.verdict import Verdict

EPISODE_WINDOW: Final = timedelta(hours=24)
MOST_EVENTS_TOLD: Final = 1_000
MOST_EVIDENCE: Final = 16_000
ANY_REGION: Final = "*"
_LATEST_SECOND: Final = 2**32 - 1


def _storable(value: JsonValue) -> JsonValue:
    """Replace what neither UTF-8 nor JSON can write: half characters, and what is no number."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {_storable_text(name): _storable(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [_storable(entry) for entry in value]
    return value


def _entries(evidence: Mapping[str, Any]) -> Iterable[tuple[str, JsonValue]]:
    kept = bounded(evidence)
    return (
        [(_storable_text(name), entry) for name, entry in kept.items()]
        if isinstance(kept, dict)
        else []
    )


def _cut(evidence: dict[str, JsonValue]) -> JsonValue:
    """Keep entries as long as there is room; what is too long for it is told by its beginning."""
    kept: dict[str, JsonValue] = {}
    room = MOST_EVIDENCE
    for name, entry in evidence.items():
        text = json.dumps(entry)
        shown = entry if len(text) <= room else bounded_text(text)
        room -= len(name) + len(json.dumps(shown))
        if room < 0:
            kept["…"] = f"{len(evidence) - len(kept)} more"
            break
        kept[name] = shown
    return kept


def _storable_text(text: str) -> str:
    return str(_storable(text))


def _bounded_name(value: object) -> object:
    return bounded_text(_storable_text(value), 500) if isinstance(value, str) else value


BoundedName = Annotated[str, BeforeValidator(_bounded_name)]


class Outcome(StrEnum):
    """How the call behind an event ended."""

    SUCCESS = "success"
    DENIED = "denied"
    FAILED = "failed"


class Observation(BaseModel):
    """One thing that a capability reports about the finding `id`.

    There are two sorts. One with a `verdict` tells how something is at `time`: it may be resolved
    by a later PASSED, or because the resource is `gone`. One without tells that something happened
    at `time`: `event_ids` name what (at least one, each counted once however often it is told), and
    what happens more than `window` after everything before it begins a new episode.

    `region` is where it happened; `principal`, `source_ip` and `outcome` tell who, from where and
    with what success. `suppressed` says that the configuration accepts it. `baseline` marks what
    the first sweep of an account or rule finds, `is_sample` what another service sent as a sample;
    `origin` names that service. Texts may be an attacker's: they are bounded here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kind: FindingKind
    rule: str
    title: BoundedName
    severity: Severity
    account: str
    region: str
    time: AwareDatetime
    reason: str
    verdict: Verdict | None = None
    gone: bool = False
    resource: ResourceReference | None = None
    principal: BoundedName | None = None
    source_ip: BoundedName | None = None
    outcome: Outcome | None = None
    evidence: dict[str, JsonValue] = Field(default_factory=dict)
    tags: tuple[str, ...] = ()
    controls: tuple[Control, ...] = ()
    event_ids: tuple[str, ...] = Field(default=(), max_length=MOST_EVENTS_TOLD)
    window: timedelta = EPISODE_WINDOW
    suppressed: Suppressed | None = None
    baseline: bool = False
    is_sample: bool = False
    origin: str | None = None

    @field_validator("reason")
    @classmethod
    def _bounded_reason(cls, value: str) -> str:
        return bounded_text(_storable_text(value))

    @field_validator("evidence", mode="before")
    @classmethod
    def _bounded_evidence(cls, value: Mapping[str, Any]) -> JsonValue:
        return _cut({str(name): _storable(entry) for name, entry in _entries(value)})

    @field_validator("resource")
    @classmethod
    def _storable_resource(cls, value: ResourceReference | None) -> ResourceReference | None:
        if value is None:
            return None
        return value.model_copy(
            update={
                "id": _storable_text(value.id),
                "arn": _storable_text(value.arn),
                "tags": None if value.tags is None else _storable(dict(value.tags)),
            }
        )

    @model_validator(mode="after")
    def _one_sort(self) -> Self:
        if self.verdict is None and not self.gone and not self.event_ids:
            raise ValueError("an observation needs a verdict, a resource that is gone, or events")
        if self.event_ids and not self.tells_events:
            raise ValueError("an observation tells a verdict or events, not both")
        if self.kind is FindingKind.POSTURE and self.tells_events:
            raise ValueError("a posture observation tells a verdict, not events")
        return self

    @property
    def tells_events(self) -> bool:
        """Tell whether it says that something happened, not how something is."""
        return self.verdict is None and not self.gone


def observed(finding: Finding, time: datetime, *, baseline: bool = False) -> Observation:
    """Return what a rule's verdict about a resource, read at `time`, says about its finding."""
    return Observation(
        id=finding.id,
        kind=finding.kind,
        rule=finding.rule,
        title=finding.title,
        severity=finding.severity,
        account=finding.account,
        region=finding.region,
        time=time,
        reason=finding.reason,
        verdict=finding.verdict,
        resource=finding.resource,
        evidence=finding.evidence,
        controls=finding.controls,
        suppressed=finding.suppressed,
        baseline=baseline,
    )


def event_finding_id(kind: FindingKind, rule: str, account: str, dedup_key: str) -> str:
    """Return the id of a finding that events make.

    The region is no part of it, so that the same thing in another region alerts as such.
    """
    return finding_id(kind, rule, account, ANY_REGION, dedup_key)


def second_of(time: datetime) -> int:
    """Return whole seconds since 1970, as far as 4 bytes hold them."""
    return min(max(int(time.timestamp()), 0), _LATEST_SECOND)
