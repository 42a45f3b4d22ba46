"""Every resource that a snapshot holds, findable by kind, region and id."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from vedette.resources.coverage import Listing
from vedette.resources.facts import UnreadableFactError
from vedette.resources.resource import Resource

R = TypeVar("R", bound=Resource)


class Inventory:
    """Answers questions about other resources; what was not listed raises, never looks absent."""

    def __init__(
        self, resources: Iterable[Resource] = (), listings: Iterable[Listing] | None = None
    ) -> None:
        """Index the resources; without listings, each kind present counts as wholly listed."""
        self._by_kind: defaultdict[str, list[Resource]] = defaultdict(list)
        self._by_name: defaultdict[tuple[str, str], list[Resource]] = defaultdict(list)
        for resource in resources:
            kind = type(resource).__name__
            self._by_kind[kind].append(resource)
            for name in {resource.id, resource.arn}:
                self._by_name[kind, name].append(resource)
        self._listings: defaultdict[str, list[Listing]] = defaultdict(list)
        for listing in self._assumed() if listings is None else listings:
            self._listings[listing.kind].append(listing)

    def all(self, kind: type[R], *, region: str | None = None) -> tuple[R, ...]:
        """Return all resources of a kind, in one region or all.

        Raises UnreadableFactError if the kind was not collected or not wholly listed there.
        """
        self._require_whole(kind, region)
        return self.readable(kind, region=region)

    def readable(self, kind: type[R], *, region: str | None = None) -> tuple[R, ...]:
        """Return the resources of a kind that were read, even if the list is not whole."""
        return tuple(
            resource
            for resource in self._by_kind[kind.__name__]
            if isinstance(resource, kind) and region in (None, resource.region)
        )

    def find(self, kind: type[R], resource_id: str, *, region: str | None = None) -> R | None:
        """Return the resource of this id or ARN, or None if there is none.

        Raises UnreadableFactError if it is not there and the list is not whole.
        """
        for resource in self._by_name.get((kind.__name__, resource_id), ()):
            if isinstance(resource, kind) and region in (None, resource.region):
                return resource
        self._require_whole(kind, region)
        return None

    def unlisted(self, kind: type[Resource]) -> tuple[Listing, ...]:
        """Return the listings of a kind that failed."""
        return tuple(one for one in self._listings[kind.__name__] if one.problem is not None)

    def _require_whole(self, kind: type[Resource], region: str | None) -> None:
        listings = [one for one in self._listings[kind.__name__] if region in (None, one.region)]
        if not listings:
            raise UnreadableFactError(f"{kind.type} was not collected")
        for one in listings:
            if one.problem is not None:
                raise UnreadableFactError(one.problem)

    def _assumed(self) -> list[Listing]:
        seen = {
            (kind, resource.region) for kind, found in self._by_kind.items() for resource in found
        }
        return [Listing(kind=kind, region=region) for kind, region in sorted(seen)]
