"""Cases: matches that belong to one story, because one actor or one resource runs through them.

An actor is followed through role sessions: whoever asked for a session's credentials is behind what
they were used for. Matches are of one case if they share the actor, or a resource, key or identity
that one of them touched and the other used, and follow each other within a window. What very many
principals touch ties nobody together.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from vedette.findings.severity import Severity

WINDOW: Final = 86_400
MOST_USERS: Final = 10
_LONGEST_CHAIN: Final = 10
# In the order of the ATT&CK matrix for enterprises; the last two of evasion are its newer names.
TACTICS: Final = (
    *("reconnaissance", "resource-development", "initial-access", "execution", "persistence"),
    *("privilege-escalation", "defense-evasion", "stealth", "defense-impairment"),
    *("credential-access", "discovery", "lateral-movement", "collection", "command-and-control"),
    *("exfiltration", "impact"),
)
# Who is told by name knows more than who is told by the id that another account sees.
_VAGUE: Final = "account:"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLink:
    """Somebody was given credentials: a role session, or a session of the same user.

    `source` is the principal that asked, with the access key `source_key`; `key` is the access key
    that was given and `session` the ARN of the session. `time` is in seconds since 1970.
    """

    time: int
    source: str
    source_key: str | None = None
    key: str | None = None
    session: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A match as a case sees it. Times are in seconds since 1970.

    `touched` names what the call acted on or made: ARNs, ids of access keys. `tags` are those of
    the rule (`attack.<tactic>`). `detail` is the match itself, for reports.
    """

    rule: str
    title: str
    severity: Severity
    time: int
    until: int
    event_ids: tuple[str, ...]
    event_count: int = 1
    principal: str | None = None
    key: str | None = None
    session: str | None = None
    account: str | None = None
    region: str | None = None
    outcome: str | None = None
    touched: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    detail: Any = field(default=None, compare=False, repr=False)

    @property
    def tactics(self) -> tuple[str, ...]:
        """Return the ATT&CK tactics of the rule."""
        named = (tag.removeprefix("attack.").replace("_", "-") for tag in self.tags)
        return tuple(name for name in named if name in TACTICS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One story: its sightings in order of time, and what they amount to.

    `actors` are the principals at the beginning of each chain, in order of appearance. `tactics`
    are in the order of the ATT&CK matrix, `path` in that in which they were first seen.
    """

    id: str
    severity: Severity
    title: str
    actors: tuple[str, ...]
    timeline: tuple[Sighting, ...]
    tactics: tuple[str, ...]
    path: tuple[str, ...]
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    severities: Mapping[Severity, int]
    rules: Mapping[str, int]
    outcomes: Mapping[str, int]
    events: int

    @property
    def first(self) -> int:
        """Return the time of the first sighting."""
        return self.timeline[0].time

    @property
    def last(self) -> int:
        """Return the time at which the last sighting ended."""
        return max(one.until for one in self.timeline)


class Chains:
    """Follows credentials back to whoever asked for them first."""

    def __init__(self, links: Iterable[SessionLink]) -> None:
        self._by_key: dict[str, SessionLink] = {}
        self._by_session: dict[str, list[SessionLink]] = defaultdict(list)
        for link in sorted(set(links), key=_order):
            if link.key is not None:
                self._by_key.setdefault(link.key, link)
            if link.session is not None:
                self._by_session[link.session].append(link)

    def behind(self, sighting: Sighting) -> tuple[str, ...]:
        """Return the principals from the first in the chain to the one that was seen."""
        if sighting.principal is None:
            return ()
        chain = [sighting.principal]
        link = self._link(sighting.key, sighting.session, sighting.time)
        for _ in range(_LONGEST_CHAIN):
            if link is None:
                break
            chain.append(link.source)
            link = self._link(link.source_key, None, link.time)
        return tuple(dict.fromkeys(reversed(chain)))

    def _link(self, key: str | None, session: str | None, time: int) -> SessionLink | None:
        """Return how somebody came by a key, or else the latest way to a session until then."""
        if key is not None and key in self._by_key:
            return self._by_key[key]
        before = [one for one in self._by_session.get(session or "", ()) if one.time <= time]
        return max(before, key=lambda one: one.time, default=None)


def _order(link: SessionLink) -> tuple[bool, int, str, str, str, str]:
    keys = (link.source, link.key or "", link.session or "", link.source_key or "")
    return (link.source.startswith(_VAGUE), link.time, *keys)


def form_cases(
    sightings: Iterable[Sighting], links: Iterable[SessionLink] = (), *, window: int = WINDOW
) -> list[Case]:
    """Put sightings together to cases, the worst first, whatever order they come in."""
    ordered = sorted(sightings, key=_place)
    chains = Chains(links)
    behind = [chains.behind(one) for one in ordered]
    stories = _Stories(len(ordered))
    for places in _tied(ordered, behind):
        ends = ordered[places[0]].until
        for earlier, later in pairwise(places):
            ends = max(ends, ordered[earlier].until)
            if ordered[later].time - ends <= window:
                stories.join(earlier, later)
    cases = [
        _case([ordered[place] for place in story], [behind[place] for place in story])
        for story in stories.told()
    ]
    return sorted(cases, key=_weight)


def _place(one: Sighting) -> tuple[object, ...]:
    names = (one.principal, one.key, one.session, one.account, one.region, one.outcome)
    known = (*(name or "" for name in names), one.touched, one.severity)
    return (one.time, one.until, one.rule, one.event_ids, known)


def _weight(case: Case) -> tuple[int, int, int, str]:
    return (-case.severity.rank, -len(case.tactics), case.first, case.id)


def _tied(
    ordered: Sequence[Sighting], behind: Sequence[tuple[str, ...]]
) -> Iterator[Sequence[int]]:
    """Yield the places of the sightings that share something, for each thing that is shared."""
    shared: dict[str, list[int]] = defaultdict(list)
    users: dict[str, set[str]] = defaultdict(set)
    for place, one in enumerate(ordered):
        actor = behind[place][:1]
        own = {name for name in (*actor, one.key) if name is not None}
        for name in own | set(one.touched):
            shared[name].append(place)
            users[name].update(actor)
    yield from (places for name, places in shared.items() if len(users[name]) <= MOST_USERS)


class _Stories:
    """Sets of places that belong together (union and find)."""

    def __init__(self, places: int) -> None:
        self._parents = list(range(places))

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self._head(one), self._head(other)))
        self._parents[second] = first

    def told(self) -> list[list[int]]:
        stories: dict[int, list[int]] = defaultdict(list)
        for place in range(len(self._parents)):
            stories[self._head(place)].append(place)
        return list(stories.values())

    def _head(self, place: int) -> int:
        while self._parents[place] != place:
            self._parents[place] = self._parents[self._parents[place]]
            place = self._parents[place]
        return place


def _case(story: Sequence[Sighting], behind: Sequence[tuple[str, ...]]) -> Case:
    worst = max(story, key=lambda one: one.severity.rank)
    path = tuple(dict.fromkeys(tactic for one in story for tactic in one.tactics))
    actors = tuple(dict.fromkeys(chain[0] for chain in behind if chain))
    # An event that several rules match is still one event.
    events = {event for one in story for event in one.event_ids}
    untold = sum(one.event_count - len(one.event_ids) for one in story)
    return Case(
        id=_case_id(story[0], actors),
        severity=worst.severity,
        title=worst.title,
        actors=actors,
        timeline=tuple(story),
        tactics=tuple(sorted(path, key=TACTICS.index)),
        path=path,
        accounts=_named(one.account for one in story),
        regions=_named(one.region for one in story),
        severities=Counter(one.severity for one in story),
        rules=Counter(one.rule for one in story),
        outcomes=Counter(one.outcome or "unknown" for one in story),
        events=len(events) + untold,
    )


def _named(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name is not None))


def _case_id(first: Sighting, actors: Sequence[str]) -> str:
    """Return 32 hex digits that stay the same as long as the story begins with the same match."""
    parts = (*actors[:1], first.rule, str(first.time), *first.event_ids[:1])
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
