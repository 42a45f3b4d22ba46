"""Validates chains of digests, and the logs that they vouch for.

A digest counts as valid if AWS signed just what it says. A log counts as valid if it is what a
valid digest vouches for. Where a digest or a log is missing, changed, or cannot be verified, that
is said; nothing is called valid that was not verified.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
from vedette.detection.digests.store import DigestStore, StoredDigest
from vedette.detection.event.files import FileContent

_ENDED: Final = "digest chain"


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


@dataclass(slots=True)
class Validation:
    """What was validated. `unvouched` names logs that no valid digest vouches for."""

    digests: int = 0
    valid_digests: int = 0
    logs: int = 0
    valid_logs: int = 0
    problems: list[DigestProblem] = field(default_factory=list)
    unvouched: int = 0

    @property
    def holds(self) -> bool:
        """Tell whether all that digests speak of is there and as AWS delivered it."""
        return self.valid_digests > 0 and not self.problems


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
) -> Validation:
    """Validate the digests that overlap a time, and all logs they vouch for."""
    return _Validator(store, keys).validate(since, until)


class _Validator:
    def __init__(self, store: DigestStore, keys: PublicKeys) -> None:
        self._store = store
        self._keys = keys
        self._found = Validation()
        self._vouched: set[str] = set()

    def validate(self, since: datetime | None, until: datetime | None) -> Validation:
        everything = list(self._readable())
        signatures = _signatures(everything)
        wanted = [one for one in everything if _overlaps(one.digest, since, until)]
        for one in wanted:
            if self._is_valid(one, signatures):
                self._found.valid_digests += 1
                for log in one.digest.logs:
                    self._validate_log(log)
        for chain in _chains(wanted).values():
            self._validate_chain(chain, {one.digest.place for one in everything}, since)
        self._count_unvouched()
        if not self._found.digests:
            self._say(_ENDED, DigestTrouble.MISSING, "there are no digests for that time")
        return self._found

    def _readable(self) -> Iterator[_Read]:
        for stored in self._store.digests():
            try:
                yield _Read(stored, _parsed(stored.content))
            except DigestFormatError as error:
                self._found.digests += 1
                self._say(stored.name, DigestTrouble.UNREADABLE, str(error))

    def _is_valid(self, one: _Read, signatures: Mapping[Place, str]) -> bool:
        self._found.digests += 1
        digest, name = one.digest, one.stored.name
        signature = one.stored.signature or signatures.get(digest.place)
        if name.rpartition("/")[2] != digest.place.name:
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
        content, name = self._store.log(log.place), str(log.place)
        if content is None:
            self._say(name, DigestTrouble.MISSING, "a digest vouches for it, but it is not there")
        elif content.problem is not None:
            self._say(name, DigestTrouble.CHANGED, content.problem)
        elif hashlib.sha256(content.body or b"").hexdigest() != log.sha256.lower():
            self._say(name, DigestTrouble.CHANGED, "it is not what AWS delivered")
        else:
            self._found.valid_logs += 1

    def _validate_chain(
        self, chain: list[_Read], stored: set[Place], since: datetime | None
    ) -> None:
        """Look for missing links in what one trail wrote about one region, oldest first."""
        by_place = {one.digest.place: one.digest for one in chain}
        for earlier, later in zip([None, *chain], chain, strict=False):
            digest = later.digest
            if digest.previous is None:
                self._note_gap(earlier, digest)
            elif (known := by_place.get(digest.previous)) is not None:
                self._compare(known, digest)
            elif digest.previous not in stored and not _begins(digest, since, earlier):
                reason = f"{digest.place.name} follows it, but it is not there"
                self._say(str(digest.previous), DigestTrouble.MISSING, reason)

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

    def _count_unvouched(self) -> None:
        names = (name.replace("\\", "/").rpartition("/")[2] for name in self._store.log_names())
        self._found.unvouched = sum(name not in self._vouched for name in names)

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


def _overlaps(digest: Digest, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or digest.end > since) and (until is None or digest.start < until)


def _begins(digest: Digest, since: datetime | None, earlier: _Read | None) -> bool:
    """Tell whether what came before a digest is older than what was asked for."""
    return earlier is None and since is not None and digest.start <= since
