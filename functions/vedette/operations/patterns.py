"""All EventBridge patterns of the enabled rules: which events AWS sends to the hub, and where to.

Patterns let through at least what the rules match and what changes resources. A region gets all of
them, whichever services it has: global services write their events in one region only, sign-ins
and role assumptions in any.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from vedette.configuration.content import ContentProblem
from vedette.configuration.loader import LoadedConfiguration, load_configuration
from vedette.detection.ir import CompiledRules
from vedette.detection.patterns.boxes import EVENT_NAME, EVENT_SOURCE, Box, boxes_of, narrowest
from vedette.detection.patterns.envelope import is_left_out_by_default
from vedette.detection.patterns.matchers import ABSENT, written
from vedette.detection.patterns.matching import matches_pattern
from vedette.detection.patterns.packing import packed, pattern_text
from vedette.operations.hunt_rules import RuleChoice, load_hunt_rules
from vedette.posture.changes import ChangeMap
from vedette.posture.changes_catalogue import KIND as CHANGES
from vedette.posture.changes_catalogue import load_change_map

Queue: TypeAlias = Literal["detect", "change", "signal"]
State: TypeAlias = Literal["ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"]
WRITES: Final[State] = "ENABLED"
READS_TOO: Final[State] = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
# Of the rules that a bus has room for, a region gives Vedette no more than these.
MOST_PATTERNS: Final = 12
MOST_OF_CHANGES: Final = 4
MOST_OF_DETECTIONS: Final = 7
# Calls that read are many times those that write, so what is asked of them is widened last.
FEWEST_OF_WRITES: Final = 2
# The canary's calls must come back, whatever rules ask for: see `vedette.operations.canary`.
CANARY: Final = Box(
    {
        EVENT_SOURCE: frozenset({written("s3.amazonaws.com")}),
        EVENT_NAME: frozenset(map(written, ("PutBucketOwnershipControls", "GetBucketTagging"))),
    }
)
# What AWS's own services find or do. Source: Amazon EventBridge Events Reference.
SIGNALS: Final[Mapping[str, tuple[str, ...]]] = {
    "aws.access-analyzer": ("Access Analyzer Finding", "Unused Access Finding for IAM entities"),
    "aws.backup": (
        *("Backup Job State Change", "Copy Job State Change", "Restore Job State Change"),
        *("Recovery Point State Change", "Backup Vault State Change", "Backup Plan State Change"),
    ),
    "aws.ec2": ("EBS Snapshot Notification", "EBS Volume Notification"),
    "aws.guardduty": ("GuardDuty Finding",),
    "aws.health": ("AWS Health Event", "AWS Health Abuse Event"),
    "aws.inspector2": ("Inspector2 Finding",),
    "aws.macie": ("Macie Finding",),
    "aws.rds": (
        *("RDS DB Instance Event", "RDS DB Cluster Event"),
        *("RDS DB Snapshot Event", "RDS DB Cluster Snapshot Event"),
    ),
    "aws.securityhub": ("Security Hub Findings - Imported", "Findings Imported V2"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPattern:
    """The pattern of one EventBridge rule, the queue that it feeds, and the state of the rule.

    Only in the state `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS` does EventBridge look at calls
    that read.
    """

    name: str
    pattern: Mapping[str, Any]
    queue: Queue
    state: State

    @property
    def text(self) -> str:
        """Return the pattern as the compact JSON that counts against EventBridge's limit."""
        return pattern_text(self.pattern)

    def lets_through(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the rule sends on an event, given as EventBridge delivers it."""
        record = event.get("detail")
        if self.state == WRITES and isinstance(record, dict) and is_left_out_by_default(record):
            return False
        return matches_pattern(self.pattern, event)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternSet:
    """The patterns of one region, and what is to be known of the rules behind them.

    `dark` names the detections for which the configuration lacks what they ask, and the reason:
    they have no part in the patterns. `widest` names those for whose sake every call must be let
    through, since EventBridge can ask nothing that their conditions do.
    """

    patterns: tuple[EventPattern, ...]
    refused: tuple[ContentProblem, ...]
    dark: Mapping[str, str]
    widest: tuple[str, ...]


def region_patterns(
    configuration: LoadedConfiguration | Path | None = None,
    rules: RuleChoice | None = None,
) -> tuple[EventPattern, ...]:
    """Return the patterns of one region; the same rules and configuration give the same patterns.

    `configuration` may be the path of a `vedette.yml`; None stands for the defaults. Raises
    UserError for what cannot be loaded.
    """
    return pattern_set(configuration, rules).patterns


def pattern_set(
    configuration: LoadedConfiguration | Path | None = None,
    rules: RuleChoice | None = None,
) -> PatternSet:
    """Return the patterns of one region and what is to be known of them. Raises UserError."""
    loaded = (
        configuration
        if isinstance(configuration, LoadedConfiguration)
        else load_configuration(configuration)
    )
    choice = rules or RuleChoice()
    enabled = load_hunt_rules(choice, loaded)
    # A plain folder of Sigma rules has no changes in it.
    folders = [one for one in choice.directories if (one / CHANGES).is_dir()]
    changes = load_change_map(directories=folders, built_in=choice.built_in)
    return PatternSet(
        patterns=patterns_of(enabled.compiled, changes),
        refused=enabled.refused,
        dark=enabled.dark,
        widest=widest_rules(enabled.compiled),
    )


def patterns_of(compiled: CompiledRules, changes: ChangeMap) -> tuple[EventPattern, ...]:
    """Return the patterns for detections, changes and signals."""
    return (*detection_patterns(compiled), *change_patterns(changes), *signal_patterns())


def widest_rules(compiled: CompiledRules) -> tuple[str, ...]:
    """Name the detections of which EventBridge can ask nothing."""
    return tuple(
        rule.id
        for rule in compiled.rules
        if any(not box.asked and True in box.read_only for box in boxes_of(rule))
    )


def detection_patterns(compiled: CompiledRules) -> Iterator[EventPattern]:
    """Yield the patterns for what detections match: calls that write, and any call."""
    if not compiled.rules:
        return
    boxes = narrowest((CANARY, *(box for rule in compiled.rules for box in boxes_of(rule))))
    writing = [box for box in boxes if box.read_only == {False}]
    others = [box for box in boxes if box.read_only != {False}]
    room = MOST_OF_DETECTIONS - (FEWEST_OF_WRITES if writing else 0)
    any_call = list(_numbered("detect-any", others, "detect", READS_TOO, room))
    yield from any_call
    room = MOST_OF_DETECTIONS - len(any_call)
    yield from _numbered("detect-writes", writing, "detect", WRITES, room)


def change_patterns(changes: ChangeMap) -> Iterator[EventPattern]:
    """Yield the patterns for successful calls that change a resource which rules judge."""
    versioned = changes.versioned_sources()
    boxes = [
        Box(
            {
                EVENT_SOURCE: frozenset({written(source)}),
                EVENT_NAME: frozenset(_names(names, versioned=source in versioned)),
                "errorCode": frozenset({ABSENT}),
            },
            frozenset({False}),
        )
        for source, names in changes.event_names().items()
    ]
    yield from _numbered("change", boxes, "change", WRITES, MOST_OF_CHANGES)


def signal_patterns() -> Iterator[EventPattern]:
    """Yield the pattern for what AWS's own services find or do."""
    if not all(one.startswith("aws.") for one in SIGNALS):
        raise ValueError("a signal comes from AWS")
    pattern = {
        "source": sorted(SIGNALS),
        "detail-type": sorted({kind for kinds in SIGNALS.values() for kind in kinds}),
    }
    yield EventPattern(name="signal-1", pattern=pattern, queue="signal", state=WRITES)


def _numbered(
    name: str, boxes: Sequence[Box], queue: Queue, state: State, most: int
) -> Iterator[EventPattern]:
    patterns = packed(boxes, most) if boxes else []
    for number, pattern in enumerate(patterns, start=1):
        yield EventPattern(name=f"{name}-{number}", pattern=pattern, queue=queue, state=state)


def _names(names: Iterable[str], *, versioned: bool) -> Iterator[str]:
    return (written({"prefix": one} if versioned else one) for one in sorted(names))
