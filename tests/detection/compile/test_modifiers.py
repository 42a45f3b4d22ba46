"""Every modifier that pySigma registers, by what a rule with it matches."""

import base64

import pytest
from sigma.modifiers import modifier_mapping

from tests.detection.compile.sigma_texts import field_matches, rule_of
from vedette.detection.match.naive import matches

# Entry of the rule, value of the field `f`, whether they match.
CASES: list[tuple[str, object, bool]] = [
    ("f: StopLogging", "stoplogging", True),
    ("f: StopLogging", "StopLoggings", False),
    ("f: [a, b]", "B", True),
    ("f: ''", "", True),
    ("f: ''", None, False),
    ("f: 'a*c'", "abbbc", True),
    ("f: 'a?c'", "abc", True),
    ("f: 'a?c'", "abbc", False),
    ("f: 'a*'", "x a", False),
    (r"f: 'a\*c'", "a*c", True),
    (r"f: 'a\*c'", "abc", False),
    (r"f: 'a\?'", "a?", True),
    (r"f: 'a\\*'", r"a\b", True),
    (r"f: 'a\b'", r"a\b", True),
    ("f: '*'", "", True),
    ("f: '*'", None, False),
    ("f: 'a*b*c'", "a\nb\nc", True),
    ("f: 5", 5, True),
    ("f: 5", "5", True),
    ("f: 5", 5.0, True),
    ("f: 5", 5.5, False),
    ("f: '5'", 5, True),
    ("f: 1", True, False),
    ("f: true", True, True),
    ("f: true", "True", True),
    ("f: 'true'", True, True),
    ("f: false", False, True),
    ("f: null", None, True),
    ("f: null", "", False),
    ("f: null", [], False),
    ("f: null", ["a", None], True),
    ("f: [null, a]", "a", True),
    ("f: []", None, True),
    ("f|contains: og", "Logging", True),
    ("f|contains: 'a*b'", "xx A -- B xx", True),
    ("f|startswith: stop", "StopLogging", True),
    ("f|startswith: stop", "xStop", False),
    ("f|endswith: LOGGING", "StopLogging", True),
    ("f|contains|all: [a, b]", "bxa", True),
    ("f|contains|all: [a, b]", "a", False),
    ("f|all: [a, b]", ["a", "b"], True),
    ("f|all: [a, b]", ["a"], False),
    ("f|cased: Stop", "Stop", True),
    ("f|cased: Stop", "stop", False),
    ("f|contains|cased: OP", "stOP!", True),
    ("f|contains|cased: OP", "stop!", False),
    ("f|neq: a", "b", True),
    ("f|neq: a", "A", False),
    ("f|neq: [a, b]", "c", True),
    ("f|exists: true", None, True),
    ("f|exists: false", None, False),
    ("f|exists: true", [], True),
    ("f|re: '^a.c$'", "abc", True),
    ("f|re: '^a.c$'", "ABC", False),
    ("f|re: 'b'", "abc", True),
    ("f|re|i: '^A'", "abc", True),
    ("f|re|ignorecase: '^A'", "abc", True),
    ("f|re|m: '^b'", "a\nb", True),
    ("f|re|multiline: '^b'", "a\nb", True),
    ("f|re: '^b'", "a\nb", False),
    ("f|re|s: 'a.b'", "a\nb", True),
    ("f|re|dotall: 'a.b'", "a\nb", True),
    ("f|re: 'a.b'", "a\nb", False),
    ("f|re: '^5$'", 5, True),
    ("f|cidr: 10.0.0.0/8", "10.1.2.3", True),
    ("f|cidr: 10.0.0.0/8", "11.1.2.3", False),
    ("f|cidr: [192.168.0.0/16, 'fe80::/10']", "fe80::1", True),
    ("f|cidr: 0.0.0.0/0", "AWS Internal", False),
    ("f|cidr: 0.0.0.0/0", "10.0.0.0/8", False),
    ("f|cidr: 0.0.0.0/0", 5, False),
    ("f|cidr: 0.0.0.0/0", "1.2.3.400", False),
    ("f|base64: secret", base64.b64encode(b"secret").decode(), True),
    ("f|base64offset|contains: secret", base64.b64encode(b"my secret!").decode(), True),
    ("f|base64offset|contains: secret", base64.b64encode(b"a secret!").decode(), True),
    ("f|base64offset|contains: secret", base64.b64encode(b"secrets").decode(), True),
    ("f|base64offset|contains: secret", base64.b64encode(b"sacred").decode(), False),
    (
        "f|wide|base64offset|contains: ab",
        base64.b64encode("xxab".encode("utf-16le")).decode(),
        True,
    ),
    ("f|utf16|base64: ab", base64.b64encode("\ufeffab".encode("utf-16le")).decode(), True),
    ("f|utf16be|base64: ab", base64.b64encode("ab".encode("utf-16be")).decode(), True),
    ("f|windash|contains: ' -enc'", "powershell /enc", True),
    ("f|windash|contains: ' -enc'", "powershell \u2013enc", True),
    ("f|windash|contains: ' -enc'", "powershell enc", False),
    ("f|gt: 5", 6, True),
    ("f|gt: 5", 5, False),
    ("f|gte: 5", 5, True),
    ("f|lt: 5", 4.5, True),
    ("f|lt: 5", 5, False),
    ("f|lte: 5", 5, True),
    ("f|gt: 5", "17", True),
    ("f|gt: 5", "1e1", True),
    ("f|gt: 5", "many", False),
    ("f|gt: 5", "\u0666", False),
    ("f|gt: 0", True, False),
    ("f|minute: 3", "2024-05-01T02:03:04Z", True),
    ("f|hour: 2", "2024-05-01T02:03:04Z", True),
    ("f|hour: 2", "2024-05-01T04:03:04+02:00", True),
    ("f|hour|gte: 22", "2024-05-01T23:03:04Z", True),
    ("f|hour|gte: 22", "2024-05-01T21:03:04Z", False),
    ("f|day: 29", "2024-02-29T00:00:00.123Z", True),
    ("f|week: 1", "2024-12-30T00:00:00Z", True),
    ("f|month: 12", "2024-12-30T00:00:00Z", True),
    ("f|year: 2024", "2024-12-30T00:00:00Z", True),
    ("f|year: 2024", "2024-02-30T00:00:00Z", False),
    ("f|year: 2024", "2024", False),
    ("f|year: 2024", 2024, False),
]


