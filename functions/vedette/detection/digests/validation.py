"""Validates chains of digests, and the logs that they vouch for.

A digest counts as valid if AWS signed just what it says. A log counts as valid if it is what a
valid digest vouches for. Where a digest or a log is missing, changed, or cannot be verified, that
is said; nothing is called valid that was not verified.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from vedette.detection.digests.document import (
    Digest,
    DigestFormatError,
    Place,
    Vouched,
    parse_digest,
)
from vedette.detection.digests.keys import PublicKeys
from vedette.detection.digests.names import LogName, base_name, parse_digest_name, parse_log_name
from vedette.detection.digests.store import DigestStore, StoredDigest, UnreadableLogError
from vedette.detection.event.files import FileContent

_ENDED: Final = "digest chain"
_MINUTE: Final = timedelta(minutes=1)


class DigestTrouble(StrEnum):
    """What is wrong with a digest or a log.

    `CHANGED` and `MISSING` are what an intruder causes. `GAP` is time for which nobody vouches.
    `UNVERIFIED` is neither valid nor wrong: something is lacking to tell.
    """

    CHANGED = "changed"
    MISSING = "missing"
    GAP = "gap"
    UNVERIFIED = "unverified"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class DigestProblem:
    """One thing that is wrong; `subject` names the file, `reason` is a clause for people."""

    subject: str
    trouble: DigestTrouble
    reason: str


@dataclass(frozen=True, slots=True)
class Unvouched:
    """A log that no valid digest vouches for.

    It is `early` if the digest of its hour has not been delivered yet: AWS writes one an hour.
    """

    name: str
    early: bool


@dataclass(slots=True)
class Validation:
    """What was validated; `valid` names the digests and logs that are as AWS delivered them."""

    digests: int = 0
    valid_digests: int = 0
    logs: int = 0
    valid_logs: int = 0
    valid: list[str] = field(default_factory=list)
    problems: list[DigestProblem] = field(default_factory=list)
    unvouched: list[Unvouched] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Tell whether all that digests speak of is there and as AWS delivered it."""
        return self.valid_digests > 0 and not self.problems


OnLog = Callable[[int, int], None]


def no_progress(_done: int, _total: int) -> None:
    """Show nothing."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A digest that could be read, and the signature with which it is stored, if known."""

    stored: StoredDigest
    digest: Digest


def validate(
    store: DigestStore,
    keys: PublicKeys,
    since: datetime | None = None,
    until: datetime | None = None,
    on_log: OnLog = no_progress,
) -> Validation:
    """Validate the digests that overlap a time, and all logs they vouch for.

    `on_log` is told how many logs of how many were looked at.
    """
    return _Validator(store, keys, since, until).validate(on_log)


