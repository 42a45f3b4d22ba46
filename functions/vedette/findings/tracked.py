"""A finding as it is tracked: its state, the transitions between states, and its timeline."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from vedette.findings.finding import Control, FindingKind, ResourceReference
from vedette.findings.observation import EPISODE_WINDOW
from vedette.findings.severity import Severity

SCHEMA_VERSION: Final = 1
VEDETTE: Final = "vedette"
CONFIGURATION: Final = "configuration"


class FindingStatus(StrEnum):
    """A finding's place in its lifecycle."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CONTAINED = "contained"
    RESOLVED = "resolved"
    SUPPRESSED = "suppressed"


class TransitionKind(StrEnum):
    """What happened to a finding that belongs into its timeline."""

    OPENED = "opened"
    REOPENED = "reopened"
    SEVERITY_RAISED = "severity_raised"
    REALERTED = "realerted"
    ACKNOWLEDGED = "acknowledged"
    CONTAINED = "contained"
    RESOLVED = "resolved"
    SUPPRESSED = "suppressed"
    RESPONSE = "response"


class Because(StrEnum):
    """Why a finding alerts again, was reopened or was resolved."""

    SUCCESS_AFTER_DENIALS = "success_after_denials"
    NEW_PRINCIPAL = "new_principal"
    NEW_REGION = "new_region"
    TEN_TIMES_THE_VOLUME = "ten_times_the_volume"
    FAILED_AGAIN = "failed_again"
    NEW_EPISODE = "new_episode"
    AFTER_CONTAINMENT = "after_containment"
    SUPPRESSION_EXPIRED = "suppression_expired"
    SUPPRESSION_LIFTED = "suppression_lifted"
    PASSED = "passed"
    RESOURCE_GONE = "resource_gone"
    BY_A_PERSON = "by_a_person"
    BY_CONFIGURATION = "by_configuration"


class Disposition(StrEnum):
    """What a resolved finding turned out to be."""

    TRUE_POSITIVE = "true_positive"
    FALSE_POSITIVE = "false_positive"
    BENIGN = "benign"


# Of these people want to hear; the others a person did who knows it already.
ALERTING: Final = frozenset(
    {
        TransitionKind.OPENED,
        TransitionKind.REOPENED,
        TransitionKind.SEVERITY_RAISED,
        TransitionKind.REALERTED,
        TransitionKind.RESOLVED,
        TransitionKind.RESPONSE,
    }
)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Transition(_Frozen):
    """The step that took a finding to the version `version`; `at` is our clock."""

    kind: TransitionKind
    at: AwareDatetime
    version: int = Field(ge=1)
    because: tuple[Because, ...] = ()
    actor: str = VEDETTE


class TimelineEntry(_Frozen):
    """Who did what and when; entries are only ever added.

    `at` is when Vedette noted it, `occurred_at` when it happened in the account (an event's time, a
    read's time). `place` counts the entries of one version from 0.
    """

    finding: str
    version: int = Field(ge=1)
    place: int = Field(default=0, ge=0)
    kind: TransitionKind
    at: AwareDatetime
    occurred_at: AwareDatetime
    actor: str = VEDETTE
    status: FindingStatus
    status_before: FindingStatus | None = None
    severity: Severity
    episode: int = Field(ge=1)
    because: tuple[Because, ...] = ()
    reason: str = ""
    disposition: Disposition | None = None
    until: AwareDatetime | None = None


class EventCount(_Frozen):
    """How many different events make up the current episode; if not exact, at least so many."""

    count: int = 0
    exact: bool = True

    def __str__(self) -> str:
        return f"{self.count:,}" if self.exact else f"≥ {self.count:,}"


class SuppressedUntil(_Frozen):
    """Who accepts the finding, why, and until when."""

    reason: str
    until: AwareDatetime
    actor: str


class TrackedFinding(_Frozen):
    """A finding as it stands now.

    `region`, `principal`, `reason` and `evidence` are those of the latest observation; `regions`,
    `principals` and `source_ips` are all that were seen, in bounded number. `first_seen` and
    `last_seen` are times of events or reads, `episode_start` that of the first in this episode;
    `opened_at` and `status_at` are by our clock: since when this episode and this status stand.
    `version` grows with each transition. `transition` is the last one that people want to hear of,
    `announced_version` the version of the last one they were told.

    The rest is the lifecycle's own: `occurrences` are the events remembered, so that none counts
    twice (`occurrences.py`); what happened until `past_until` belongs to the `past_episodes`;
    `judged_at` is the time of the read behind the verdict that stands, `latest` orders observations
    and `told_events` is how many events people heard of.
    """

    id: str
    kind: FindingKind
    rule: str
    title: str
    severity: Severity
    status: FindingStatus
    account: str
    region: str
    reason: str
    first_seen: AwareDatetime
    last_seen: AwareDatetime
    episode_start: AwareDatetime
    opened_at: AwareDatetime
    status_at: AwareDatetime
    resource: ResourceReference | None = None
    principal: str | None = None
    evidence: dict[str, JsonValue] = Field(default_factory=dict)
    controls: tuple[Control, ...] = ()
    tags: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    source_ips: tuple[str, ...] = ()
    episode: int = Field(default=1, ge=1)
    events: EventCount = EventCount()
    version: int = Field(default=1, ge=1)
    schema_version: int = SCHEMA_VERSION
    is_sample: bool = False
    origin: str | None = None
    baseline: bool = False
    transition: Transition | None = None
    announced_version: int = 0
    suppression: SuppressedUntil | None = None
    disposition: Disposition | None = None
    judged_at: AwareDatetime | None = None
    window: timedelta = EPISODE_WINDOW
    told_events: int = 0
    past_episodes: int = 0
    past_until: AwareDatetime | None = None
    latest: str = ""
    occurrences: frozenset[bytes] = Field(default=frozenset(), exclude=True, repr=False)

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still has to do something about it."""
        return self.status not in (FindingStatus.RESOLVED, FindingStatus.SUPPRESSED)

    @property
    def unannounced(self) -> bool:
        """Tell whether the last transition that people want to hear of has not been told."""
        return self.transition is not None and self.transition.version > self.announced_version
