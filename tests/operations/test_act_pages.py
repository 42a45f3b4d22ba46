"""Lists of findings: pages, filters, and filters that are none."""

import base64
from typing import Any

import pytest

from tests.operations.acting import ACCOUNT, Desk, observation
from vedette.findings.finding import ResourceReference
from vedette.findings.severity import Severity


@pytest.fixture
def many() -> Desk:
    made = Desk()
    made.store.record(
        observation(
            number,
            list(Severity)[number % 5],
            rule="impact/odd" if number % 2 else "impact/even",
            resource=ResourceReference(type="AWS::S3::Bucket", id="b", arn="arn:aws:s3:::b")
            if number == 7
            else None,
        )
        for number in range(230)
    )
    return made


def test_pages_give_every_finding_once_the_most_severe_first(many: Desk) -> None:
    found: list[Any] = []
    query: dict[str, str] = {"limit": "37"}
    while True:
        status, page = many.list(**query)
        assert status == 200
        assert len(page["findings"]) <= 37
        found += page["findings"]
        if page["after"] is None:
            break
        query["after"] = page["after"]

    assert len({one["id"] for one in found}) == len(found) == 230
    ranks = [Severity(one["severity"]).rank for one in found]
    assert ranks == sorted(ranks, reverse=True)
    assert "evidence" not in found[0]


def test_filters_narrow(many: Desk) -> None:
    def count(**query: str) -> int:
        return len(many.list(limit="100", **query)[1]["findings"])

    assert count(severity="critical") == 46
    assert count(severity="critical,high") == 92
    assert count(severity="critical", account="999988887777") == 0
    assert count(severity="critical", kind="posture") == 0
    assert count(resource="arn:aws:s3:::b") == 1
    assert count(rule="impact/odd", account=ACCOUNT, severity="low") == 23


def test_resolved_findings_are_not_listed(many: Desk) -> None:
    many.do(observation(4).id, "resolve", {"reason": "done"})

    assert len(many.list(severity="critical")[1]["findings"]) == 45


@pytest.mark.parametrize(
    "query",
    [
        {"severity": "huge"},
        {"severity": ""},
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "ten"},
        {"rule": "impact/odd"},
        {"account": "1"},
        {"kind": "x"},
        {"after": "!!!"},
        {"after": "bm90IGpzb24="},
        {"after": base64.b64encode(b'["a", 1, 2]').decode()},
        {"unknown": "x"},
    ],
)
def test_a_filter_that_is_none_is_refused(many: Desk, query: dict[str, str]) -> None:
    status, told = many.list(**query)

    assert (status, told["error"]["code"]) == (400, "bad_request")
