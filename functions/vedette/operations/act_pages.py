"""Lists findings page by page, the most severe and latest first."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, groupby, islice
from typing import Any, Final, TypeAlias

from vedette.findings.severity import Severity
from vedette.findings.store import FindingStore
from vedette.findings.tracked import TimelineEntry, TrackedFinding
from vedette.operations.act_errors import RequestError
from vedette.operations.act_requests import Listing

# A page costs as many reads as there are findings before it: this bounds them.
MOST_READ: Final = 5_000
_LEFT_OUT: Final = frozenset(
    {"occurrences", "latest", "past_episodes", "past_until", "told_events", "judged_at", "window"}
)
_OF_ONE_ALONE: Final = frozenset({"evidence", "source_ips", "principals", "regions", "controls"})
_Place: TypeAlias = tuple[int, float, str]


@dataclass(frozen=True, slots=True)
class Page:
    """Findings, and where the next page begins, if there is one."""

    findings: tuple[TrackedFinding, ...]
    after: str | None


def page_of(store: FindingStore, listing: Listing) -> Page:
    """Return the findings that are asked for. Raises RequestError for a page that is none."""
    begins = _read_place(listing.after) if listing.after else None
    wanted = islice(_fitting(store, listing, begins), listing.limit + 1)
    found = list(wanted)
    shown = found[: listing.limit]
    more = len(found) > listing.limit
    return Page(tuple(shown), _written(_place(shown[-1])) if more else None)


def summary(finding: TrackedFinding) -> dict[str, Any]:
    """Return what a list shows of a finding."""
    return finding.model_dump(mode="json", exclude=set(_LEFT_OUT | _OF_ONE_ALONE))


def whole(finding: TrackedFinding, timeline: Iterable[TimelineEntry]) -> dict[str, Any]:
    """Return all that people may see of a finding."""
    told = finding.model_dump(mode="json", exclude=set(_LEFT_OUT))
    return told | {"timeline": [entry.model_dump(mode="json") for entry in timeline]}


def _fitting(
    store: FindingStore, listing: Listing, begins: _Place | None
) -> Iterator[TrackedFinding]:
    fits = _filter(listing)
    for number, one in enumerate(_all(store, listing)):
        if number >= MOST_READ:
            raise RequestError(
                400, "too_many", "There are too many findings: narrow by account, rule or resource."
            )
        if (begins is None or _place(one) > begins) and fits(one):
            yield one


def _all(store: FindingStore, listing: Listing) -> Iterator[TrackedFinding]:
    if listing.resource is not None:
        return iter(sorted(store.of_resource(listing.resource), key=_place))
    if listing.rule is not None and listing.account is not None:
        return iter(sorted(store.of_rule(listing.account, listing.rule), key=_place))
    severities = sorted(listing.severity or tuple(Severity), key=lambda one: -one.rank)
    return chain.from_iterable(_steady(store.open_by_severity(one)) for one in severities)


def _steady(latest_first: Iterable[TrackedFinding]) -> Iterator[TrackedFinding]:
    """Give those that were opened in the same moment an order too, so that no page loses one."""
    for _, together in groupby(latest_first, key=lambda one: one.opened_at):
        yield from sorted(together, key=_place)


def _filter(listing: Listing) -> Callable[[TrackedFinding], bool]:
    asked: Mapping[str, object] = {
        "kind": listing.kind,
        "account": listing.account,
        "rule": listing.rule,
    }
    wanted = {name: value for name, value in asked.items() if value is not None}
    severities = frozenset(listing.severity)
    return lambda one: (
        all(getattr(one, name) == value for name, value in wanted.items())
        and (not severities or one.severity in severities)
    )


def _place(finding: TrackedFinding) -> _Place:
    """Return what findings are listed by: severity, then the latest first, then their ids."""
    return -finding.severity.rank, -finding.opened_at.timestamp(), finding.id


def _written(place: _Place) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _read_place(text: str) -> _Place:
    try:
        rank, opened, finding = json.loads(base64.urlsafe_b64decode(text.encode()))
    except (binascii.Error, ValueError, TypeError) as error:
        raise _no_page() from error
    known = isinstance(rank, int) and isinstance(opened, float) and isinstance(finding, str)
    if not known:
        raise _no_page()
    return rank, opened, finding


def _no_page() -> RequestError:
    return RequestError(400, "bad_request", "Give `after` as the page before told it.")
