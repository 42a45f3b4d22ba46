"""Looks again at what changed: events to resources, live state, verdicts, findings.

A batch is put together per resource, so that a storm of calls about one costs one read. What is
recorded depends on the live state alone: messages may come twice, late and in any order.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Protocol

from vedette.aws.fleet import Fleet, Member, UnreachableAccountError
from vedette.aws.stores.findings import DynamoFindings
from vedette.findings.observation import Observation, observed
from vedette.findings.store import FindingStore, FindingStoreError
from vedette.findings.verdict import Verdict
from vedette.operations.reevaluate_content import PostureContent
from vedette.operations.reevaluate_groups import Group, Messages, coalesced, groups_of
from vedette.operations.reevaluate_named import Wanted
from vedette.operations.reevaluate_reading import Clock, Live, Members, findings, read, utc_now
from vedette.operations.reevaluate_whole import Whole
from vedette.posture.catalogue import CataloguedRule
from vedette.posture.changes import Resolution
from vedette.resources.keys import ResourceKey
from vedette.resources.resource import GLOBAL_REGION

CALLS: Final = DynamoFindings.RECORD_CALLS | DynamoFindings.READ_CALLS | Fleet.CALLS


class Changes(Protocol):
    """Tells what a record changed; a `ChangeMap` is one."""

    def resolve(self, record: Any) -> Resolution:
        """Return the keys of what a record changed. Never raises, whatever the record is."""
        ...


class Left(StrEnum):
    """Why a changed resource was not judged."""

    FOREIGN = "foreign_account"
    NO_RULE = "no_rule"
    NO_REGION = "no_such_region"
    UNREACHABLE = "unreachable_account"
    UNREADABLE = "unreadable"
    NOT_RECORDED = "not_recorded"


@dataclass(slots=True)
class Reevaluated:
    """What became of a batch: messages to try again, and counts.

    `unchanged` counts messages that changed nothing that is judged, by why; `left` resources that
    were not judged or recorded; `reasons` tells a few of the reasons.
    """

    retry: set[str] = field(default_factory=set)
    resources: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    left: Counter[Left] = field(default_factory=Counter)
    recorded: int = 0
    reasons: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is to be recorded, by key, and the keys of which something could not be judged."""

    observations: Mapping[ResourceKey, list[Observation]]
    unknown: frozenset[ResourceKey]


class Reevaluation:
    """Re-evaluates batches of CloudTrail records."""

    def __init__(
        self,
        changes: Changes,
        content: PostureContent,
        *,
        fleet: Members,
        store: FindingStore,
        now: Clock = utc_now,
    ) -> None:
        self._changes = changes
        self._content = content
        self._fleet = fleet
        self._store = store
        self._now = now

    def run(self, records: Iterable[tuple[str, Any]]) -> Reevaluated:
        """Re-evaluate what records (each with the id of its message) changed.

        A failure that may pass gives the messages concerned back; what was denied does not.
        """
        result = Reevaluated()
        keys = coalesced(self._changed(records, result))
        result.resources = len(keys)
        groups = list(groups_of(keys))
        grouped = sum(len(one.keys) for one in groups)
        result.left[Left.NO_RULE] += len(keys) - grouped
        for group in groups:
            self._group(group, result)
        return result

    def _changed(
        self, records: Iterable[tuple[str, Any]], result: Reevaluated
    ) -> dict[ResourceKey, set[str]]:
        found: defaultdict[ResourceKey, set[str]] = defaultdict(set)
        for message, record in records:
            resolution = self._changes.resolve(record)
            if resolution.unchanged is not None:
                result.unchanged[resolution.unchanged] += 1
            for key in resolution.keys:
                if key.account in self._fleet.accounts:
                    found[key].add(message)
                else:
                    result.left[Left.FOREIGN] += 1
        return found

    def _group(self, group: Group, result: Reevaluated) -> None:
        rules = group.rules(self._content)
        if not rules:
            result.left[Left.NO_RULE] += len(group.keys)
            return
        try:
            member = self._fleet.member(group.place.account)
            if not _exists(group, member):
                result.left[Left.NO_REGION] += len(group.keys)
                return
            live = read(group.request(member, rules), self._now)
        except UnreachableAccountError as error:
            _give_back(group.messages, Left.UNREACHABLE, str(error), result)
            return
        self._judge(group, rules, live, result)

    def _judge(
        self, group: Group, rules: list[CataloguedRule], live: Live, result: Reevaluated
    ) -> None:
        judge = self._whole if group.place.whole else self._named
        try:
            judged = judge(group, rules, live, result)
            told = [one for some in judged.observations.values() for one in some]
            recorded = self._store.record(told)
        except FindingStoreError as error:
            _give_back(group.messages, Left.NOT_RECORDED, str(error), result)
            return
        result.recorded += len(recorded.changes)
        for key in judged.unknown:
            result.left[Left.UNREADABLE] += 1
            result.retry.update(group.keys[key] if live.failed else ())
        result.reasons.update(dict.fromkeys(live.reasons))
        for key, some in judged.observations.items():
            for failure in {recorded.failed[one.id] for one in some if one.id in recorded.failed}:
                _give_back(group.keys[key], Left.NOT_RECORDED, str(failure), result)

    def _whole(
        self, group: Group, rules: list[CataloguedRule], live: Live, result: Reevaluated
    ) -> _Judged:
        """Judge all resources of the types: one key stands for each."""
        regions = frozenset(live.snapshot.regions)
        if group.place.region == GLOBAL_REGION:
            regions |= {GLOBAL_REGION}
        whole = Whole(
            content=self._content, rules=rules, live=live, regions=regions, store=self._store
        )
        by_rule: defaultdict[str, list[Observation]] = defaultdict(list)
        for one in whole.observations():
            by_rule[one.rule].append(one)
        result.verdicts += whole.verdicts.counts
        found: dict[ResourceKey, list[Observation]] = {}
        unknown = set()
        for key, collector in group.collectors.items():
            names = [
                one_id
                for rule in rules
                if rule.rule.resource_type is collector.kind
                for one_id in (rule.id, *rule.rule.formerly)
            ]
            found[key] = [one for name in names for one in by_rule[name]]
            if any(whole.verdicts.unknown[name] for name in names):
                unknown.add(key)
        return _Judged(found, frozenset(unknown))

    def _named(
        self, group: Group, rules: list[CataloguedRule], live: Live, result: Reevaluated
    ) -> _Judged:
        """Judge the resources that the keys name."""
        wanted = Wanted(group, rules, live)
        for finding in findings(self._content, rules, live.snapshot):
            for key in wanted.keys_of(finding.resource.type, finding.resource.id, finding.region):
                result.verdicts[finding.verdict] += 1
                if finding.verdict is Verdict.UNKNOWN:
                    wanted.unknown.add(key)
                    wanted.told(key, finding.id)
                else:
                    wanted.add(key, observed(finding, live.snapshot.as_of))
        wanted.close()
        return _Judged(wanted.observations, frozenset(wanted.unknown))


def _exists(group: Group, member: Member) -> bool:
    region = group.place.region
    return region == GLOBAL_REGION or region in member.regions()


def _give_back(messages: Messages, why: Left, reason: str, result: Reevaluated) -> None:
    result.left[why] += 1
    result.reasons[reason] = None
    result.retry |= messages
