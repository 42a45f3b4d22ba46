"""An account at one moment: what `audit --save-snapshot` writes and `--from-snapshot` reads."""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, SerializeAsAny, ValidationError, field_validator

from vedette.resources.coverage import Coverage, Listing, Note
from vedette.resources.errors import UserError
from vedette.resources.inventory import Inventory
from vedette.resources.kinds import resource_kinds
from vedette.resources.resource import GLOBAL_REGION, Resource

SNAPSHOT_VERSION: Final = 1


class SnapshotError(UserError):
    """The text is not a snapshot that this version can read; the message says what to do."""


class Snapshot(BaseModel):
    """All that was read of one account, with the time of reading (`as_of`, UTC)."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    version: Literal[1] = SNAPSHOT_VERSION
    as_of: datetime
    account: str
    partition: str
    regions: tuple[str, ...]
    listings: tuple[Listing, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    notes: tuple[Note, ...] = ()
    resources: tuple[SerializeAsAny[Resource], ...] = ()

    @field_validator("as_of")
    @classmethod
    def _as_of_has_a_zone(cls, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise ValueError("as_of needs a time zone")
        return value

    @cached_property
    def inventory(self) -> Inventory:
        """Index the resources by kind."""
        return Inventory(self.resources, self.listings)

    def narrowed(
        self,
        regions: Sequence[str],
        keep: Callable[[Resource], bool],
    ) -> "Snapshot":
        """Return the snapshot of these regions only (global things stay), and of what is kept."""
        inside = {*regions, GLOBAL_REGION}
        return Snapshot(
            as_of=self.as_of,
            account=self.account,
            partition=self.partition,
            regions=tuple(regions),
            listings=tuple(one for one in self.listings if one.region in inside),
            coverage=tuple(one for one in self.coverage if one.region in inside),
            notes=tuple(one for one in self.notes if one.region in inside),
            resources=tuple(one for one in self.resources if one.region in inside and keep(one)),
        )

    def to_json(self) -> str:
        """Write the snapshot as JSON, resources grouped by kind."""
        head = self.model_dump(mode="json", exclude={"resources"})
        by_kind: defaultdict[str, list[Any]] = defaultdict(list)
        for resource in self.resources:
            by_kind[type(resource).__name__].append(resource.model_dump(mode="json"))
        return json.dumps(head | {"resources": by_kind}, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Snapshot":
        """Read a snapshot back. Raises SnapshotError if it is not one, or of another version."""
        try:
            stored = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise SnapshotError(f"it is not JSON ({error})") from error
        if not isinstance(stored, dict) or "version" not in stored:
            raise SnapshotError("it is not a Vedette snapshot (no version)")
        if stored["version"] != SNAPSHOT_VERSION:
            raise SnapshotError(
                f"its version is {str(stored['version'])[:20]}, this Vedette reads version "
                f"{SNAPSHOT_VERSION}; take a new snapshot with --save-snapshot"
            )
        try:
            resources = _resources(stored.get("resources"))
            return cls.model_validate(stored | {"resources": resources})
        except ValidationError as error:
            raise SnapshotError(f"it does not have the right shape ({_first(error)})") from error


def _resources(stored: object) -> list[Resource]:
    if not isinstance(stored, dict):
        raise SnapshotError("it holds no resources")
    kinds = resource_kinds()
    if unknown := sorted(set(stored) - set(kinds)):
        raise SnapshotError(f"it holds kinds of resources that are not known: {unknown[:3]}")
    return [kinds[kind].model_validate(one) for kind, found in stored.items() for one in found]


def _first(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"[:200]
