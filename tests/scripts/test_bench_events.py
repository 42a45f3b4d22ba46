"""The logs that the bench generates: as CloudTrail writes them, and always the same."""

import gzip
from pathlib import Path
from typing import Any

import orjson
import pytest

from scripts.bench.events import write_files

EVENTS, FILES = 600, 3


def generated(folder: Path, *, distinct: bool = False) -> list[list[Any]]:
    write_files(folder, EVENTS, FILES, distinct=distinct)
    return [
        orjson.loads(gzip.decompress(path.read_bytes()))["Records"]
        for path in sorted(folder.iterdir(), key=lambda path: path.name[-24:])
    ]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[list[Any]]:
    return generated(tmp_path_factory.mktemp("events"))


def test_every_event_has_an_id_of_its_own(files: list[list[Any]]) -> None:
    ids = {record["eventID"] for records in files for record in records}

    assert len(files) == FILES
    assert len(ids) == EVENTS


def test_members_stand_in_the_order_in_which_cloudtrail_writes_them(
    files: list[list[Any]],
) -> None:
    assert all(
        list(record)[:5]
        == ["eventVersion", "userIdentity", "eventTime", "eventSource", "eventName"]
        for records in files
        for record in records
    )


def test_most_calls_read_and_some_fail(files: list[list[Any]]) -> None:
    records = [record for records in files for record in records]

    assert sum(record["readOnly"] for record in records) > 0.8 * EVENTS
    assert 0 < sum("errorCode" in record for record in records) < 0.1 * EVENTS


def test_the_same_files_are_written_again(files: list[list[Any]], tmp_path: Path) -> None:
    assert generated(tmp_path / "again") == files


def test_distinct_identities_never_repeat(tmp_path: Path) -> None:
    records = [
        record
        for records in generated(tmp_path / "distinct", distinct=True)
        for record in records
        if record["userIdentity"]["type"] == "AssumedRole"
    ]

    assert len({record["userIdentity"]["arn"] for record in records}) == len(records) > 0
