"""Measures the deployed functions, and prints JSON.

    python scripts/bench/pipeline.py [--runs 7] [--events 12000] [--without-layer]

The functions run as they are deployed: the code laid out as for the upload, a process of their own,
on the Python that runs this (Lambda has 3.13). Starts take turns, so that a busy machine slows all
of them; figures are medians of processor time. AWS is a stand-in, whose own time does not count.
Nothing here runs in AWS: how long an event takes from one end to the other only a deployment tells.
The exit code is 1 if a limit of `targets` is exceeded.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "functions")]

from scripts.bench.pipeline_asset import layer, staged, zipped_megabytes  # noqa: E402
from scripts.bench.pipeline_calls import counted_calls  # noqa: E402
from scripts.bench.pipeline_events import Passing, batches_of  # noqa: E402
from scripts.bench.pipeline_starts import starts  # noqa: E402
from scripts.bench.pipeline_world import World  # noqa: E402
from vedette.aws.stand_in.server import StandIn  # noqa: E402

LARGEST_CODE, LARGEST_LAYER = 2, 14
LONGEST_START, LONGEST_START_OF_DETECT = 1.8, 1.6
ACCOUNTS = 10
Figures = Mapping[str, Any]


def main() -> int:
    """Measure everything, and return the exit code."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        results = measured(Path(folder), arguments)
    missed = list(exceeded(results))
    print(json.dumps({**results, "targets": {"exceeded": missed}}, indent=2))
    return 1 if missed else 0


def measured(folder: Path, arguments: argparse.Namespace) -> Figures:
    """Return all figures."""
    code = staged(folder / "code")
    sizes = {"code": round(zipped_megabytes(code, folder / "code.zip"), 2)}
    if not arguments.without_layer:
        sizes["layer"] = round(zipped_megabytes(layer(), folder / "layer.zip"), 2)
    passing = Passing(arguments.events)
    with _world(folder, code, passing.accounts) as world:
        calls = counted_calls(world, passing.accounts[:ACCOUNTS])
        batches = batches_of(world, passing.detected)
    return {
        "python": sys.version.split()[0],
        "runs": arguments.runs,
        "zipped MB": sizes,
        "starts": starts(code, folder / "bytecode", arguments.runs),
        "calls": calls,
        "batches of 100": batches,
        "patterns": passing.shares(),
    }


def exceeded(results: Figures) -> Iterator[str]:
    """Say which limits do not hold."""
    for name, largest in (("code", LARGEST_CODE), ("layer", LARGEST_LAYER)):
        size = results["zipped MB"].get(name, 0)
        if size > largest:
            yield f"{name} has {size} MB, more than {largest}"
    for name, start in results["starts"]["handlers"].items():
        longest = LONGEST_START_OF_DETECT if name == "detect" else LONGEST_START
        if start["ratio"] > longest:
            yield f"{name} starts in {start['ratio']} times a client's start, more than {longest}"
    detect = results["calls"]["detect"]
    if detect["events that match nothing"]["writes"]:
        yield "events that match nothing are written"
    for kind in ("opened", "repeated"):
        if detect[kind]["writes of findings for each"] != 1:
            yield f"findings that are {kind} take another number of writes than one in a batch"


@contextmanager
def _world(folder: Path, code: Path, accounts: Any) -> Iterator[World]:
    with StandIn() as aws:
        yield World(aws, code, folder / "bytecode-of-calls", accounts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--events", type=int, default=12_000)
    parser.add_argument("--without-layer", action="store_true", help="if no registry is reached")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
