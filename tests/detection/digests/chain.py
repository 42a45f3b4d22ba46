"""Chains of digests as CloudTrail writes them, signed with keys of our own."""

import base64
import gzip
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

BUCKET, ACCOUNT, REGION, TRAIL = "trail-logs", "111122223333", "eu-west-1", "main"
BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DIGESTS = f"AWSLogs/{ACCOUNT}/CloudTrail-Digest/{REGION}"
LOGS = f"AWSLogs/{ACCOUNT}/CloudTrail/{REGION}"


def new_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def fingerprint_of(key: RSAPrivateKey) -> str:
    return hashlib.md5(der(key), usedforsecurity=False).hexdigest()


def der(key: RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)


def pem(key: RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def answer(*keys: RSAPrivateKey) -> dict[str, Any]:
    """What `aws cloudtrail list-public-keys` prints."""
    return {
        "PublicKeyList": [
            {"Value": base64.b64encode(der(key)).decode(), "Fingerprint": fingerprint_of(key)}
            for key in keys
        ]
    }


@dataclass
class Chain:
    """Writes digests hour by hour into a folder that looks like the bucket."""

    folder: Path
    key: RSAPrivateKey
    signatures: dict[str, str] = field(default_factory=dict)
    digests: list[Path] = field(default_factory=list)
    logs: list[Path] = field(default_factory=list)
    end: datetime = BEGIN
    _previous: dict[str, Any] = field(default_factory=dict)

    def hours(self, count: int) -> "Chain":
        for _ in range(count):
            self.hour()
        return self

    def hour(self, **changed: Any) -> None:
        """Deliver one log, and the digest that vouches for it."""
        start, self.end = self.end, self.end + HOUR
        log = self._deliver_log(start)
        name = f"{ACCOUNT}_CloudTrail-Digest_{REGION}_{TRAIL}_{REGION}_{_stamp(self.end)}.json.gz"
        key = f"{DIGESTS}/{self.end:%Y/%m/%d}/{name}"
        members = {
            "awsAccountId": ACCOUNT,
            "digestStartTime": _written(start),
            "digestEndTime": _written(self.end),
            "digestS3Bucket": BUCKET,
            "digestS3Object": key,
            "digestPublicKeyFingerprint": fingerprint_of(self.key),
            "digestSignatureAlgorithm": "SHA256withRSA",
            "previousDigestS3Bucket": None,
            "previousDigestS3Object": None,
            "previousDigestHashValue": None,
            "previousDigestHashAlgorithm": None,
            "previousDigestSignature": None,
            "logFiles": [log],
        }
        self._deliver_digest(name, key, members | self._previous | changed)

    def pause(self, hours: int) -> None:
        """Switch logging off for a while: the chain begins anew."""
        self.end += hours * HOUR
        self._previous = {}

    def _deliver_log(self, start: datetime) -> dict[str, str]:
        text = json.dumps({"Records": [_event(start)]}).encode()
        number = len(self.logs)
        name = f"{ACCOUNT}_CloudTrail_{REGION}_{start:%Y%m%dT%H%MZ}_{number:016d}.json.gz"
        key = f"{LOGS}/{start:%Y/%m/%d}/{name}"
        self.logs.append(self._write(key, text))
        return {
            "s3Bucket": BUCKET,
            "s3Object": key,
            "hashValue": hashlib.sha256(text).hexdigest(),
            "hashAlgorithm": "SHA-256",
        }

    def _deliver_digest(self, name: str, key: str, members: dict[str, Any]) -> None:
        text = json.dumps(members).encode()
        sha256 = hashlib.sha256(text).hexdigest()
        before = members["previousDigestSignature"] or "null"
        signed = f"{members['digestEndTime']}\n{BUCKET}/{key}\n{sha256}\n{before}"
        signature = self.key.sign(signed.encode(), PKCS1v15(), SHA256()).hex()
        self.signatures[name] = signature
        self.digests.append(self._write(key, text))
        self._previous = {
            "previousDigestS3Bucket": BUCKET,
            "previousDigestS3Object": key,
            "previousDigestHashValue": sha256,
            "previousDigestHashAlgorithm": "SHA-256",
            "previousDigestSignature": signature,
        }

    def _write(self, key: str, text: bytes) -> Path:
        path = self.folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(text))
        return path


def rewrite(path: Path, old: str, new: str) -> None:
    """Change what stands in a file that is compressed."""
    text = gzip.decompress(path.read_bytes()).decode()
    assert old in text
    path.write_bytes(gzip.compress(text.replace(old, new).encode()))


def _event(moment: datetime) -> dict[str, str]:
    return {
        "eventTime": _written(moment),
        "eventSource": "s3.amazonaws.com",
        "eventName": "ListBuckets",
        "awsRegion": REGION,
        "recipientAccountId": ACCOUNT,
    }


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%SZ")


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
