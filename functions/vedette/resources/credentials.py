"""Does a setting hold a credential in plain text? Judged by its value, then by its name.

The answer is a kind and never a part of the value, so that it may be kept and shown. Low entropy is
no excuse: `DB_PASSWORD=hunter2` is as much a leak as a random token. References to a secret (ARNs,
parameter paths, placeholders, ciphertext of KMS) are none.
"""

import re
from collections import Counter
from enum import StrEnum
from math import log2
from typing import Final

from vedette.resources.credential_names import NameMeaning, meaning_of

VALUE_LIMIT: Final = 65_536


class CredentialKind(StrEnum):
    """What a value looks like, as a noun for people."""

    AWS_ACCESS_KEY_ID = "AWS access key id"
    AWS_SECRET_ACCESS_KEY = "AWS secret access key"  # noqa: S105 - the name of a kind
    PRIVATE_KEY = "private key"
    PASSWORD_IN_URL = "password in a URL"  # noqa: S105
    PASSWORD_IN_CONNECTION_STRING = "password in a connection string"  # noqa: S105
    AUTHORIZATION_HEADER = "authorization header"
    SIGNED_TOKEN = "signed token (JWT)"  # noqa: S105
    SERVICE_TOKEN = "token of a known service"  # noqa: S105
    WEBHOOK = "webhook with a secret in its path"
    NAMED_PASSWORD = "password by its name"  # noqa: S105
    NAMED_SECRET = "secret by its name"  # noqa: S105