@pytest.mark.parametrize(("entry", "value", "expected"), CASES)
def test_an_entry_matches_as_the_specification_says(
    entry: str, value: object, expected: bool
) -> None:
    assert field_matches(entry, {"f": value}) is expected


ABSENT = [
    ("f: a", False),
    ("f: ''", False),
    ("f: null", True),
    ("f: '*'", False),
    ("f|exists: true", False),
    ("f|exists: false", True),
    ("f|neq: a", True),
    ("f|re: ''", False),
    ("f|lt: 5", False),
    ("f|cidr: 0.0.0.0/0", False),
    ("f|fieldref: g", False),
]


@pytest.mark.parametrize(("entry", "expected"), ABSENT)
def test_an_absent_field_passes_only_what_asks_for_absence(entry: str, expected: bool) -> None:
    assert field_matches(entry, {"g": "a"}) is expected


REFERENCES = [
    ("f|fieldref: g", {"f": "A", "g": "a"}, True),
    ("f|fieldref: g", {"f": "a", "g": "b"}, False),
    ("f|fieldref: g", {"f": "a"}, False),
    ("f|fieldref: g", {"f": None, "g": None}, False),
    ("f|fieldref: g", {"f": 5, "g": "5"}, True),
    ("f|fieldref: g", {"f": ["x", "y"], "g": ["z", "y"]}, True),
    ("f|fieldref|neq: g", {"f": "a", "g": "b"}, True),
    ("f|fieldref|startswith: g", {"f": "alice@x", "g": "alice"}, True),
    ("f|fieldref|endswith: g", {"f": "user/alice", "g": "Alice"}, True),
    ("f|fieldref|contains: g.h", {"f": "user/alice/x", "g": {"h": "alice"}}, True),
    ("f|fieldref|endswith: g", {"f": "user/alice", "g": "bob"}, False),
]


