import json
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.detection.digests.chain import answer, der, fingerprint_of, new_key, pem
from vedette.detection.digests.keys import PublicKeyError, keys_from_answer, keys_from_file


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return new_key()


def signature(key: RSAPrivateKey) -> str:
    return key.sign(b"text", PKCS1v15(), SHA256()).hex()


def test_a_key_is_read_from_every_form(key: RSAPrivateKey) -> None:
    for content in (pem(key), der(key), json.dumps(answer(key)).encode()):
        keys = keys_from_file(content, "key")
        assert keys.verify(b"text", signature(key), fingerprint_of(key))
        assert not keys.verify(b"other", signature(key), fingerprint_of(key))


def test_an_answer_of_the_api_holds_bytes(key: RSAPrivateKey) -> None:
    listed = {"PublicKeyList": [{"Value": der(key), "Fingerprint": fingerprint_of(key).upper()}]}

    assert keys_from_answer(listed).verify(b"text", signature(key), fingerprint_of(key))


def test_a_key_verifies_only_what_bears_its_fingerprint(key: RSAPrivateKey) -> None:
    keys = keys_from_answer(answer(key))

    assert not keys.known("0" * 32)
    assert not keys.verify(b"text", signature(key), "0" * 32)


def test_a_key_without_fingerprint_is_tried_on_everything(key: RSAPrivateKey) -> None:
    keys = keys_from_file(pem(key), "key.pem")

    assert keys.known("0" * 32)
    assert keys.verify(b"text", signature(key), "0" * 32)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no public key"),
        (b"-----BEGIN nothing", "no public key"),
        (b"{", "not JSON"),
        (b"{}", "no public keys"),
        (b'{"PublicKeyList": [1]}', "no value"),
        (b'{"PublicKeyList": [{"Value": "?", "Fingerprint": "00"}]}', "not Base64"),
    ],
)
def test_what_is_no_key_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(PublicKeyError, match=said):
        keys_from_file(content, "key.pem")


def test_a_key_of_another_kind_is_refused() -> None:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()

    with pytest.raises(PublicKeyError, match="RSA"):
        keys_from_file(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), "ec")


def test_without_the_extra_it_is_said_what_to_install(
    key: RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)

    with pytest.raises(PublicKeyError, match=r"vedette\[digests\]"):
        keys_from_file(pem(key), "key.pem")
