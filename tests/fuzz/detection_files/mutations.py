"""Breaks log files in the ways in which files break, and in those an intruder may choose."""

import gzip
import json
import random
from collections.abc import Callable
from typing import Any

HOSTILE: tuple[Any, ...] = (
    None,
    True,
    -0.0,
    10**400,
    "",
    "\x00\x1b[31m<script>",
    "x" * 5_000,
    [],
    {},
    [[[[1]]]],
    {"a.b": {"c": [None]}},
    ["\ud83d\ude00", 5, {"x": None}],
)
FIELDS = (
    "userIdentity",
    "eventName",
    "eventSource",
    "eventTime",
    "eventID",
    "errorCode",
    "sourceIPAddress",
    "userAgent",
    "requestParameters",
    "responseElements",
    "additionalEventData",
    "resources",
    "readOnly",
    "recipientAccountId",
)
Mutation = Callable[[random.Random, bytes], bytes]


def broken(source: random.Random, records: list[Any]) -> bytes:
    """Return the bytes of a file in which some things are not as they should be."""
    changed = [_changed(source, record) for record in records]
    text = _shaped(source, changed)
    for mutation in source.sample(TEXT_MUTATIONS, source.randrange(3)):
        text = mutation(source, text)
    if source.random() < 0.5:
        text = gzip.compress(text, 1)
        for mutation in source.sample(GZIP_MUTATIONS, source.randrange(2)):
            text = mutation(source, text)
    return text


def _changed(source: random.Random, record: Any) -> Any:
    if source.random() < 0.5:
        return record
    if source.random() < 0.1:
        return source.choice(HOSTILE)
    changed = dict(record)
    for name in source.sample(FIELDS, source.randrange(1, 5)):
        if source.random() < 0.3:
            changed.pop(name, None)
        elif isinstance(changed.get(name), dict) and source.random() < 0.5:
            changed[name] = _deeper(source, changed[name])
        else:
            changed[name] = source.choice(HOSTILE)
    return changed


def _deeper(source: random.Random, value: dict[str, Any]) -> dict[str, Any]:
    changed = dict(value)
    for name in source.sample(sorted(changed), min(len(changed), 2)):
        changed[name] = source.choice(HOSTILE)
    return changed


def _shaped(source: random.Random, records: list[Any]) -> bytes:
    shape = source.randrange(5)
    if shape == 0:
        return json.dumps({"Records": records}).encode()
    if shape == 1:
        return json.dumps(records).encode()
    if shape == 2:
        return "\n".join(map(json.dumps, records)).encode()
    if shape == 3:
        envelopes = [{"detail-type": "AWS API Call", "detail": one} for one in records]
        return json.dumps(source.choice([{"Records": envelopes}, envelopes])).encode()
    return json.dumps({"Other": 1, "Records": records}, indent=1, ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def _cut(source: random.Random, text: bytes) -> bytes:
    return text[: source.randrange(len(text) + 1)]


def _flip(source: random.Random, text: bytes) -> bytes:
    flipped = bytearray(text)
    for _ in range(source.randrange(1, 8) if text else 0):
        flipped[source.randrange(len(flipped))] = source.randrange(256)
    return bytes(flipped)


def _insert(source: random.Random, text: bytes) -> bytes:
    place = source.randrange(len(text) + 1)
    return text[:place] + source.choice(INSERTED) + text[place:]


def _repeat(source: random.Random, text: bytes) -> bytes:
    begin = source.randrange(len(text) + 1)
    piece = text[begin : begin + source.randrange(2_000)]
    return text[:begin] + piece * source.randrange(2, 5) + text[begin:]


def _nest(source: random.Random, text: bytes) -> bytes:
    depth = source.choice([100, 2_000, 20_000])
    opening, closing = source.choice([(b"[", b"]"), (b'{"a":', b"}")])
    nested = opening * depth + b"1" + closing * source.choice([depth, depth - 1, 0])
    place = text.find(b"null")
    return nested if place < 0 else text[:place] + nested + text[place + 4 :]


def _append(source: random.Random, text: bytes) -> bytes:
    return text + source.choice([b"\x00" * 600, b"rest", gzip.compress(b'{"Records":['), text])


INSERTED = (b"\xff\xfe", b"\xef\xbb\xbf", b"\x00", b'"', b"}", b"]", b"{", b"NaN", b"\\ud800", b",")
TEXT_MUTATIONS: tuple[Mutation, ...] = (_cut, _flip, _insert, _repeat, _nest)
GZIP_MUTATIONS: tuple[Mutation, ...] = (_cut, _flip, _append)