@pytest.mark.parametrize(("entry", "record", "expected"), REFERENCES)
def test_a_field_is_compared_with_another(
    entry: str, record: dict[str, object], expected: bool
) -> None:
    assert field_matches(entry, record) is expected


def test_a_placeholder_stands_for_each_configured_value() -> None:
    assert field_matches("f|expand: '%admins%'", {"f": "Bob"}, admins=["alice", "bob"])
    assert field_matches("f|expand|contains: '/%admins%/'", {"f": "x/bob/y"}, admins=["bob"])
    assert not field_matches("f|expand: '%admins%'", {"f": "%admins%"}, admins=["alice"])


def test_a_configured_value_may_have_wildcards() -> None:
    assert field_matches("f|expand: '%admins%'", {"f": "admin-7"}, admins=["admin-*"])


def test_a_placeholder_without_values_matches_nothing() -> None:
    assert not field_matches("f|expand: '%admins%'", {"f": ""}, admins=[])
    assert not field_matches("f|re|expand: '%admins%'", {"f": ""}, admins=[])


def test_a_placeholder_in_an_expression_stands_for_plain_text() -> None:
    entry = "f|re|expand: '^%admins%$'"
    assert field_matches(entry, {"f": "a.b"}, admins=["x", "a.b"])
    assert not field_matches(entry, {"f": "aXb"}, admins=["x", "a.b"])


def test_two_placeholders_make_all_combinations() -> None:
    entry = "f|expand: '%one%-%one%'"
    assert field_matches(entry, {"f": "a-b"}, one=["a", "b"])
    assert not field_matches(entry, {"f": "a-c"}, one=["a", "b"])


KEYWORDS = [
    ("[mimikatz]", {"userAgent": "run MimiKatz now"}, True),
    ("[mimikatz]", {"requestParameters": {"a": [{"b": "mimikatz"}]}}, True),
    ("[mimikatz]", {"mimikatz": "x"}, False),
    ("[a, b]", {"f": "xbx"}, True),
    ("['a*c']", {"f": "xxabbcxx"}, True),
    ("{'|all': [a, b]}", {"f": "a", "g": "b"}, True),
    ("{'|all': [a, b]}", {"f": "a"}, False),
    ("{'|cased': [aB]}", {"f": "xaBx"}, True),
    ("{'|cased': [aB]}", {"f": "xabx"}, False),
    ("{'|re': 'a[0-9]'}", {"f": "xa5"}, True),
    ("{'|cidr': 10.0.0.0/8}", {"f": {"g": "10.1.1.1"}}, True),
    ("[12345]", {"f": 9123456}, True),
    ("[12345]", {"f": None}, False),
]


@pytest.mark.parametrize(("keywords", "record", "expected"), KEYWORDS)
def test_a_keyword_is_looked_for_inside_every_value_of_the_record(
    keywords: str, record: dict[str, object], expected: bool
) -> None:
    assert matches(rule_of(f"words: {keywords}\ncondition: words"), record) is expected


def test_the_cases_cover_every_modifier_of_pysigma() -> None:
    written = [entry for entry, _, _ in CASES] + [entry for entry, _ in ABSENT]
    written += [entry for entry, _, _ in REFERENCES]
    used = {name for entry in written for name in entry.split(":")[0].split("|")[1:]}
    assert used == set(modifier_mapping) - {"expand"}, "`expand` has tests of its own"
