"""What functions tell of their work: lines of JSON, few metrics, nothing long."""

import json

from tests.operations.detecting import Lines
from vedette.operations.telemetry import Metric, Telemetry


def test_a_line_is_json_and_bounded() -> None:
    lines = Lines()
    Telemetry("detect", lines).say("ERROR", "failed", reason="a\nb" * 1_000, count=3)

    (line,) = lines.text.splitlines()
    told = json.loads(line)
    assert (told["function"], told["level"], told["count"]) == ("detect", "ERROR", 3)
    assert len(told["reason"]) == 500


def test_metrics_are_one_line_in_the_embedded_format_and_zero_is_not_told() -> None:
    lines = Lines()
    telemetry = Telemetry("detect", lines, now=lambda: 1_700_000_000.25)
    telemetry.count({Metric.EVENTS: 7, Metric.FORGED: 0})
    telemetry.count({Metric.FAILED: 0})

    (told,) = lines.all
    assert told["_aws"] == {
        "Timestamp": 1_700_000_000_250,
        "CloudWatchMetrics": [
            {
                "Namespace": "Vedette",
                "Dimensions": [[]],
                "Metrics": [{"Name": "Events", "Unit": "Count"}],
            }
        ],
    }
    assert told["Events"] == 7


def test_there_are_no_more_series_than_are_paid_for() -> None:
    assert len(Metric) <= 20
