from pathlib import Path

import pytest

from tests.detection.compile.sigma_texts import HEAD, rule_of, ruleset_of, said
from vedette.configuration.content import ContentError


def with_entry(entry: str) -> str:
    """Write a rule with one entry, which stands in its fifth line."""
    return f"{HEAD}detection:\n  one:\n    {entry}\n  condition: one\n"


REFUSED = [
    ("f|re: 'a(?=b)'", "RE2, which runs in linear time, cannot run the expression"),
    ("f|re: '(a)\\1'", "RE2, which runs in linear time, cannot run the expression"),
    ("f|re: 5", "a regular expression must be text"),
    ("f|cidr: 10.0.0.1/8", "Invalid CIDR expression"),
    ("f|unknown: a", "Unknown modifier 'unknown'"),
    ("f|utf16le: a", "Unknown modifier 'utf16le'"),
    ("f|base64: 'a*'", "Base64 encoding of strings with wildcards is not allowed"),
    ("f|contains: 5", "incompatible to value type"),
    ("f|gt: five", "incompatible to value type"),
    ("f|exists: maybe", "incompatible to value type"),
    ("f|expand: '%missing%'", "defines no values for the placeholder %missing%"),
    ("f|expand|base64: '%missing%'", "`expand` would be encoded unexpanded before `base64`"),
    ("f|cased|base64: abc", "`cased` would be lost before `base64`"),
    ("f|cased|fieldref: g", "`cased` would be lost before `fieldref`"),
    ("f: 12345678901234567890", "write it in quotes"),
    ("f: {g: h}", "Unsupported type"),
    ("f: [[a]]", "Unsupported type"),
    ("f: 2024-01-01", "Unsupported type"),
    ("f|wide: ü", "Wide modifier only allowed for ascii"),
    ("'|gt': 5", "a comparison of numbers needs a field"),
    ("'|fieldref': g", "`fieldref` needs a field"),
    ("'|hour': 5", "a part of a time needs a field"),
    ("'': null", "null needs a field"),
]


@pytest.mark.parametrize(("entry", "reason"), REFUSED)
def test_what_cannot_run_exactly_is_refused_with_its_line(
    tmp_path: Path, entry: str, reason: str
) -> None:
    ruleset = ruleset_of(tmp_path, bad=with_entry(entry))
    assert ruleset.compiled.rules == ()
    (problem,) = said(ruleset.refused)
    assert problem.startswith("bad.yml:5: ")
    assert reason in problem


CONDITIONS = [
    ("nowhere", "no selection is called nowhere"),
    ("1 of nowhere*", "no selection is called nowhere*"),
    ("one and", "Expected"),
    ("one | count() > 5", "pipe syntax"),
    ("(one", "Unbalanced"),
    ("5", "pySigma fails on it"),
]


@pytest.mark.parametrize(("condition", "reason"), CONDITIONS)
def test_a_condition_that_is_not_sound_is_refused(
    tmp_path: Path, condition: str, reason: str
) -> None:
    text = f"{HEAD}detection:\n  one: {{a: 1}}\n  condition: {condition}\n"
    (problem,) = said(ruleset_of(tmp_path, bad=text).refused)
    assert problem.startswith("bad.yml:5: ")
    assert reason in problem


ATTRIBUTES = [
    ("level: terrible", "is not a valid Sigma rule level"),
    ("status: fine", "is not a valid Sigma rule status"),
    ("id: 5f", "must be an UUID"),
    ("date: yesterday", "use yyyy-mm-dd"),
    ("tags: [attack]", "must start with namespace"),
    ("falsepositives: none", "must be a list"),
    ("vedette: [a]", "must be a mapping"),
]


@pytest.mark.parametrize(("line", "reason"), ATTRIBUTES)
def test_attributes_that_pysigma_refuses_are_refused(
    tmp_path: Path, line: str, reason: str
) -> None:
    text = f"{HEAD}{line}\ndetection:\n  one: {{a: 1}}\n  condition: one\n"
    (problem,) = said(ruleset_of(tmp_path, bad=text).refused)
    assert problem.startswith("bad.yml:3: ")
    assert reason in problem


def test_all_problems_of_a_document_are_told_at_once(tmp_path: Path) -> None:
    text = f"""{HEAD}level: terrible
detection:
  one:
    f|re: '(?<=a)b'
    g: fine
    h|nonsense: 1
  two:
    - a: 1
      b|cidr: nowhere
  condition: one and two
  timeframe: 5m
"""
    problems = said(ruleset_of(tmp_path, bad=text).refused)
    assert [problem.split(":")[1] for problem in problems] == ["6", "8", "11", "13", "3"]


def test_one_bad_document_does_not_keep_the_others_from_running(tmp_path: Path) -> None:
    ruleset = ruleset_of(
        tmp_path, bad=with_entry("f|nonsense: 1"), good=with_entry("f: 1"), no="title: x\n"
    )
    assert [rule.id for rule in ruleset.compiled.rules] == ["good"]
    assert said(ruleset.refused)[1] == (
        "no.yml:1: it is not a Sigma document: no `detection`, `correlation` or `filter`"
    )


def test_what_re2_refuses_is_not_written_to_stderr_too(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ruleset_of(tmp_path, bad=with_entry("f|re: 'a(?=b)'"))
    assert "invalid perl operator" not in capfd.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "title: x\ndetection: 5\nlogsource: {product: aws}\n",
        "title: x\ndetection: {condition: a}\nlogsource: {product: aws}\n",
        "title: x\ndetection: {a: {}, condition: a}\nlogsource: {product: aws}\n",
        "title: x\ndetection: {a: [], condition: a}\nlogsource: {product: aws}\n",
        "title: x\ndetection: {a: {b: 1}}\nlogsource: {product: aws}\n",
        "title: x\ndetection: {a: {b: 1}, condition: []}\nlogsource: {product: aws}\n",
        "title: x\ndetection: {a: {b: 1}, condition: [[a]]}\nlogsource: {product: aws}\n",
        "title: 5\ndetection: {a: {b: 1}, condition: a}\nlogsource: {product: aws}\n",
        "title: x\ndetection: {a: {b: 1}, condition: a}\nlogsource: aws\n",
        "title: x\ndetection: {a: {b: 1}, condition: a}\n",
        "title: x\nid: [1]\ndetection: {a: {b: 1}, condition: a}\nlogsource: {product: aws}\n",
        "title: x\ndetection: {a: {b: 1}, condition: %s}\nlogsource: {product: aws}\n"
        % ("not " * 5000 + "a"),
    ],
)
def test_a_document_of_the_wrong_shape_is_refused(tmp_path: Path, text: str) -> None:
    ruleset = ruleset_of(tmp_path, bad=text)
    assert ruleset.compiled.rules == ()
    assert ruleset.refused


def test_an_expansion_beyond_all_bounds_is_refused() -> None:
    values = [str(one) for one in range(20)]
    with pytest.raises(ContentError, match="expand to more than 5,000 values"):
        rule_of("one: {'f|expand': '%a%%a%%a%'}\ncondition: one", {"a": values})
