"""What is recorded about resources that keys name, whether they are still there or not."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from vedette.findings.bounds import bounded_text
from vedette.findings.finding import WHOLE_LISTING, FindingKind, finding_id, parse_control
from vedette.findings.observation import Observation
from vedette.findings.verdict import Verdict
from vedette.operations.reevaluate_groups import Group
from vedette.operations.reevaluate_reading import Live
from vedette.operations.reevaluate_whole import GONE, NOT_APPLICABLE
from vedette.posture.catalogue import CataloguedRule
from vedette.resources.keys import ResourceKey
from vedette.resources.resource import GLOBAL_REGION


class Wanted:
    """The resources that a group names, and what is said about each."""

    def __init__(self, group: Group, rules: list[CataloguedRule], live: Live) -> None:
        self._group = group
        self._rules = rules
        self._live = live
        self._keys: defaultdict[tuple[str, str], set[ResourceKey]] = defaultdict(set)
        for key in group.collectors:
            self._keys[key.type, bounded_text(str(key.id))].add(key)
        self._told: defaultdict[ResourceKey, set[str]] = defaultdict(set)
        self.observations: defaultdict[ResourceKey, list[Observation]] = defaultdict(list)
        self.unknown: set[ResourceKey] = set()

    def keys_of(self, kind: str, resource_id: str, region: str) -> Iterator[ResourceKey]:
        """Yield the keys that a verdict is about: all of the type if nothing could be listed."""
        if resource_id == WHOLE_LISTING:
            yield from (key for key in self._group.collectors if key.type == kind)
            return
        # A bucket may be told of by another region than its own.
        is_global = self._group.place.region == GLOBAL_REGION
        if is_global or region == self._group.place.region:
            yield from self._keys.get((kind, resource_id), ())

    def add(self, key: ResourceKey, observation: Observation) -> None:
        """Take what is to be recorded about a key."""
        self.observations[key].append(observation)
        self.told(key, observation.id)

    def told(self, key: ResourceKey, finding: str) -> None:
        """Remember that a rule has spoken about a key."""
        self._told[key].add(finding)

    def close(self) -> None:
        """Close the findings of what is gone, and of what the rules no longer judge."""
        for key, collector in self._group.collectors.items():
            found = self._found(key)
            region = found or key.region
            is_whole = self._live.lists(collector.kind, key.region)
            if found is None and not is_whole:
                self.unknown.add(key)
                continue
            for rule in self._rules:
                if rule.rule.resource_type is collector.kind:
                    closed = _closed(rule, key, region, self._live.snapshot.as_of, found is None)
                    if closed.id not in self._told[key]:
                        self.add(key, closed)

    def _found(self, key: ResourceKey) -> str | None:
        """Return the region in which a resource was found."""
        kind = self._group.collectors[key].kind.__name__
        wanted = bounded_text(str(key.id))
        regions = {
            region for name, region, one in self._live.present if (name, one) == (kind, wanted)
        }
        if self._group.place.region != GLOBAL_REGION:
            regions &= {self._group.place.region}
        return next(iter(sorted(regions)), None)


def _closed(
    rule: CataloguedRule, key: ResourceKey, region: str, time: datetime, gone: bool
) -> Observation:
    # As the engine names a finding about the resource.
    subject = f"{key.type} {bounded_text(str(key.id))}"
    return Observation(
        id=finding_id(FindingKind.POSTURE, rule.stable_id, key.account, region, subject),
        kind=FindingKind.POSTURE,
        rule=rule.id,
        title=rule.text.title,
        severity=rule.rule.severity,
        account=key.account,
        region=region,
        time=time,
        reason=GONE if gone else NOT_APPLICABLE,
        verdict=None if gone else Verdict.PASSED,
        gone=gone,
        controls=tuple(parse_control(text) for text in rule.rule.controls),
    )