class _Validator:
    def __init__(
        self,
        store: DigestStore,
        keys: PublicKeys,
        since: datetime | None,
        until: datetime | None,
    ) -> None:
        self._store = store
        self._keys = keys
        self._since = since
        self._until = until
        self._found = Validation()
        self._vouched: set[str] = set()

    def validate(self, on_log: OnLog) -> Validation:
        everything = list(self._readable())
        signatures = _signatures(everything)
        wanted = [one for one in everything if self._is_wanted(one.digest)]
        valid = [one for one in wanted if self._is_valid(one, signatures)]
        self._found.valid_digests = len(valid)
        self._found.valid += [one.stored.name for one in valid]
        logs = [log for one in valid for log in one.digest.logs]
        for number, log in enumerate(logs, start=1):
            self._validate_log(log)
            on_log(number, len(logs))
        for chain in _chains(wanted).values():
            self._validate_chain(chain, {one.digest.place for one in everything})
        self._note_unvouched(everything)
        if not self._found.digests:
            self._say(_ENDED, DigestTrouble.MISSING, "there are no digests for that time")
        return self._found

    def _is_wanted(self, digest: Digest) -> bool:
        """Tell whether a digest overlaps the time that was asked for."""
        return (self._since is None or digest.end > self._since) and (
            self._until is None or digest.start < self._until
        )

    def _readable(self) -> Iterator[_Read]:
        seen: set[tuple[Place, str]] = set()
        for stored in self._store.digests():
            try:
                digest = _parsed(stored.content)
                # The same digest may lie in two folders; it is one link of the chain all the same.
                if (copy := (digest.place, digest.sha256)) not in seen:
                    seen.add(copy)
                    yield _Read(stored, digest)
            except DigestFormatError as error:
                self._found.digests += 1
                self._say(stored.name, DigestTrouble.UNREADABLE, str(error))

    def _is_valid(self, one: _Read, signatures: Mapping[Place, str]) -> bool:
        self._found.digests += 1
        digest, name = one.digest, one.stored.name
        signature = one.stored.signature or signatures.get(digest.place)
        if base_name(name) != digest.place.name:
            reason = f"it was moved or renamed: AWS delivered it as {digest.place.name}"
            self._say(name, DigestTrouble.CHANGED, reason)
        elif signature is None:
            reason = "its signature is not known: S3 keeps it as metadata, or the next digest"
            self._say(name, DigestTrouble.UNVERIFIED, reason)
        elif not self._keys.known(digest.fingerprint):
            reason = f"the public key {digest.fingerprint} is not among those given"
            self._say(name, DigestTrouble.UNVERIFIED, reason)
        elif not self._keys.verify(digest.signed_text(), signature, digest.fingerprint):
            self._say(name, DigestTrouble.CHANGED, "AWS did not sign what it says")
        else:
            return True
        return False

    def _validate_log(self, log: Vouched) -> None:
        if log.place.name in self._vouched:
            return
        self._vouched.add(log.place.name)
        self._found.logs += 1
        name = str(log.place)
        try:
            content = self._store.log(log.place)
        except UnreadableLogError as error:
            self._say(name, DigestTrouble.UNREADABLE, str(error))
            return
        if content is None:
            self._say(name, DigestTrouble.MISSING, "a digest vouches for it, but it is not there")
        elif content.problem is not None:
            self._say(name, DigestTrouble.CHANGED, content.problem)
        elif hashlib.sha256(content.body or b"").hexdigest() != log.sha256.lower():
            self._say(name, DigestTrouble.CHANGED, "it is not what AWS delivered")
        else:
            self._found.valid_logs += 1
            self._found.valid.append(name)

    def _validate_chain(self, chain: list[_Read], stored: set[Place]) -> None:
        """Look for missing links in what one trail wrote about one region, oldest first."""
        by_place = {one.digest.place: one.digest for one in chain}
        for earlier, later in zip([None, *chain], chain, strict=False):
            digest = later.digest
            if digest.previous is None:
                self._note_gap(earlier, digest)
            elif (known := by_place.get(digest.previous)) is not None:
                self._compare(known, digest)
            elif digest.previous not in stored and not self._begins(digest, earlier):
                hint = "; of a part of the logs, say --since" if earlier is None else ""
                reason = f"{digest.place.name} follows it, but it is not there{hint}"
                self._say(str(digest.previous), DigestTrouble.MISSING, reason)

    def _begins(self, digest: Digest, earlier: _Read | None) -> bool:
        """Tell whether what came before a digest was not asked for."""
        if digest.previous is not None and not self._store.reaches(digest.previous):
            return True
        return earlier is None and self._since is not None and digest.start <= self._since

    def _compare(self, known: Digest, later: Digest) -> None:
        if later.previous_sha256 is not None and known.sha256 != later.previous_sha256.lower():
            reason = f"it is not what {later.place.name} says that it was"
            self._say(str(known.place), DigestTrouble.CHANGED, reason)

    def _note_gap(self, earlier: _Read | None, digest: Digest) -> None:
        if earlier is not None and earlier.digest.end < digest.start:
            begin, end = earlier.digest.end.isoformat(), digest.start.isoformat()
            reason = f"no digest covers the time from {begin} to {end}"
            self._say(digest.place.name, DigestTrouble.GAP, reason)
        elif earlier is not None:
            reason = "a new chain begins with it, though others came before"
            self._say(digest.place.name, DigestTrouble.GAP, reason)

    def _note_unvouched(self, digests: Iterable[_Read]) -> None:
        newest: dict[tuple[str, str], datetime] = {}
        for one in digests:
            if (digest := parse_digest_name(one.digest.place.name)) is not None:
                source = (digest.account, digest.region)
                newest[source] = max(one.digest.end, newest.get(source, one.digest.end))
        for name in self._store.log_names():
            parsed = parse_log_name(base_name(name))
            if base_name(name) not in self._vouched and self._is_in_time(parsed):
                self._found.unvouched.append(Unvouched(name, _is_early(parsed, newest)))

    def _is_in_time(self, name: LogName | None) -> bool:
        """Tell whether a log was delivered in the time asked for; its name tells the minute."""
        if name is None:
            return True
        return (self._since is None or name.delivered + _MINUTE > self._since) and (
            self._until is None or name.delivered < self._until
        )

    def _say(self, subject: str, trouble: DigestTrouble, reason: str) -> None:
        self._found.problems.append(DigestProblem(subject, trouble, reason))


def _parsed(content: FileContent) -> Digest:
    if content.problem is not None or content.body is None:
        raise DigestFormatError(content.problem or "it is empty")
    return parse_digest(content.body)


def _signatures(digests: Iterable[_Read]) -> Mapping[Place, str]:
    """Return the signatures that digests hold of those before them."""
    return {
        one.digest.previous: one.digest.previous_signature
        for one in digests
        if one.digest.previous is not None and one.digest.previous_signature is not None
    }


def _chains(digests: Iterable[_Read]) -> Mapping[str, list[_Read]]:
    """Sort digests by the folder of their trail, account and region, and by time."""
    chains: defaultdict[str, list[_Read]] = defaultdict(list)
    for one in sorted(digests, key=lambda read: (read.digest.end, read.digest.place.key)):
        # The name ends with the time, and nothing else in it changes along a chain.
        place = one.digest.place
        chains[f"{place.bucket}/{place.name.rpartition('_')[0]}"].append(one)
    return chains


def _is_early(name: LogName | None, newest: Mapping[tuple[str, str], datetime]) -> bool:
    """Tell whether a log was delivered after the newest digest of its account and region."""
    end = newest.get((name.account, name.region)) if name is not None else None
    return name is not None and end is not None and name.delivered >= end
