"""Whatever a log file holds, `vedette hunt` says what is wrong, goes on, and ends with code 3."""

import gzip
import hashlib
import json
import os
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.aws.command import vedette
from tests.cli.bad_logs import goes_on, matches, text
from tests.operations.hunting import DENIED, TRAIL_STOPPED, event, log, rules

MEGABYTE = 1024 * 1024
OUTPUTS = ("table", "json", "jsonl", "csv", "html")
HOSTILE = '<script>alert(1)</script>\x1b[2J\x9b31m\x1b]0;owned\x07=cmd|"/c calc"!A1\u202e\x00'
WRONG: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**30, "", "\x00", [], {}, [None], [[]], {"": {}}),
    *([{"a": 1}, "b", 2], {"a.b": [1]}, "9999-99-99T99:99:99Z"),
)


def nested(depth: int, opening: bytes, closing: bytes) -> bytes:
    """Write a record that is nested as deep as that."""
    whole = text(event(7, requestParameters="DEEP"))
    return whole.replace(b'"DEEP"', opening * depth + b"1" + closing * depth)


def flipped(packed: bytes) -> bytes:
    """Spoil the middle of a file."""
    middle = len(packed) // 2
    spoilt = bytes(255 - one for one in packed[middle : middle + 40])
    return packed[:middle] + spoilt + packed[middle + 40 :]


