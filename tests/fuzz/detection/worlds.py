"""Makes rules and records that have much to do with each other, plain ones and odd ones."""

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from tests.fuzz.detection.words import (
    FIELDS,
    NETWORKS,
    PATTERNS,
    REGEXES,
    SCALARS,
    TEXTS,
)


def parameter(record: Mapping[str, Any]) -> Any:
    """Derive a field that is absent for most events, as the parts of a policy are."""
    parameters, name = record.get("requestParameters"), record.get("eventName")
    is_absent = not isinstance(name, str) or name.casefold() not in {"a", "b", "ab", "abc"}
    return None if is_absent or not isinstance(parameters, dict) else parameters.get("a")


DERIVED: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "vedette.address": lambda record: str(record.get("sourceIPAddress")),
    "vedette.both": lambda record: [record.get("userAgent"), record.get("userIdentity")],
    "vedette.caller": lambda record: record.get("userIdentity"),
    "vedette.parameter": parameter,
    "vedette.size": len,
}
TEXT_MODIFIERS = (
    "",
    "|contains",
    "|startswith",
    "|endswith",
    "|cased",
    "|contains|cased",
    "|startswith|cased",
    "|expand",
    "|expand|contains",
    "|windash",
    "|windash|contains",
    "|base64",
    "|base64offset|contains",
    "|wide",
    "|utf16be|contains",
    "|wide|base64offset|contains",
    "|neq",
    "|all",
    "|contains|all",
    "|contains|all|neq",
)
ENCODINGS = ("base64", "wide", "utf16")


def rule(random: Random) -> dict[str, Any]:
    """Make a rule that pySigma may or may not accept."""
    names = random.sample(["one", "two", "sel_a", "sel_b", "_hidden"], random.randint(1, 4))
    detection: dict[str, Any] = {name: _selection(random) for name in names}
    conditions = [_condition(random, names, 0) for _ in range(random.choice([1, 1, 1, 2]))]
    detection["condition"] = conditions if len(conditions) > 1 else conditions[0]
    return {
        "title": "generated",
        "logsource": {"product": "aws", "service": "cloudtrail"},
        "detection": detection,
    }


def record(random: Random, *, is_plain: bool) -> str:
    """Make the JSON of a record; one that is not plain may be written or typed in odd ways."""
    pairs: list[tuple[str, Any]] = [("eventVersion", "1.08"), ("userIdentity", _identity(random))]
    always = ("eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress")
    often = [one for one in ("userAgent", "errorCode", "eventType") if random.random() < 0.7]
    pairs += [(name, random.choice((None, *TEXTS))) for name in (*always, *often)]
    pairs += [("readOnly", random.choice(SCALARS)), ("requestParameters", _value(random, 0))]
    if is_plain:
        return _object(pairs)
    return _oddly_written(random, pairs)


def file(random: Random, records: list[str]) -> bytes:
    """Put records into a file in one of the shapes that are scanned at once."""
    between = random.choice([",", ",", ", ", ",\n"])
    listed = f"[{between.join(records)}]"
    wrapped = random.choice(
        ['{{"Records":{}}}', '{{"Records":{}}}', ' {{ "x": [1], "Records" : {} , "y":{{}} }}\n']
    )
    return (listed if random.random() < 0.2 else wrapped.format(listed)).encode()


def _selection(random: Random) -> Any:
    kind = random.random()
    if kind < 0.1:
        return random.sample(PATTERNS[1:17], random.randint(1, 2))
    if kind < 0.2:
        return [_mapping(random) for _ in range(random.randint(1, 2))]
    return _mapping(random)


def _mapping(random: Random) -> dict[str, Any]:
    return dict(_entry(random) for _ in range(random.randint(1, 3)))


def _entry(random: Random) -> tuple[str, Any]:
    field = random.choice(FIELDS)
    maker = random.choice(
        [_text_entry] * 4 + [_regex_entry, _other_entry, _other_entry, _number_entry]
    )
    suffix, value = maker(random)
    return field + suffix, value


def _text_entry(random: Random) -> tuple[str, Any]:
    suffix = random.choice(TEXT_MODIFIERS)
    values = random.sample(PATTERNS, random.randint(1, 3))
    if any(encoding in suffix for encoding in ENCODINGS):
        values = random.sample(["a", "ab", "b"], random.randint(1, 2))
    return suffix, values if len(values) > 1 else values[0]


