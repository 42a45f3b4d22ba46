import time

import pytest

from tests.detection.compile.sigma_texts import rule_of
from vedette.detection.ir import (
    CompiledCorrelation,
    CompiledExclusion,
    CompiledFormatError,
    CompiledRule,
    CompiledRules,
    CorrelationType,
    Held,
    Not,
    Threshold,
    fields_read,
    from_json,
    to_json,
)
from vedette.findings.severity import Severity

RULE = rule_of(
    """
one:
  eventName: [StopLogging, DeleteTrail]
  requestParameters.name|re|i: '^prod'
  sourceIPAddress|cidr: 10.0.0.0/8
  userAgent|contains|cased: Terraform
  count|gte: 5
  ratio|lt: 0.5
  eventTime|hour: 3
  userIdentity.userName|fieldref: requestParameters.userName
  errorCode: null
  readOnly|exists: true
  vedette.source.country: NL
two: [keyword, {a: 1}]
condition: one and not two
"""
)


def everything(count: int = 1) -> CompiledRules:
    exclusion = CompiledExclusion(
        id="x", title="X", condition=Not(Held("s")), selections=RULE.selections
    )
    correlation = CompiledCorrelation(
        id="c",
        title="C",
        level=Severity.LOW,
        type=CorrelationType.VALUE_COUNT,
        rules=("rule",),
        timespan=60,
        threshold=Threshold(operator="gt", count=0.5, fields=("a",)),
        expression=Held("rule"),
        aliases={"a": {"rule": "b"}},
        extension={"dedup": ["a"]},
    )
    return CompiledRules(
        rules=(RULE,) * count, correlations=(correlation,), exclusions=(exclusion,)
    )


def test_compiled_rules_survive_the_file() -> None:
    assert from_json(to_json(everything())) == everything()


def test_the_same_rules_make_the_same_file() -> None:
    again = from_json(to_json(everything()))
    assert to_json(again) == to_json(everything())


@pytest.mark.parametrize(
    "text", [b"", b"[]", b'{"rules":5}', b'{"rules":[{"id":"a"}]}', b'{"format":99}', b"\xff"]
)
def test_what_is_not_a_compiled_file_is_refused(text: bytes) -> None:
    with pytest.raises(CompiledFormatError):
        from_json(text)


def test_the_fields_that_a_rule_reads_are_known() -> None:
    assert fields_read(RULE) == {
        "eventName",
        "requestParameters.name",
        "sourceIPAddress",
        "userAgent",
        "count",
        "ratio",
        "eventTime",
        "userIdentity.userName",
        "requestParameters.userName",
        "errorCode",
        "readOnly",
        "vedette.source.country",
        "a",
    }


def test_two_hundred_rules_are_read_within_a_moment() -> None:
    text = to_json(everything(200))
    start = time.process_time()
    compiled = from_json(text)
    assert time.process_time() - start < 0.25, "25 ms are asked for; a busy machine gets more"
    assert isinstance(compiled.rules[199], CompiledRule)