MANY = text(
    *(
        event(100 + n, requestParameters={"n": hashlib.sha256(bytes([n])).hexdigest()})
        for n in range(50)
    )
)
# The file, what is said of it, and how many of its records are told all the same, at least.
BAD: dict[str, tuple[bytes, str, int]] = {
    "truncated.json.gz": (gzip.compress(MANY)[:-900], "the gzip stream is truncated", 10),
    "corrupt.json.gz": (flipped(gzip.compress(MANY)), "the gzip stream is corrupt", 0),
    "only_magic.json.gz": (b"\x1f\x8b\x08\x00", "the gzip stream is truncated", 0),
    "trailing.json.gz": (gzip.compress(MANY) + b"rest", "what follows the gzip stream", 50),
    "not_gzip.json.gz": (b"plain words", "it is not JSON", 0),
    "invalid.json": (b'{"Records": [{]}', "record 1 was left out", 0),
    "empty.json": (b"", "it is empty; is it still being written?", 0),
    "spaces.json": (b"  \n ", "it is not JSON", 0),
    "being_written.json": (MANY[: len(MANY) // 2], "truncated or still being written", 10),
    "being_written.jsonl": (
        json.dumps(event(8)).encode() + b'\n{"eventName": "Sto',
        "record 2 was left out (unexpected end",
        1,
    ),
    "not_utf8.json": (
        text(event(9, userAgent="AGENT")).replace(b"AGENT", b"\xff\xfe\xc3"),
        "read as far as it goes (str is not valid UTF-8",
        1,
    ),
    "utf16.json": (json.dumps({"Records": []}).encode("utf-16"), "record 1 was left out", 0),
    "deep_lists.json": (nested(10_000, b"[", b"]"), "left out (depth limit exceeded", 0),
    "deep_objects.json": (nested(10_000, b'{"a":', b"}"), "left out (depth limit exceeded", 0),
    "numbers.json": (
        b'{"Records": [1, "two", null, true, [], {}]}',
        "record 1 was left out (it is not JSON)",
        0,
    ),
    "other_json.json": (b'{"Configuration": {"a": 1}}', "object 1 is no CloudTrail record", 0),
    "not_a_number.json": (
        text(event(6)).replace(b'"aws-cli/2"', b"NaN"),
        "read as far as it goes",
        1,
    ),
}


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    return log(tmp_path / "logs", "good.json.gz", [event(1)]).parent


@pytest.fixture
def own(tmp_path: Path) -> list[str | Path]:
    folder = rules(tmp_path / "rules", stopped=TRAIL_STOPPED, denials=DENIED)
    return ["--no-built-in", "--rules", folder]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_named_with_the_reason_and_the_others_are_hunted_through(
    logs: Path, own: list[str | Path], name: str
) -> None:
    content, reason, saved = BAD[name]
    (logs / name).write_bytes(content)

    ran = vedette("hunt", logs, *own, "--output", "jsonl")

    goes_on(ran)
    told = re.search(rf"Not looked at: \S*/{re.escape(name)}: (.+)", ran.stderr)
    assert told, ran.stderr
    assert reason in told[1]
    by_file = [Path(one["file"]).name for one in matches(ran)]
    assert by_file.count("good.json.gz") == 1
    assert by_file.count(name) >= saved


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_output_names_bad_files(logs: Path, own: list[str | Path], output: str) -> None:
    (logs / "bad.json.gz").write_bytes(b"\x1f\x8b\x08\x00")

    ran = vedette("hunt", logs, *own, "--output", output)

    goes_on(ran)
    told = ran.stdout + ran.stderr
    assert "bad.json.gz" in told
    assert "the gzip stream is truncated" in " ".join(told.split())


def test_all_kinds_of_bad_files_at_once_hide_nothing(logs: Path, own: list[str | Path]) -> None:
    for name, (content, _, _) in BAD.items():
        (logs / name).write_bytes(content)

    ran = vedette("hunt", logs, *own, "--output", "json", "--workers", "2")

    goes_on(ran)
    named = {Path(one["file"]).name for one in ran.json["problems"]}
    assert named == set(BAD)
    files = {entry["match"]["file"] for case in ran.json["cases"] for entry in case["entries"]}
    assert ran.json["matches"] > 50
    assert files


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_wrong_types_in_every_field_neither_stop_nor_hide_anything(
    logs: Path, own: list[str | Path], wrong: Any
) -> None:
    records = [event(n, **{field: wrong}) for n, field in enumerate(event(), start=10)]
    records.append(dict.fromkeys(event(), wrong))
    log(logs, "wrong.json", [*records, event(99)])

    ran = vedette("hunt", logs, "--rules", own[-1], "--output", "jsonl")

    assert ran.code in {0, 3}, ran.stderr
    assert "Traceback" not in ran.stderr
    stopped = [one["event_id"] for one in matches(ran) if one["rule"] == "stopped"]
    assert event(1)["eventID"] in stopped
    assert event(99)["eventID"] in stopped


def test_where_a_key_stands_twice_the_last_one_counts(logs: Path, own: list[str | Path]) -> None:
    whole = text(event(5)).replace(b'"eventName"', b'"eventName": "DescribeTrails", "eventName"')
    (logs / "twice.json").write_bytes(whole)
    other = text(event(6)).replace(b'"StopLogging"', b'"StopLogging", "eventName": "GetTrail"')
    (logs / "other.json").write_bytes(other)

    ran = vedette("hunt", logs, *own, "--output", "jsonl")

    assert ran.code == 0, ran.stderr
    assert {Path(one["file"]).name for one in matches(ran)} == {"good.json.gz", "twice.json"}


def test_a_log_that_grows_meanwhile_is_read_as_far_as_it_goes(
    logs: Path, own: list[str | Path]
) -> None:
    path, written = logs / "growing.jsonl", threading.Event()
    lines = [json.dumps(event(200 + n)).encode() + b"\n" for n in range(2_000)]

    def write() -> None:
        with path.open("wb", buffering=0) as file:
            for place, line in enumerate(lines):
                file.write(line[: len(line) // 2])
                file.write(line[len(line) // 2 :])
                if place == 100:
                    written.set()
                time.sleep(0.002)

    writer = threading.Thread(target=write)
    writer.start()
    written.wait()
    ran = vedette("hunt", logs, *own, "--output", "jsonl")
    writer.join()

    assert ran.code in {0, 3}, ran.stderr
    assert "Traceback" not in ran.stderr
    grown = [one for one in matches(ran) if one["file"] == str(path)]
    assert 100 <= len(grown) <= len(lines)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (os.mkfifo, "it is not a file"),
        (lambda path: path.symlink_to(path.with_name("gone")), "it cannot be read"),
        (lambda path: path.symlink_to(path), "it cannot be read"),
        (lambda path: path.symlink_to("/dev/zero"), "it is not a file"),
    ],
    ids=["pipe", "dangling link", "link to itself", "device"],
)
def test_what_is_no_file_is_said_and_not_waited_for(
    logs: Path, own: list[str | Path], make: Callable[[Path], None], reason: str
) -> None:
    make(logs / "odd.json")

    ran = vedette("hunt", logs, *own, "--output", "jsonl")

    goes_on(ran)
    assert re.search(rf"odd\.json: {reason}", ran.stderr)


@pytest.mark.parametrize("arguments", [*(["--output", one] for one in OUTPUTS), ["--timeline"]])
def test_hostile_text_in_every_member_is_harmless_in_every_output(
    logs: Path, own: list[str | Path], arguments: list[str]
) -> None:
    arn = f"arn:aws:iam::111122223333:user/{HOSTILE}"
    members = {
        "userAgent": HOSTILE,
        "sourceIPAddress": HOSTILE,
        "awsRegion": HOSTILE,
        "recipientAccountId": HOSTILE,
        "errorCode": HOSTILE,
        "eventID": HOSTILE,
        "userIdentity": {"type": HOSTILE, "arn": arn, "userName": HOSTILE, "accountId": HOSTILE},
        "requestParameters": {"name": HOSTILE, HOSTILE: HOSTILE},
        "resources": [{"ARN": HOSTILE, "accountId": HOSTILE, "type": HOSTILE}],
    }
    log(logs, f"hostile {HOSTILE[25:40]}.json".replace("/", ""), [event(3) | members])

    ran = vedette("hunt", logs, "--rules", own[-1], *arguments)

    assert ran.code == 0, ran.stderr
    assert "hostile" in ran.stdout or "user/" in ran.stdout
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", ran.stdout + ran.stderr)
    if arguments[-1] == "html":
        assert "<script" not in ran.stdout
    if arguments[-1] == "csv":
        assert not re.search(r'(^|,)"?[=+@-]', ran.stdout, re.MULTILINE)
