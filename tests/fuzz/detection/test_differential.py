"""Three evaluators agree on every generated rule and record.

The oracle walks pySigma's own tree and shares no code with the engine; the naive matcher evaluates
the intermediate form; the class matcher reads files.
"""

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sigma.rule import SigmaRule

from tests.fuzz.detection import words, worlds
from tests.fuzz.detection.oracle import Oracle
from vedette.configuration.content import ContentError
from vedette.detection.compile.documents import Document
from vedette.detection.compile.rules import compile_rule
from vedette.detection.compile.values import ValueCompiler
from vedette.detection.ir import CompiledRule, CompiledRules, Text, from_json, to_json
from vedette.detection.match.matcher import RuleMatcher, Scan
from vedette.detection.match.naive import matches
from vedette.detection.match.reading import Dependence

RULES_A_WORLD, RECORDS_A_WORLD, KNOWN_SHARE = 10, 20, 0.7
DERIVED, PLACEHOLDERS = worlds.DERIVED, words.PLACEHOLDERS
DEPENDENCES = {
    "vedette.address": Dependence(reads=frozenset({"sourceIPAddress"})),
    "vedette.both": Dependence(reads=frozenset({"userAgent", "userIdentity"})),
    "vedette.caller": Dependence(reads=frozenset({"userIdentity"})),
    "vedette.parameter": Dependence(
        reads=frozenset({"eventName", "requestParameters"}),
        only_if=Text("eventName", "is", ("a", "b", "ab", "abc")),
        glance=lambda name, parameters: name is not None and b'"a"' in parameters,
    ),
}
ORACLE = Oracle(PLACEHOLDERS, DERIVED)


def compiled_rules(random: Random, count: int) -> list[tuple[CompiledRule, SigmaRule]]:
    """Make rules that the compiler accepts, each with what pySigma makes of it."""
    rules: list[tuple[CompiledRule, SigmaRule]] = []
    while len(rules) < count:
        content = worlds.rule(random)
        document = Document(path=Path("generated.yml"), content=content, lines={})
        try:
            parsed = compile_rule(document, f"rule-{len(rules)}", ValueCompiler(PLACEHOLDERS))
        except ContentError:
            continue
        rules.append((parsed.compiled, SigmaRule.from_dict(content)))
    return rules


def hits(scan: Scan) -> dict[int, list[int]]:
    return {hit.position: [rule for rule, _ in hit.rules] for hit in scan}


def assert_all_agree(random: Random, *, is_plain: bool) -> int:
    """Compare the evaluators in one world; return how many matches there were."""
    rules = compiled_rules(random, RULES_A_WORLD)
    written = [worlds.record(random, is_plain=is_plain) for _ in range(RECORDS_A_WORLD)]
    written += random.choices(written, k=2)
    records = [orjson.loads(one) for one in written]
    compiled = from_json(to_json(CompiledRules(rules=tuple(one for one, _ in rules))))
    known = DEPENDENCES if random.random() < KNOWN_SHARE else {}
    matcher = RuleMatcher(compiled, DERIVED, dependences=known)
    scans = {
        "whole file": hits(matcher.scan(worlds.file(random, written))),
        "remembered": hits(matcher.scan(bytearray(worlds.file(random, written)))),
        "single pieces": hits(matcher.scan_records([one.encode() for one in written])),
    }
    found = 0
    for position, record in enumerate(records):
        expected = [
            number for number, (_, sigma) in enumerate(rules) if ORACLE.matches(sigma, record)
        ]
        naive = [n for n, (rule, _) in enumerate(rules) if matches(rule, record, DERIVED)]
        on_one = [number for number, _ in matcher.matches_on(record)]
        assert naive == expected, (written[position], difference(rules, naive, expected))
        assert on_one == expected, (written[position], difference(rules, on_one, expected))
        for way, scan in scans.items():
            said = scan.get(position, [])
            assert said == expected, (way, written[position], difference(rules, said, expected))
        found += len(expected)
    return found


def difference(
    rules: list[tuple[CompiledRule, SigmaRule]], said: list[int], expected: list[int]
) -> list[Mapping[str, Any]]:
    return [rules[number][1].detection.to_dict() for number in set(said) ^ set(expected)]


def test_all_evaluators_agree_on_thousands_of_pairs(pairs: int) -> None:
    random = Random(20_240_501)  # noqa: S311 - It only chooses what to test.
    worlds_needed = pairs // (RULES_A_WORLD * RECORDS_A_WORLD)
    found = sum(
        assert_all_agree(random, is_plain=number % 2 == 0) for number in range(worlds_needed)
    )
    assert 0.05 * pairs < found < 0.95 * pairs, "the worlds say too little"


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False), st.booleans())
def test_all_evaluators_agree_where_hypothesis_looks(random: Random, is_plain: bool) -> None:
    assert_all_agree(random, is_plain=is_plain)
