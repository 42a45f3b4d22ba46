"""Digests and keys that are not on this machine: objects in S3, and CloudTrail's public keys."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from vedette.aws.digest_keys import listed_public_keys
from vedette.aws.digest_objects import DigestObjects
from vedette.aws.errors import ReadError
from vedette.aws.log_objects import BucketPlace, LogObjects
from vedette.aws.session import AwsSession, SessionOptions
from vedette.detection.digests.document import Place
from vedette.detection.digests.keys import PublicKeys, keys_from_answer, require_cryptography
from vedette.detection.digests.names import DIGEST_MARK, LOG_MARK, base_name, parse_digest_name
from vedette.detection.digests.store import DigestStore, StoredDigest, UnreadableLogError
from vedette.detection.digests.validation import DigestProblem, DigestTrouble
from vedette.detection.event.files import LOG_NAMES, FileContent
from vedette.operations.hunt_bucket import S3, bucket_logs
from vedette.operations.hunt_digests import FoundKeys, Span, digests_of

_MINUTE: Final = timedelta(minutes=1)


class BucketStore:
    """Digests and logs below prefixes in S3, with the signatures that S3 keeps."""

    def __init__(
        self, places: Sequence[BucketPlace], session: AwsSession, since: datetime | None = None
    ) -> None:
        """List everything; digests of before `since` are left out. Raises LogObjectsError."""
        self._places = places
        self._objects = DigestObjects(session)
        self._digests: list[Place] = []
        self._logs: list[Place] = []
        listing = LogObjects(session)
        uris = {one.uri for place in places for one in listing.listed(place)}
        for uri in sorted(one for one in uris if one.endswith(LOG_NAMES)):
            place = _place(uri)
            if DIGEST_MARK in place.name:
                self._digests += [] if _is_before(place, since) else [place]
            elif LOG_MARK in place.name:
                self._logs.append(place)

    def digest_names(self) -> Iterable[str]:
        """Name the digests."""
        return [one.name for one in self._digests]

    def digests(self) -> Iterator[StoredDigest]:
        """Read the digests in the order of their addresses."""
        for place in self._digests:
            name = str(place)
            try:
                stored = self._objects.read(place.bucket, place.key)
            except ReadError as error:
                yield StoredDigest(name, FileContent(path=name, problem=error.reason))
                continue
            if stored is None:
                yield StoredDigest(name, FileContent(path=name, problem="it is gone meanwhile"))
            else:
                yield StoredDigest(name, stored.content, stored.signature)

    def log_names(self) -> Iterable[str]:
        """Give the addresses of the logs."""
        return map(str, self._logs)

    def log(self, place: Place) -> FileContent | None:
        """Read a log where AWS delivered it, listed or not. Raises UnreadableLogError."""
        try:
            stored = self._objects.read(place.bucket, place.key)
        except ReadError as error:
            raise UnreadableLogError(error.reason) from error
        return None if stored is None else stored.content

    def reaches(self, place: Place) -> bool:
        """Tell whether a place is below one of the prefixes."""
        return any(
            place.bucket == one.bucket and place.key.startswith(one.prefix) for one in self._places
        )


@dataclass(frozen=True, slots=True)
class ListedKeys:
    """The keys that CloudTrail lists, region by region."""

    session: SessionOptions

    def keys(self, spans: Sequence[Span]) -> FoundKeys:
        """Ask CloudTrail. A region that does not answer is said. Raises PublicKeyError."""
        require_cryptography()
        session = AwsSession(self.session)
        listed: list[dict[str, Any]] = []
        problems: list[DigestProblem] = []
        for span in spans:
            try:
                listed += listed_public_keys(session, span.region, span.start, span.end)
            except ReadError as error:
                subject = f"public keys of {span.region}"
                problems.append(DigestProblem(subject, DigestTrouble.UNVERIFIED, error.reason))
        keys = keys_from_answer({"PublicKeyList": listed}) if listed else PublicKeys(())
        return FoundKeys(keys, problems)


def bucket_store(
    places: Sequence[str], session: SessionOptions, since: datetime | None = None
) -> DigestStore:
    """Return the store for prefixes in S3, with the digests that stand beside the logs.

    Raises UsageError for what is no prefix, LogObjectsError for what cannot be listed.
    """
    wanted = [one for place in places for one in (place, digests_of(place)) if one is not None]
    return BucketStore(bucket_logs(wanted, session).places, AwsSession(session), since)


def _place(uri: str) -> Place:
    bucket, _, key = uri.removeprefix(S3).partition("/")
    return Place(bucket, key)


def _is_before(place: Place, since: datetime | None) -> bool:
    name = parse_digest_name(base_name(place.key))
    return since is not None and name is not None and name.end + _MINUTE <= since