def _regex_entry(random: Random) -> tuple[str, Any]:
    suffix = random.choice(["|re", "|re|i", "|re|m", "|re|s", "|re|expand", "|re|i|s", "|re|neq"])
    return suffix, random.choice(REGEXES if "expand" in suffix else REGEXES[:-1])


def _number_entry(random: Random) -> tuple[str, Any]:
    suffix = random.choice(["|gt", "|gte", "|lt", "|lte", "|hour", "|day", "|week", "|month|gte"])
    suffix = random.choice([suffix, suffix, "|year", "|minute|lt"])
    return suffix, random.choice([0, 1, 5, 5.5, 9, 23, 29, 59, 100, 2024])


def _other_entry(random: Random) -> tuple[str, Any]:
    return random.choice(
        [
            ("|exists", random.random() < 0.5),
            ("", None),
            ("", [None, "a"]),
            ("", []),
            ("", random.choice([5, 5.5, True, False, 0])),
            ("|cidr", random.sample(NETWORKS, random.randint(1, 2))),
            ("|cidr|neq", random.choice(NETWORKS)),
            ("|fieldref", random.choice(FIELDS)),
            ("|fieldref|startswith", random.choice(FIELDS)),
            ("|fieldref|endswith", random.choice(FIELDS)),
            ("|fieldref|contains", random.choice(FIELDS)),
            ("|expand", "%none%"),
        ]
    )


def _condition(random: Random, names: list[str], depth: int) -> str:
    kind = random.random()
    if depth > 2 or kind < 0.4:
        return random.choice(names)
    if kind < 0.6:
        quantifier = random.choice(["1", "all", "any"])
        return f"{quantifier} of {random.choice(['them', 'sel_*', '_*', '*e', names[0]])}"
    if kind < 0.75:
        return f"not ({_condition(random, names, depth + 1)})"
    left, right = (_condition(random, names, depth + 1) for _ in range(2))
    return f"({left}) {random.choice(['and', 'or', 'and not'])} ({right})"


def _identity(random: Random) -> Any:
    identity: dict[str, Any] = {"type": random.choice(TEXTS), "arn": random.choice(TEXTS)}
    if random.random() < 0.5:
        identity["sessionContext"] = {"sessionIssuer": {"userName": random.choice(TEXTS)}}
    for key in random.sample(["a.b", "a", "x"], random.randint(0, 2)):
        identity[key] = _value(random, 1)
    if random.random() < 0.1:
        identity["sessionContext"] = random.choice([None, "a", [{"sessionIssuer.userName": "a"}]])
    return identity


def _value(random: Random, depth: int) -> Any:
    kind = random.random()
    if depth > 3 or kind < 0.35:
        return random.choice(SCALARS)
    if kind < 0.4:
        return None
    if kind < 0.6:
        return [_value(random, depth + 1) for _ in range(random.randint(0, 3))]
    keys = ["a", "b", "c", "a.b", "b.c", "a.b.c", "x-amz.acl", "x-amz", "acl", "eventName"]
    chosen = random.sample(keys, random.randint(0, 4))
    return {key: _value(random, depth + 1) for key in chosen}


def _oddly_written(random: Random, pairs: list[tuple[str, Any]]) -> str:
    """Break with what CloudTrail does: types, order, repetition, spelling, copies of records."""
    odd = random.choice(["types", "order", "again", "absent", "spelling", "copies", "blanks"])
    if odd == "types":
        place = random.randrange(1, len(pairs))
        pairs[place] = (pairs[place][0], _value(random, 0))
    elif odd == "order":
        random.shuffle(pairs)
    elif odd == "again":
        name = random.choice(pairs)[0]
        pairs.insert(random.randrange(len(pairs) + 1), (name, _value(random, 1)))
    elif odd == "absent":
        del pairs[random.randrange(len(pairs))]
    elif odd == "copies":
        copy = dict(pairs) | {"eventName": random.choice(TEXTS)}
        pairs.append((random.choice(["requestParameters", "x"]), [copy, copy, copy]))
    written = _object(pairs)
    if odd == "spelling":
        return written.replace('"event', '"\\u0065vent', random.randint(1, 3))
    return written.replace(",", random.choice([" ,", ",\n "])) if odd == "blanks" else written


def _object(pairs: list[tuple[str, Any]]) -> str:
    """Write an object; a key may stand in it more than once."""
    return f"{{{','.join(f'{json.dumps(key)}:{_json(value)}' for key, value in pairs)}}}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
