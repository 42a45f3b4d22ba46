"""Validates CloudTrail's digests before a hunt: are the logs what AWS delivered, and all there?"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from vedette.detection.digests.keys import PublicKeys, keys_from_file
from vedette.detection.digests.names import parse_digest_name
from vedette.detection.digests.store import DigestStore, FolderStore
from vedette.detection.digests.validation import (
    DigestProblem,
    OnLog,
    Unvouched,
    Validation,
    no_progress,
    validate,
)
from vedette.operations.usage import UsageError
from vedette.reporting.digest_report import STATES, DigestReport, DigestState, ValidatedFile

MOST_FILES: Final = 10_000
_LOGS, _DIGESTS = "CloudTrail", "CloudTrail-Digest"
# A digest covers an hour; a key may have been in use from a while before.
_BEFORE: Final = timedelta(days=1)
_NO_DIGEST: Final = "no valid digest vouches for it"
_NO_DIGEST_YET: Final = (
    "it is newer than the newest digest, and AWS writes one an hour; --until leaves it out"
)


@dataclass(frozen=True, slots=True)
class Span:
    """The time that the digests of a region cover, which tells the keys they are signed with."""

    region: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class FoundKeys:
    """Public keys, and why some could not be had."""

    keys: PublicKeys
    problems: Sequence[DigestProblem] = field(default_factory=tuple)


class KeySource(Protocol):
    """Where public keys come from."""

    def keys(self, spans: Sequence[Span]) -> FoundKeys:
        """Return the keys of regions and times. Raises PublicKeyError for what is no key."""
        ...


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file with keys: an answer of ListPublicKeys as JSON, or one key in PEM or DER."""

    path: Path

    def keys(self, spans: Sequence[Span]) -> FoundKeys:  # noqa: ARG002 - the port's parameter
        """Read the file. Raises UsageError or PublicKeyError."""
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise UsageError(f"{self.path}: cannot be read ({error.strerror}).") from error
        return FoundKeys(keys_from_file(content, str(self.path)))


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRequest:
    """Which digests to validate, by which keys, and for which time."""

    store: Callable[[], DigestStore]
    keys: KeySource
    since: datetime | None = None
    until: datetime | None = None


def validate_digests(request: DigestRequest, on_log: OnLog = no_progress) -> DigestReport:
    """Validate the digests of a time and all logs that they vouch for.

    Raises UserError for what cannot begin: no such folder, a bucket that cannot be listed, a file
    that holds no key, a library that is not installed.
    """
    store = request.store()
    found = request.keys.keys(_spans(store.digest_names()))
    validation = validate(store, found.keys, request.since, request.until, on_log)
    validation.problems += found.problems
    return digest_report(validation)


def folders(paths: Sequence[Path]) -> DigestStore:
    """Return the store of files and folders, with the digests that stand beside the logs.

    Raises UsageError for a path that is not there.
    """
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: there is no such file or folder.")
    return FolderStore([one for path in paths for one in (path, *_beside(path))])


def digests_of(prefix: str) -> str | None:
    """Return where the digests of the logs below a prefix stand, if they are not below it."""
    before, mark, behind = prefix.rpartition(f"/{_LOGS}/")
    return f"{before}/{_DIGESTS}/{behind}" if mark else None


def digest_report(validation: Validation) -> DigestReport:
    """Return what a report shows of a validation; it names at most 10,000 files."""
    every = [*map(_problem, validation.problems), *map(_unvouched, validation.unvouched)]
    every += [ValidatedFile(file=name, state="valid") for name in validation.valid]
    every.sort(key=lambda one: STATES.index(one.state))
    states: dict[DigestState, int] = {}
    for one in every:
        states[one.state] = states.get(one.state, 0) + 1
    return DigestReport(
        digests=validation.digests,
        valid_digests=validation.valid_digests,
        logs=validation.logs,
        valid_logs=validation.valid_logs,
        states=states,
        files=tuple(every[:MOST_FILES]),
        left_out=max(0, len(every) - MOST_FILES),
    )


def _problem(one: DigestProblem) -> ValidatedFile:
    return ValidatedFile(file=one.subject, state=one.trouble.value, reason=one.reason)


def _unvouched(one: Unvouched) -> ValidatedFile:
    reason = _NO_DIGEST_YET if one.early else _NO_DIGEST
    return ValidatedFile(file=one.name, state="not_covered", reason=reason)


def _beside(path: Path) -> Iterator[Path]:
    """Yield the folder of digests that belongs to a folder of logs, if it is there."""
    wanted = digests_of(f"{path.absolute().as_posix()}/")
    if wanted is not None and Path(wanted).exists():
        yield Path(wanted)


def _spans(names: Iterable[str]) -> list[Span]:
    spans: dict[str, Span] = {}
    for digest in filter(None, map(parse_digest_name, names)):
        start, end = digest.end - _BEFORE, digest.end + timedelta(minutes=1)
        known = spans.get(digest.region, Span(digest.region, start, end))
        spans[digest.region] = Span(digest.region, min(start, known.start), max(end, known.end))
    return [spans[region] for region in sorted(spans)]