# Prefixes that services chose so that leaks can be found, each followed by random characters.
# Source: the token formats that each service documents.
_SERVICE_TOKENS = (
    r"gh[opsur]_[A-Za-z0-9]{36,255}",
    r"github_pat_[A-Za-z0-9_]{50,255}",
    r"glpat-[A-Za-z0-9_-]{20,255}",
    r"xox[abeoprs]-[A-Za-z0-9-]{10,255}",
    r"(?:sk|rk)_live_[A-Za-z0-9]{16,255}",
    r"sk-(?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_-]{32,255}",
    r"AIza[A-Za-z0-9_-]{35}",
    r"SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}",
    r"npm_[A-Za-z0-9]{36}",
    r"pypi-[A-Za-z0-9_-]{50,255}",
    r"dop_v1_[a-f0-9]{64}",
    r"hv[bs]\.[A-Za-z0-9_-]{24,255}",
    r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",
    r"dapi[a-f0-9]{32}",
    r"key-[a-f0-9]{32}",
)
_ALONE = r"(?<![A-Za-z0-9_-])(?:{})(?![A-Za-z0-9_-])"
_BY_VALUE: Final = (
    (CredentialKind.PRIVATE_KEY, re.compile(r"-----BEGIN [A-Z0-9 ]{0,20}PRIVATE KEY")),
    (CredentialKind.AWS_ACCESS_KEY_ID, re.compile(r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b")),
    (CredentialKind.SERVICE_TOKEN, re.compile(_ALONE.format("|".join(_SERVICE_TOKENS)))),
    (
        CredentialKind.SIGNED_TOKEN,
        re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
    ),
    (
        CredentialKind.WEBHOOK,
        re.compile(
            r"https://(?:hooks\.slack\.com/(?:services|workflows)/|discord(?:app)?\.com/api/webhooks/|"
            r"[a-z0-9-]{1,63}\.webhook\.office\.com/)[A-Za-z0-9@/_-]{20}"
        ),
    ),
    (
        CredentialKind.AUTHORIZATION_HEADER,
        re.compile(r"\A(?:Bearer|Basic) (?=\S*[0-9=])[A-Za-z0-9+/._~-]{8,}=*\Z"),
    ),
)
_URL_PASSWORD = re.compile(r"\b[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s:/@?#]{0,256}:([^\s/@]{1,256})@")
_STRING_PASSWORD = re.compile(
    r"(?:\A|[;\s])(?:password|pwd|accountkey|sharedaccesskey)\s?=\s?([^;\s]{1,512})", re.IGNORECASE
)
_SECRET_ACCESS_KEY = re.compile(r"\A(?=.*[0-9])(?=.*[A-Z])(?=.*[a-z])[A-Za-z0-9/+]{40}\Z")
# Forty random characters have about 4.9 bits each; identifiers made of words have fewer than 4.4.
_BITS_OF_RANDOM: Final = 4.4

_PLACEHOLDER = re.compile(
    r"\A(?:<.*>|\$\{.*\}|\$\(.*\)|\{\{.*\}\}|\{\w*\}|%\w+%|%[sd]|\[.*\]|[*xX._-]+)\Z"
)
_WORDS_FOR_NOTHING = frozenset(
    {"", "true", "false", "yes", "no", "on", "off", "enabled", "disabled", "none", "null", "nil"}
    | {"undefined", "unset", "redacted", "hidden", "masked", "todo", "tbd", "n/a", "required"}
)
_REFERENCE = re.compile(
    r"\A(?:arn:[a-z-]+:|[a-z][a-z0-9+.-]{1,30}://|alias/|(?:ssm|secretsmanager|vault|kms|sm|op):)",
    re.IGNORECASE,
)
_PATH_FROM_ROOT = re.compile(r"\A(?:~|\.{1,2})?/[A-Za-z0-9_.@/-]+\Z")
_NAME_OF_WORDS = re.compile(r"\A[A-Za-z0-9]+(?:[/_.:-]+[A-Za-z0-9]+)+\Z")
# What AWS KMS answers begins so in base64; Lambda's console stores such ciphertext.
_KMS_CIPHERTEXT = re.compile(r"\AAQIC[A-Za-z0-9+/]{60,}={0,2}\Z")
_UUID = re.compile(r"\A[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE)
_CHUNK = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LONGEST_WORD: Final = 20
_SHORTEST_CHUNK: Final = 3


def credential_in(name: str, value: str) -> CredentialKind | None:
    """Tell what kind of credential a named setting holds in plain text, if any."""
    value = value[:VALUE_LIMIT].strip()
    by_value = credential_in_text(value)
    if by_value is not None:
        return by_value
    meaning = meaning_of(name)
    if meaning is NameMeaning.HARMLESS or _points_elsewhere(value):
        return None
    if meaning is NameMeaning.PASSWORD:
        return CredentialKind.NAMED_PASSWORD
    return CredentialKind.NAMED_SECRET if _may_be_secret(value, meaning) else None


def credential_in_text(text: str) -> CredentialKind | None:
    """Tell what kind of credential a text holds that is known by its form, if any."""
    text = text[:VALUE_LIMIT]
    for kind, pattern in _BY_VALUE:
        if pattern.search(text):
            return kind
    if any(not _is_placeholder(found) for found in _URL_PASSWORD.findall(text)):
        return CredentialKind.PASSWORD_IN_URL
    if any(not _points_elsewhere(found) for found in _STRING_PASSWORD.findall(text)):
        return CredentialKind.PASSWORD_IN_CONNECTION_STRING
    if _SECRET_ACCESS_KEY.match(text) and _bits_per_character(text) >= _BITS_OF_RANDOM:
        return CredentialKind.AWS_SECRET_ACCESS_KEY
    return None


def _may_be_secret(value: str, meaning: NameMeaning) -> bool:
    """Rule out counts, and what DB_SECRET or ENCRYPTION_KEY hold if they name something in AWS."""
    if meaning is NameMeaning.SECRET_OR_ITS_NAME and _is_name_of_words(value):
        return False
    if meaning is NameMeaning.KEY_OR_ITS_ID and _UUID.match(value):
        return False
    return not value.isdigit()


def _is_placeholder(value: str) -> bool:
    return value.lower() in _WORDS_FOR_NOTHING or bool(_PLACEHOLDER.match(value))


def _points_elsewhere(value: str) -> bool:
    """Tell whether a value is no secret itself: nothing, a placeholder, or where a secret is."""
    return (
        _is_placeholder(value)
        or any(one.match(value) for one in (_REFERENCE, _KMS_CIPHERTEXT, _PATH_FROM_ROOT))
        or ("/" in value and _is_name_of_words(value))
    )


def _is_name_of_words(value: str) -> bool:
    """Tell a name such as `prod/db-credentials` from random characters."""
    return bool(_NAME_OF_WORDS.match(value)) and all(map(_is_word, re.split(r"[/_.:-]", value)))


def _is_word(part: str) -> bool:
    letters = part.rstrip("0123456789")
    if not letters:
        return True
    chunks = _CHUNK.findall(letters)
    if "".join(chunks) != letters or len(part) > _LONGEST_WORD:
        return False
    return len(chunks) == 1 or len(letters) >= _SHORTEST_CHUNK * len(chunks)


def _bits_per_character(text: str) -> float:
    """Return the Shannon entropy of a text's characters."""
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * log2(share) for share in shares)
