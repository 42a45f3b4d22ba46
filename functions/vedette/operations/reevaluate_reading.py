"""Reads a part of an account as it is now, and judges it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Final, Protocol

from vedette.aws.collect.catalogue import collectors
from vedette.aws.collect.driver import Driver
from vedette.aws.fleet import Member
from vedette.findings.bounds import bounded_text
from vedette.findings.finding import Finding
from vedette.findings.suppression import suppress
from vedette.operations.reevaluate_content import Kind, PostureContent
from vedette.operations.selection import Named, plan_for
from vedette.posture.catalogue import CataloguedRule
from vedette.posture.engine import evaluate
from vedette.resources.coverage import NoteKind
from vedette.resources.resource import GLOBAL_REGION
from vedette.resources.snapshot import Snapshot

# At once in one account, whose quotas we share with production.
WORKERS: Final = 4
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present time."""
    return datetime.now(UTC)


class Members(Protocol):
    """The accounts that are watched; `Fleet` is them."""

    @property
    def accounts(self) -> frozenset[str]:
        """Return the ids of all."""
        ...

    def member(self, account: str) -> Member:
        """Return one, open for reading. Raises UnreachableAccountError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to read of an account: all that the rules take, in these regions.

    Of the kinds that `only` names, no other resources than those.
    """

    member: Member
    rules: Sequence[CataloguedRule]
    regions: tuple[str, ...]
    only: Named = field(default_factory=lambda: Named(ids={}))


@dataclass(frozen=True, kw_only=True)
class Live:
    """A part of an account as it was just now, and how whole the reading is."""

    snapshot: Snapshot

    @cached_property
    def failed(self) -> bool:
        """Tell whether a read failed in a way that may not last: all but what was denied."""
        return any(one.errors for one in self.snapshot.coverage)

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """Return why reads failed, a few of the reasons."""
        return tuple(sorted({one for each in self.snapshot.coverage for one in each.reasons}))

    def lists(self, kind: Kind, region: str) -> bool:
        """Tell whether the list of a kind in a region is whole, so that what is not in it is gone.

        A service that does not answer in a region at all tells nothing of what it holds.
        """
        return (kind.__name__, region) in self._whole

    @cached_property
    def _whole(self) -> frozenset[tuple[str, str]]:
        absent = {
            (one.service, one.region)
            for one in self.snapshot.notes
            if one.kind is NoteKind.SERVICE_ABSENT
        }
        services = {one.kind.__name__: one.kind.service for one in collectors()}
        whole = set()
        for one in self.snapshot.listings:
            if one.problem is None and (services[one.kind], one.region) not in absent:
                whole.add((one.kind, one.region))
                if one.region == GLOBAL_REGION:
                    # Buckets have regions, but one list; those of other regions are left out of it.
                    whole.update((one.kind, region) for region in self.snapshot.regions)
        return frozenset(whole)

    @cached_property
    def present(self) -> frozenset[tuple[str, str, str]]:
        """Return kind, region and id, as findings tell it, of everything that was found."""
        return frozenset(
            (type(one).__name__, one.region, bounded_text(one.id))
            for one in self.snapshot.resources
        )


def read(request: Request, now: Clock = utc_now) -> Live:
    """Read what a request asks for. What cannot be read is told in the result, never raised."""
    member = request.member
    as_of = now()
    scope = member.scope(request.regions, frozenset(map(str, request.only.arns)))
    driver = Driver(collectors(), plan_for(request.rules, request.only), scope, member.clients)
    collected = driver.run(workers=WORKERS)
    return Live(
        snapshot=Snapshot(
            as_of=as_of,
            account=member.account,
            partition=member.partition,
            regions=request.regions,
            listings=tuple(collected.listings),
            coverage=tuple(collected.coverage),
            notes=tuple(collected.notes),
            resources=tuple(collected.resources),
        )
    )


def findings(
    content: PostureContent, rules: Sequence[CataloguedRule], snapshot: Snapshot
) -> Iterator[Finding]:
    """Judge a snapshot; what the configuration accepts is marked as suppressed."""
    for outcome in evaluate(rules, snapshot, content.settings):
        ids = (outcome.rule.id, *outcome.rule.rule.formerly)
        yield suppress(outcome.finding(), ids, content.suppressions, snapshot.as_of)


def rules_of(content: PostureContent, kinds: Collection[Kind]) -> list[CataloguedRule]:
    """Return the rules that judge these kinds, in the order of their ids."""
    wanted: Iterable[CataloguedRule] = content.rules
    return [one for one in wanted if one.rule.resource_type in kinds]
