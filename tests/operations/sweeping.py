"""A sweep of one account whose buckets answer from a table."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.fakes.clients import FakeClients, raising, refused
from tests.fakes.findings import MemoryFindings
from tests.fakes.marks import MemoryMarks
from vedette.aws.fleet import Member, UnreachableAccountError
from vedette.configuration.model import Configuration
from vedette.findings.tracked import FindingStatus, TrackedFinding
from vedette.operations.reevaluate_content import PostureContent, posture_content
from vedette.operations.sweep import Sweep, Swept
from vedette.operations.sweep_memory import Unit
from vedette.resources.resource import GLOBAL_REGION

US, OTHER, REGION = "111122223333", "444455556666", "eu-west-1"
BLOCKS = "s3/bucket_blocks_public_access"
ACCOUNT_BLOCKS = "s3/account_blocks_public_access"
EVERYWHERE = Unit(account=US, region=GLOBAL_REGION)
CONTENT = posture_content(Configuration(), [US])
_OPEN = "NoSuchPublicAccessBlockConfiguration"
_CLOSED = {
    "PublicAccessBlockConfiguration": dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
    )
}


def only(*rules: str) -> PostureContent:
    """Return the content with these rules alone."""
    left = [one for one in CONTENT.rules if one.id in rules]
    assert len(left) == len(rules)
    return PostureContent(rules=left, settings=CONTENT.settings)


def clock() -> Any:
    """Return a clock that goes on by a second per look."""
    seconds = count()
    return lambda: datetime(2026, 6, 1, tzinfo=UTC) + timedelta(seconds=next(seconds))


class Buckets:
    """An account that has nothing but buckets; those in `closed` block public access."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.closed: set[str] = set()
        self.denied: set[str] = set()
        self.unlisted: Exception | None = None
        self.clients = FakeClients(
            answers={
                "describe_regions": lambda **_: {"Regions": [{"RegionName": REGION}]},
                "get_public_access_block": self._block,
            },
            pages={
                "list_buckets": self._list,
                "get_resources": lambda **_: [{"ResourceTagMappingList": []}],
            },
        )

    def _list(self, **_: Any) -> Iterator[Any]:
        if self.unlisted is not None:
            raise self.unlisted
        yield {"Buckets": [{"Name": one, "BucketRegion": REGION} for one in self.names]}

    def _block(self, **asked: Any) -> Any:
        name = asked.get("Bucket")
        if name in self.denied:
            raising(refused("AccessDenied"))()
        if name not in self.closed:
            raising(refused(_OPEN))()
        return _CLOSED


class Accounts:
    """The accounts that are watched: those in `members` can be read."""

    def __init__(self, **members: Buckets) -> None:
        self.members = members

    @property
    def accounts(self) -> frozenset[str]:
        return frozenset({US, OTHER})

    def member(self, account: str) -> Member:
        found = self.members.get(f"a{account}")
        if found is None:
            raise UnreachableAccountError("sts:AssumeRole was denied (AccessDenied)")
        return Member(found.clients, account, "aws")


class Sweeping:
    """Sweeps an account again and again."""

    def __init__(self, buckets: Buckets, *rules: str) -> None:
        self.buckets = buckets
        self.store = MemoryFindings()
        self.marks = MemoryMarks()
        self.content = only(*(rules or (BLOCKS,)))
        self._now = clock()

    def sweep(self, *units: Unit, sweep: str = "first") -> list[Swept]:
        """Sweep units, or what the account has but once."""
        operation = Sweep(
            self.content,
            fleet=Accounts(**{f"a{US}": self.buckets}),
            store=self.store,
            marks=self.marks,
            now=self._now,
        )
        return operation.run(units or (EVERYWHERE,), sweep)

    def every(self) -> list[TrackedFinding]:
        """Return everything that the store holds."""
        return list(self.store._states.values())  # noqa: SLF001 - the port lists none resolved

    def told(self, rule: str = BLOCKS) -> dict[str, FindingStatus]:
        """Return the status of a rule's findings, by the id of the resource."""
        found = [one for one in self.every() if one.rule == rule]
        return {one.resource.id: one.status for one in found if one.resource is not None}

    @property
    def writes(self) -> int:
        """Return how much was written so far."""
        return self.store.writes + self.marks.writes
