"""Whatever bytes are scanned, nothing but NotRecordsError comes out, and the answers are right."""

import json
from contextlib import suppress
from random import Random

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.detection.compile.sigma_texts import rule_of
from tests.fuzz.detection import words, worlds
from vedette.detection.ir import CompiledRules
from vedette.detection.match.matcher import RuleMatcher
from vedette.detection.match.naive import matches
from vedette.detection.match.sources import NotRecordsError

ENTRIES = (
    ("eventName: a", "sel"),
    ("'errorCode|exists': true", "not sel"),
    ("'userIdentity.type|contains': a", "sel"),
    ("'userIdentity|exists': true", "sel"),
    ("'requestParameters.a|contains': a", "sel"),
    ("'sourceIPAddress|cidr': 10.0.0.0/8", "sel"),
    ("'readOnly|re': '^(true|a)$'", "sel"),
    ("'eventTime|hour': 5", "not sel"),
    ("userAgent: null", "sel"),
    ("'userIdentity.arn|fieldref': userAgent", "sel"),
    ("'|contains': a", "sel"),
)
RULES = tuple(rule_of(f"sel: {{{entry}}}\ncondition: {how}") for entry, how in ENTRIES)
MEMBERS = [field.split(".")[0] for field in words.FIELDS if not field.startswith("vedette.")]
TEXTS = st.sampled_from(words.TEXTS) | st.text(max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["a", "b", "type", "arn", "a.b"]) | TEXTS, inner, max_size=3
        )
    ),
    max_leaves=8,
)
RECORDS = st.dictionaries(st.sampled_from(MEMBERS) | TEXTS, VALUES, max_size=8)
BOUNDED = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def naive(record: dict[str, object]) -> list[int]:
    return [number for number, rule in enumerate(RULES) if matches(rule, record)]


@BOUNDED
@given(st.lists(RECORDS, max_size=4))
def test_records_of_any_shape_are_matched_as_the_naive_matcher_does(
    records: list[dict[str, object]],
) -> None:
    data = orjson.dumps({"Records": records})
    scan = RuleMatcher(CompiledRules(rules=RULES)).scan(data)
    found = {hit.position: [rule for rule, _ in hit.rules] for hit in scan}
    for position, record in enumerate(orjson.loads(data)["Records"]):
        assert found.get(position, []) == naive(record)
    assert scan.unreadable == []


@BOUNDED
@given(st.lists(VALUES, max_size=6))
def test_entries_that_are_no_records_do_no_harm(values: list[object]) -> None:
    data = orjson.dumps(values)
    scan = RuleMatcher(CompiledRules(rules=RULES)).scan(data)
    found = {hit.position: [rule for rule, _ in hit.rules] for hit in scan}
    for position, value in enumerate(orjson.loads(data)):
        expected = naive(value) if isinstance(value, dict) else []
        assert found.get(position, []) == expected


@BOUNDED
@given(st.randoms(use_true_random=False), st.binary(min_size=1, max_size=4))
def test_a_file_with_damaged_bytes_neither_crashes_nor_hides_its_sound_records(
    random: Random, damage: bytes
) -> None:
    records = [worlds.record(random, is_plain=True) for _ in range(4)]
    data = bytearray(f'{{"Records":[{",".join(records)}]}}'.encode())
    place = random.randrange(len(data))
    data[place : place + random.randint(0, 3)] = damage
    try:
        scan = RuleMatcher(CompiledRules(rules=RULES)).scan(data)
    except NotRecordsError:
        return
    found = [(hit.record, [rule for rule, _ in hit.rules]) for hit in scan]
    for record, rules in found:
        assert rules == naive(dict(record))
    unreadable = {position for position, _ in scan.unreadable}
    sound = sum(bool(naive(json.loads(one))) for one in records)
    assert len(found) + len(unreadable) >= sound - 2


@BOUNDED
@given(st.binary(max_size=60))
def test_any_bytes_are_scanned_or_refused(data: bytes) -> None:
    with suppress(NotRecordsError):
        list(RuleMatcher(CompiledRules(rules=RULES)).scan(data))
