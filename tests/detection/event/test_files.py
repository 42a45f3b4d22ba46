import gzip
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from vedette.detection.event.files import content_of, log_files, read_file

RECORDS = b'{"Records":[{"eventName":"StopLogging"}]}'


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", ["log.json", "log.json.gz", "log"])
def test_a_file_is_told_by_what_it_holds_and_not_by_its_name(tmp_path: Path, name: str) -> None:
    for stored in (RECORDS, gzip.compress(RECORDS, mtime=0)):
        content = read_file(written(tmp_path, name, stored))
        assert (content.body, content.problem, content.size) == (RECORDS, None, len(stored))


def test_a_byte_order_mark_is_left_out() -> None:
    assert content_of(b"\xef\xbb\xbf" + RECORDS, "log").body == RECORDS


@pytest.mark.parametrize(
    ("stored", "problem"),
    [
        (b"", "it is empty; is it still being written?"),
        (gzip.compress(b"", mtime=0), "it is empty"),
        (gzip.compress(RECORDS, mtime=0)[:8], "the gzip stream is truncated"),
        (b"x" * 1_001, "it is larger than 1,000 bytes; split it"),
        (gzip.compress(b"x" * 1_001, mtime=0), "it decompresses to more than 1,000 bytes"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, stored: bytes, problem: str) -> None:
    content = read_file(written(tmp_path, "log.json.gz", stored), limit=1_000)

    assert (content.body, content.problem) == (None, problem)


def test_a_file_that_is_absent_or_no_file_says_so(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")

    assert read_file(tmp_path / "gone").problem == "it cannot be read (No such file or directory)"
    assert read_file(tmp_path / "pipe.json").problem == "it is not a file"
    assert read_file(tmp_path).problem == "it cannot be read (Is a directory)"


def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, "log.json", RECORDS)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")

    assert read_file(path).problem == "it cannot be read (Permission denied)"


def test_folders_are_searched_for_logs_by_name(tmp_path: Path) -> None:
    (tmp_path / "2026/01").mkdir(parents=True)
    for name in ("2026/01/b.json.gz", "2026/01/a.jsonl", "z.json", "readme.txt", "key.pem"):
        written(tmp_path, name, RECORDS)
    (tmp_path / "2026/loop").symlink_to(tmp_path)
    named = tmp_path / "key.pem"

    found = [str(path.relative_to(tmp_path)) for path in log_files([tmp_path, named])]

    assert found == ["z.json", "2026/01/a.jsonl", "2026/01/b.json.gz", "key.pem"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells the peak memory")
def test_a_bomb_of_a_gigabyte_takes_no_memory(tmp_path: Path) -> None:
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    million = bytes(1_000_000)
    bomb = b"".join(compressor.compress(million) for _ in range(1_000)) + compressor.flush()
    path = written(tmp_path, "bomb.json.gz", bomb)
    program = (
        "import sys; from pathlib import Path;"
        "from vedette.detection.event.files import read_file;"
        "print(read_file(Path(sys.argv[1])).problem);"
        # Not ru_maxrss: that begins with what the parent held at the fork.
        "lines = Path('/proc/self/status').read_text().splitlines();"
        "print(next(int(line.split()[1]) // 1024 for line in lines if line.startswith('VmHWM')))"
    )

    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program, path],
        env={"PYTHONPATH": "functions"},
        capture_output=True,
        text=True,
        check=True,
    )

    problem, megabytes = ran.stdout.splitlines()
    assert problem == "it decompresses to more than 268,435,456 bytes"
    assert int(megabytes) < 96
