"""What stands in a digest file, and the text that AWS signs.

Source: AWS CloudTrail User Guide, "CloudTrail digest file structure" and "Custom implementations
of CloudTrail log file integrity validation".
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson

from vedette.detection.digests.names import base_name

_HASH: Final = "SHA-256"
_SIGNATURE: Final = "SHA256withRSA"
_NO_SIGNATURE: Final = "null"


class DigestFormatError(ValueError):
    """A file is no digest; the message is a clause for people."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object was delivered to: its bucket and key in S3."""

    bucket: str
    key: str

    def __str__(self) -> str:
        """Write it as a URI."""
        return f"s3://{self.bucket}/{self.key}"

    @property
    def name(self) -> str:
        """Return the name of the file, which is unique among the logs and digests of AWS."""
        return base_name(self.key)


@dataclass(frozen=True, slots=True)
class Vouched:
    """A log file that a digest vouches for, with the SHA-256 of what it decompresses to."""

    place: Place
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest: the log files of an hour, and which digest came before.

    `previous` is None at the beginning of a chain, after logging or validation was switched on.
    `sha256` is that of the digest's own text, decompressed.
    """

    place: Place
    start: datetime
    end: datetime
    written_end: str
    fingerprint: str
    sha256: str
    logs: tuple[Vouched, ...]
    previous: Place | None
    previous_sha256: str | None
    previous_signature: str | None

    def signed_text(self) -> bytes:
        """Return what AWS signs of a digest: its time, place and hash, and the last signature."""
        parts = (
            self.written_end,
            f"{self.place.bucket}/{self.place.key}",
            self.sha256,
            self.previous_signature or _NO_SIGNATURE,
        )
        return "\n".join(parts).encode()


def parse_digest(text: bytes | bytearray) -> Digest:
    """Read a digest, decompressed. Raises DigestFormatError."""
    try:
        members = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise DigestFormatError(f"it is not JSON ({error})") from error
    if not isinstance(members, dict):
        raise DigestFormatError("it is not a JSON object")
    _require_algorithms(members)
    return Digest(
        place=Place(_text(members, "digestS3Bucket"), _text(members, "digestS3Object")),
        start=_time(members, "digestStartTime"),
        end=_time(members, "digestEndTime"),
        written_end=_text(members, "digestEndTime"),
        fingerprint=_text(members, "digestPublicKeyFingerprint").lower(),
        sha256=hashlib.sha256(text).hexdigest(),
        logs=_logs(members),
        previous=_previous(members),
        previous_sha256=_optional(members, "previousDigestHashValue"),
        previous_signature=_optional(members, "previousDigestSignature"),
    )


def _require_algorithms(members: dict[str, Any]) -> None:
    """Refuse what is hashed or signed in another way, rather than call it wrong."""
    signed_by = members.get("digestSignatureAlgorithm", _SIGNATURE)
    hashed_by = members.get("previousDigestHashAlgorithm") or _HASH
    if signed_by != _SIGNATURE or hashed_by != _HASH:
        raise DigestFormatError(f"it uses {signed_by} and {hashed_by}, which are not known here")


def _logs(members: dict[str, Any]) -> tuple[Vouched, ...]:
    listed = members.get("logFiles")
    if not isinstance(listed, list):
        raise DigestFormatError("it has no list logFiles")
    return tuple(map(_vouched, listed))


def _vouched(one: Any) -> Vouched:
    if not isinstance(one, dict):
        raise DigestFormatError("one of its logFiles is not an object")
    if one.get("hashAlgorithm", _HASH) != _HASH:
        raise DigestFormatError("it hashes logs by another algorithm than SHA-256")
    return Vouched(Place(_text(one, "s3Bucket"), _text(one, "s3Object")), _text(one, "hashValue"))


def _previous(members: dict[str, Any]) -> Place | None:
    bucket = _optional(members, "previousDigestS3Bucket")
    key = _optional(members, "previousDigestS3Object")
    return Place(bucket, key) if bucket and key else None


def _text(members: dict[str, Any], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not value:
        raise DigestFormatError(f"it has no {name}")
    return value


def _optional(members: dict[str, Any], name: str) -> str | None:
    return None if members.get(name) is None else _text(members, name)


def _time(members: dict[str, Any], name: str) -> datetime:
    written = _text(members, name)
    try:
        parsed = datetime.fromisoformat(written)
    except ValueError as error:
        raise DigestFormatError(f"its {name} is not a time") from error
    if parsed.tzinfo is None:
        raise DigestFormatError(f"its {name} has no time zone")
    return parsed
