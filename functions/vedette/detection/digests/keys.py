"""The public keys of CloudTrail, by which the signatures of digests are verified.

Each region has its own keys, and they change over time. They come from CloudTrail's
ListPublicKeys, or from a file in which somebody kept one.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from vedette.resources.errors import UserError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_PEM: Final = b"-----BEGIN"
_LISTED: Final = "PublicKeyList"


class PublicKeyError(UserError):
    """A public key cannot be used: the message says which one, and why."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An RSA key; without a fingerprint it is tried on every signature."""

    key: "RSAPublicKey"
    fingerprint: str | None = None


class PublicKeys:
    """The keys to verify with."""

    def __init__(self, keys: Iterable[PublicKey]) -> None:
        """Take the keys that CloudTrail may have signed with."""
        self._keys = tuple(keys)

    def known(self, fingerprint: str) -> bool:
        """Tell whether there is a key to verify what bears this fingerprint."""
        return any(one.fingerprint in (None, fingerprint) for one in self._keys)

    def verify(self, signed: bytes, signature: str, fingerprint: str) -> bool:
        """Tell whether one of the keys made a signature, which is given in hexadecimal digits."""
        try:
            made = binascii.unhexlify(signature)
        except ValueError:
            return False
        fitting = (one for one in self._keys if one.fingerprint in (None, fingerprint))
        return any(_verifies(one.key, signed, made) for one in fitting)


def keys_from_answer(answer: Mapping[str, Any]) -> PublicKeys:
    """Take the keys from an answer of CloudTrail's ListPublicKeys.

    `Value` is the key in DER (PKCS #1), as bytes or, as the AWS CLI prints it, in Base64.
    Raises PublicKeyError.
    """
    listed = answer.get(_LISTED)
    if not isinstance(listed, list) or not listed:
        raise PublicKeyError("There are no public keys in what ListPublicKeys answered.")
    return PublicKeys(map(_listed_key, listed))


def keys_from_file(content: bytes, name: str) -> PublicKeys:
    """Take keys from a file: an answer of ListPublicKeys as JSON, or a key in PEM or DER.

    `name` is for people. Raises PublicKeyError.
    """
    if content.lstrip().startswith(b"{"):
        try:
            answer = json.loads(content)
        except ValueError as error:
            raise PublicKeyError(f"{name}: it is not JSON ({error}).") from error
        return keys_from_answer(answer)
    return PublicKeys([PublicKey(_loaded(content, name))])


def _listed_key(one: Any) -> PublicKey:
    value = one.get("Value") if isinstance(one, dict) else None
    fingerprint = one.get("Fingerprint") if isinstance(one, dict) else None
    if not isinstance(value, str | bytes) or not isinstance(fingerprint, str):
        raise PublicKeyError("A public key in what ListPublicKeys answered has no value or name.")
    content = value
    if isinstance(content, str):
        try:
            content = base64.b64decode(content, validate=True)
        except ValueError as error:
            raise PublicKeyError(f"The public key {fingerprint} is not Base64.") from error
    return PublicKey(_loaded(content, f"The public key {fingerprint}"), fingerprint.lower())


def _loaded(content: bytes, name: str) -> "RSAPublicKey":
    require_cryptography()
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - an extra
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        load_der_public_key,
        load_pem_public_key,
    )

    is_pem = content.lstrip().startswith(_PEM)
    try:
        key = load_pem_public_key(content) if is_pem else load_der_public_key(content)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise PublicKeyError(f"{name}: it is no public key in PEM or DER.") from error
    if not isinstance(key, RSAPublicKey):
        raise PublicKeyError(f"{name}: it is no RSA key; CloudTrail signs with RSA.")
    return key


def require_cryptography() -> None:
    """Raise PublicKeyError, with what to install, if nothing is there to verify signatures with."""
    try:
        import cryptography  # noqa: F401, PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise PublicKeyError(
            "To verify signatures, install what that takes: pipx install 'vedette[digests]' "
            "(or add the extra `digests` where vedette is installed already)."
        ) from error


def _verifies(key: "RSAPublicKey", signed: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an extra
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    try:
        key.verify(signature, signed, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True
