"""Files that would fill the memory when they are decompressed: `vedette hunt` bounds them."""

import re
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from tests.aws.command import ROOT, Ran, vedette
from tests.cli.bad_logs import goes_on, matches
from tests.operations.hunting import DENIED, TRAIL_STOPPED, event, log, rules

MEGABYTE = 1024 * 1024


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    return log(tmp_path / "logs", "good.json.gz", [event(1)]).parent


@pytest.fixture
def own(tmp_path: Path) -> list[str | Path]:
    folder = rules(tmp_path / "rules", stopped=TRAIL_STOPPED, denials=DENIED)
    return ["--no-built-in", "--rules", folder]


def bomb(size: int) -> bytes:
    """Pack so many bytes, which look like the beginning of a log."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = [packer.compress(b'{"Records":[')]
    packed += [packer.compress(b" " * MEGABYTE) for _ in range(size // MEGABYTE)]
    return b"".join([*packed, packer.flush()])


def peak_of(*arguments: str | Path) -> tuple[Ran, int]:
    """Run the command; return also the most memory that it or a process of it had, in bytes."""
    measure = (
        "import resource, subprocess, sys\n"
        "ran = subprocess.run([sys.executable, '-m', 'vedette', *sys.argv[1:]])\n"
        "peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss\n"
        "print(f'PEAK {peak}', file=sys.stderr)\n"
        "sys.exit(ran.returncode)\n"
    )
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", measure, *map(str, arguments)],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "functions")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    found = re.search(r"PEAK (\d+)", ran.stderr)
    assert found
    return Ran(ran.returncode, ran.stdout, ran.stderr), int(found[1]) * 1024


@pytest.fixture(scope="module")
def usual_peak(tmp_path_factory: pytest.TempPathFactory) -> int:
    """Return the memory of a hunt through one small file."""
    folder = tmp_path_factory.mktemp("usual")
    log(folder / "logs", "good.json.gz", [event(1)])
    own = rules(folder / "rules", stopped=TRAIL_STOPPED)
    ran, peak = peak_of("hunt", folder / "logs", "--no-built-in", "--rules", own)
    assert ran.code == 0, ran.stderr
    return peak


@pytest.mark.parametrize("claims", [False, True], ids=["true to its size", "lies about its size"])
def test_a_bomb_of_a_gigabyte_takes_little_memory_and_the_rest_is_hunted_through(
    logs: Path, own: list[str | Path], usual_peak: int, claims: bool
) -> None:
    packed = bomb(1024 * MEGABYTE)
    assert len(packed) < 2 * MEGABYTE
    if claims:
        packed = packed[:-4] + (1_000).to_bytes(4, "little")
    (logs / "bomb.json.gz").write_bytes(packed)

    ran, peak = peak_of("hunt", logs, *own, "--output", "jsonl")

    goes_on(ran)
    assert "bomb.json.gz: it decompresses to more than 268,435,456 bytes" in ran.stderr
    assert [Path(one["file"]).name for one in matches(ran)] == ["good.json.gz"]
    # The bomb would take a gigabyte more; the decompressor works in pieces of some megabytes.
    assert peak < usual_peak + 100 * MEGABYTE


def test_a_file_over_the_limit_is_refused_unread(logs: Path, own: list[str | Path]) -> None:
    with (logs / "sparse.json").open("wb") as file:
        file.truncate(300 * MEGABYTE)

    ran = vedette("hunt", logs, *own, "--output", "jsonl")

    goes_on(ran)
    assert "sparse.json: it is larger than 268,435,456 bytes; split it" in ran.stderr
