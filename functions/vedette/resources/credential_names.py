"""What the name of a setting says about its value: a password, another secret, or neither."""

import re
from enum import StrEnum

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NAME_LIMIT = 256


class NameMeaning(StrEnum):
    """What a name promises; DB_SECRET may hold a secret's name, ENCRYPTION_KEY a KMS key's id."""

    PASSWORD = "password"  # noqa: S105 - the name of a meaning
    SECRET = "secret"  # noqa: S105
    SECRET_OR_ITS_NAME = "secret or its name"  # noqa: S105
    KEY_OR_ITS_ID = "key or its id"
    HARMLESS = "harmless"


_PASSWORDS = frozenset({"password", "passwords", "passwd", "passphrase", "passcode", "pwd"})
# Only as the last word: PASS_THROUGH and PIN_COUNT are something else.
_LAST_PASSWORDS = frozenset({"pass", "pw", "psw"})
_SECRETS = frozenset(
    {"apikey", "credential", "credentials", "secret", "secretkey", "secrets", "token"}
)
_NAMEABLE = frozenset({"credential", "credentials", "secret", "secrets"})
# With one of these before it, `secret` is what an API hands out and not an entry of a store.
_ISSUED = frozenset(
    {"api", "app", "auth", "client", "consumer", "cookie", "hmac", "jwt", "oauth", "session"}
    | {"shared", "signing", "user", "webhook"}
)
_KEYS_OF = frozenset(
    {"access", "api", "app", "application", "auth", "client", "cookie", "crypto", "deploy"}
    | {"encryption", "hmac", "jwt", "master", "private", "secret", "service", "session"}
    | {"shared", "signing", "signature", "ssh", "webhook"}
)
_KEYS_IN_KMS = frozenset({"encryption", "master", "signing"})
_PUBLIC = frozenset({"public", "publishable", "pub"})
# A name that ends in one of these speaks about a secret and does not hold it.
_ABOUT = frozenset(
    {"address", "alg", "algorithm", "alias", "arn", "arns", "attempts", "audience", "bucket"}
    | {"bytes", "cache", "chars", "claim", "class", "count", "date", "days", "delay"}
    | {"description", "dir", "directory", "domain", "duration", "email", "enabled", "encoding"}
    | {"endpoint", "env", "expiration", "expires", "expiry", "field", "file", "filename"}
    | {"folder", "format", "function", "group", "handler", "header", "host", "hours", "id"}
    | {"identifier", "ids", "index", "interval", "issuer", "key", "label", "lambda", "length"}
    | {"level", "lifetime", "limit", "link", "location", "manager", "max", "message", "method"}
    | {"min", "minutes", "mode", "ms", "name", "names", "namespace", "page", "param", "parameter"}
    | {"path", "paths", "pattern", "period", "policy", "pool", "port", "prefix", "protocol"}
    | {"provider", "queue", "ref", "reference", "regex", "region", "required", "retries", "role"}
    | {"rotation", "scope", "seconds", "sender", "service", "size", "source", "status"}
    | {"store", "strategy", "subject", "suffix", "table", "template", "text", "threshold", "time"}
    | {"timeout", "title", "topic", "ttl", "type", "uri", "url", "usage", "user", "username"}
    | {"vault", "version", "window"}
)
# PASSWORD_RESET_… and the like set up what happens to passwords.
_ACTIVITIES = frozenset(
    {"change", "forgot", "generator", "recovery", "reset", "strength", "validation"}
)
_GLUED = re.compile(
    r"(?:password|passwd|passphrase|(?:db|database|sql|pg|user|admin|root|smtp|redis|ftp|mail)pass)\d*\Z"
)
_GLUED_SECRET = re.compile(r"(?:secret|apikey|accesskey|secretkey|privatekey|authtoken)\d*\Z")


def meaning_of(name: str) -> NameMeaning:
    """Tell what a name such as `DB_PASSWORD`, `apiKey` or `SECRET_ARN` says about its value."""
    words = [word.lower() for word in _WORDS.findall(name[:_NAME_LIMIT])]
    while words and words[-1].isdigit():
        words.pop()
    if not words or not _PUBLIC.isdisjoint(words):
        return NameMeaning.HARMLESS
    if len(words) > 1 and words[-1] == "key" and words[-2] in _KEYS_OF:
        return NameMeaning.KEY_OR_ITS_ID if words[-2] in _KEYS_IN_KMS else NameMeaning.SECRET
    if words[-1] in _ABOUT or not _ACTIVITIES.isdisjoint(words[1:]):
        return NameMeaning.HARMLESS
    return NameMeaning.PASSWORD if _is_password(words) else _meaning_of_secret(words)


def _is_password(words: list[str]) -> bool:
    named = not _PASSWORDS.isdisjoint(words) or words[-1] in _LAST_PASSWORDS
    return named or any(_GLUED.search(word) for word in words)


def _meaning_of_secret(words: list[str]) -> NameMeaning:
    if words[-1] in _NAMEABLE and _ISSUED.isdisjoint(words):
        return NameMeaning.SECRET_OR_ITS_NAME
    named = not _SECRETS.isdisjoint(words) or any(_GLUED_SECRET.search(word) for word in words)
    return NameMeaning.SECRET if named else NameMeaning.HARMLESS
