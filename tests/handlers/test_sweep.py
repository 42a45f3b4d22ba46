"""The functions that plan and sweep: what they take, and what they answer."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.findings import MemoryFindings
from tests.fakes.marks import MemoryMarks
from tests.operations.sweeping import OTHER, REGION, US, Accounts, Buckets, clock, only
from vedette.configuration.deployed import DeployedSettingsError
from vedette.handlers import plan_sweep, sweep
from vedette.operations.sweep import Sweep
from vedette.operations.sweep_deployed import sweep_batch
from vedette.operations.telemetry import Telemetry

SETTINGS = ("FINDINGS_TABLE", "STATE_TABLE", "ACCOUNTS", "AUDIT_ROLE", "SWEEP_BUCKET")


class Lines:
    """Keeps what is logged."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def write(self, text: str) -> None:
        self.lines.append(json.loads(text))


def swept(event: object, lines: Lines) -> dict[str, Any]:
    operation = Sweep(
        only("s3/bucket_blocks_public_access"),
        fleet=Accounts(**{f"a{US}": Buckets("a", "b")}),
        store=MemoryFindings(),
        marks=MemoryMarks(),
        now=clock(),
    )
    return sweep_batch(operation, event, Telemetry("sweep", lines))


def unit(account: str = US, region: str = "global") -> dict[str, Any]:
    return {"account": account, "region": region, "global": region == "global"}


def test_a_batch_is_swept_and_what_became_of_it_is_told() -> None:
    lines = Lines()

    answer = swept({"Items": [unit(), unit(region=REGION)], "sweep": "first"}, lines)

    assert answer["failed"] is False
    assert [one["verdicts"]["FAILED"] for one in answer["units"]] == [2, 0]
    assert [one["baseline"] for one in answer["units"]] == [2, 0]
    assert len(json.dumps(answer)) < 4_000
    assert [one["region"] for one in lines.lines if one.get("message") == "swept"] == [
        "global",
        REGION,
    ]


def test_a_unit_that_could_not_be_read_makes_the_batch_a_failed_one() -> None:
    lines = Lines()

    answer = swept({"Items": [unit(OTHER), unit()], "sweep": "first"}, lines)

    assert answer["failed"] is True
    assert [one["failed"] is None for one in answer["units"]] == [False, True]
    assert sum(one.get("Trouble", 0) for one in lines.lines) == 1


@pytest.mark.parametrize(
    "event",
    [
        None,
        {},
        {"Items": [], "sweep": "first"},
        {"Items": [unit()], "sweep": "../x"},
        {"Items": [unit("12")], "sweep": "first"},
        {"Items": [unit(region="nowhere")], "sweep": "first"},
        {"Items": [unit() | {"more": 1}], "sweep": "first"},
        {"Items": [unit()] * 101, "sweep": "first"},
    ],
)
def test_what_is_no_batch_is_refused(event: object) -> None:
    with pytest.raises(ValidationError):
        swept(event, Lines())


@pytest.mark.parametrize("function", [sweep, plan_sweep])
def test_a_function_without_its_settings_says_which(
    function: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(f"VEDETTE_{name}", raising=False)
    function.operation.cache_clear()

    with pytest.raises(DeployedSettingsError, match="VEDETTE_STATE_TABLE"):
        function.handler({}, None)
