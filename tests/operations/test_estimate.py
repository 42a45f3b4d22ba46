import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scripts.bench.events import write_files
from tests.operations.hunting import event
from vedette.configuration.loader import LoadedConfiguration, load_configuration
from vedette.findings.severity import Severity
from vedette.operations.costs_prices import PRICES
from vedette.operations.estimate import Estimate, EstimateRequest, estimate
from vedette.operations.hunt_logs import LocalLogs
from vedette.operations.usage import UsageError


def estimated(
    folder: Path,
    since: datetime | None = None,
    configuration: LoadedConfiguration | None = None,
) -> Estimate:
    request = EstimateRequest(
        source=LocalLogs((folder,)),
        since=since,
        configuration=configuration or LoadedConfiguration(),
        regions=17,
    )
    return estimate(request, lambda _done, _total, _doing: None)


def stopped(at: datetime, number: int, trail: str = "all") -> dict[str, object]:
    return event(
        number,
        eventSource="cloudtrail.amazonaws.com",
        eventName="StopLogging",
        eventTime=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        readOnly=False,
        requestParameters={"name": f"arn:aws:cloudtrail:eu-west-1:111122223333:trail/{trail}"},
    )


def written(folder: Path, *records: dict[str, object]) -> Path:
    (folder / "log.json").write_text(json.dumps({"Records": records}))
    return folder


NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_events_are_counted_by_queue_and_reckoned_for_a_month(tmp_path: Path) -> None:
    write_files(tmp_path, 2_000, 1)

    found = estimated(tmp_path)

    assert found.shares.events == 2_000
    assert 0 < found.shares.by_queue["change"] < found.shares.by_queue["detect"] < 2_000
    puts = next(one for one in found.lines if one.price is PRICES["puts"])
    assert puts.quantity == 30 * sum(found.shares.by_pattern.values())
    assert found.usd == pytest.approx(sum(one.usd for one in found.lines))
    assert found.problems == ()


def test_what_repeats_is_one_finding_and_one_alert(tmp_path: Path) -> None:
    burst = [stopped(NOON + timedelta(seconds=number), number) for number in range(50)]

    found = estimated(written(tmp_path, *burst))

    assert found.matches >= 50
    assert found.findings[Severity.HIGH] + found.findings.get(Severity.CRITICAL, 0) == 1
    assert found.mails == 1


def test_another_trail_makes_another_finding(tmp_path: Path) -> None:
    once = estimated(written(tmp_path, stopped(NOON, 1)))
    twice = estimated(written(tmp_path, stopped(NOON, 1), stopped(NOON, 2, "other")))

    assert twice.mails == once.mails + 1


def test_events_from_before_the_day_do_not_count(tmp_path: Path) -> None:
    written(tmp_path, stopped(NOON - timedelta(hours=25), 1), stopped(NOON, 2))

    found = estimated(tmp_path, since=NOON - timedelta(hours=24))

    assert found.shares.events == 1
    assert found.matches == estimated(tmp_path).matches / 2


def test_reads_are_counted_apart(tmp_path: Path) -> None:
    reading = event(2, eventName="ListBuckets", readOnly=True)

    found = estimated(written(tmp_path, stopped(NOON, 1), reading))

    assert (found.shares.events, found.shares.reads) == (2, 1)


def test_the_configuration_decides_how_many_accounts_are_paid_for(tmp_path: Path) -> None:
    written(tmp_path, stopped(NOON, 1))
    file = tmp_path / "vedette.yml"
    file.write_text('deployment:\n  accounts: ["111122223333", "444455556666"]\n')

    alone = estimated(tmp_path)
    three = estimated(tmp_path, configuration=load_configuration(file))

    assert three.usd > alone.usd


def test_an_empty_day_is_no_estimate(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no event of the last day"):
        estimated(written(tmp_path))


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    written(tmp_path, stopped(NOON, 1))
    (tmp_path / "broken.json").write_text("{broken")

    assert any("broken.json" in one for one in estimated(tmp_path).problems)
