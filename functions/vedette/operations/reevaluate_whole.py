"""Judges all resources of some kinds in some regions, and what is recorded about them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from vedette.findings.finding import Finding, FindingKind
from vedette.findings.observation import Observation, observed
from vedette.findings.store import FindingStore
from vedette.findings.tracked import TrackedFinding
from vedette.findings.verdict import Verdict
from vedette.operations.reevaluate_content import PostureContent
from vedette.operations.reevaluate_reading import Live, findings
from vedette.posture.catalogue import CataloguedRule

GONE: Final = "The resource does not exist any more."
NOT_APPLICABLE: Final = "The rule has nothing to say about the resource any more."


def _never(_rule: CataloguedRule) -> bool:
    return False


@dataclass(slots=True)
class Verdicts:
    """Counts of verdicts; `first` counts failures that belong to a baseline."""

    counts: Counter[Verdict] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    judged: set[str] = field(default_factory=set)
    first: int = 0

    def add(self, finding: Finding) -> None:
        """Count a verdict."""
        self.counts[finding.verdict] += 1
        if finding.verdict is Verdict.UNKNOWN:
            self.unknown[finding.rule] += 1
        else:
            self.judged.add(finding.rule)

    @property
    def blind(self) -> frozenset[str]:
        """Return the rules whose every verdict was UNKNOWN."""
        return frozenset(self.unknown) - self.judged


@dataclass(frozen=True, kw_only=True)
class Whole:
    """All resources of the kinds that `rules` judge, in `regions`.

    What passed and has no finding is not recorded: there is nothing that it could change. A finding
    is closed if its resource stands in no list and the list is whole; UNKNOWN closes nothing.
    """

    content: PostureContent
    rules: Sequence[CataloguedRule]
    live: Live
    regions: frozenset[str]
    store: FindingStore
    is_baseline: Callable[[CataloguedRule], bool] = _never
    verdicts: Verdicts = field(default_factory=Verdicts)

    def observations(self) -> Iterator[Observation]:
        """Yield what is worth recording. Raises FindingStoreError."""
        # Read after the resources: what is opened in between is newer and closed by none of these.
        known = {one.id: one for one in self._unresolved()}
        baseline = {one.id for one in self.rules if self.is_baseline(one)}
        for finding in findings(self.content, self.rules, self.live.snapshot):
            if finding.region not in self.regions:
                continue
            self.verdicts.add(finding)
            tracked = known.pop(finding.id, None)
            if finding.verdict is Verdict.FAILED or (
                finding.verdict is Verdict.PASSED and tracked is not None
            ):
                is_new = finding.rule in baseline
                self.verdicts.first += is_new and finding.verdict is Verdict.FAILED
                yield observed(finding, self.live.snapshot.as_of, baseline=is_new)
        yield from self._without_verdict(known.values())

    def _unresolved(self) -> Iterator[TrackedFinding]:
        account = self.live.snapshot.account
        for rule in self.rules:
            for one_id in (rule.id, *rule.rule.formerly):
                for one in self.store.of_rule(account, one_id):
                    if one.kind is FindingKind.POSTURE and one.region in self.regions:
                        yield one

    def _without_verdict(self, left: Iterable[TrackedFinding]) -> Iterator[Observation]:
        """Yield what closes findings about what is gone, or what rules no longer judge."""
        kinds = {
            one_id: rule.rule.resource_type
            for rule in self.rules
            for one_id in (rule.id, *rule.rule.formerly)
        }
        as_of = self.live.snapshot.as_of
        for one in left:
            kind = kinds[one.rule]
            if one.resource is None:
                continue
            if (kind.__name__, one.region, one.resource.id) in self.live.present:
                yield closing(one, as_of, NOT_APPLICABLE, gone=False)
            elif self.live.lists(kind, one.region):
                yield closing(one, as_of, GONE, gone=True)


def closing(finding: TrackedFinding, time: datetime, reason: str, *, gone: bool) -> Observation:
    """Return what closes a finding: its resource is gone, or the rule leaves it alone."""
    return Observation(
        id=finding.id,
        kind=FindingKind.POSTURE,
        rule=finding.rule,
        title=finding.title,
        severity=finding.severity,
        account=finding.account,
        region=finding.region,
        time=time,
        reason=reason,
        verdict=None if gone else Verdict.PASSED,
        gone=gone,
        resource=finding.resource,
    )
