"""Measures the hunt on generated logs against floors and other ways, and prints JSON.

    python scripts/bench/hunt.py [--events 400200] [--files 115] [--runs 3] [--folder FOLDER]

Every run is a process of its own, of which the kernel reports CPU time and peak memory (that of
the largest process, where there are several). The subjects take turns, so that a busy machine
slows all of them; figures are medians. Ratios are of CPU time, those of two processes of wall time.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "functions")]

from scripts.bench.events import EVENTS, FILES, write_files  # noqa: E402 - after the path is set
from scripts.bench.hunt_rule_sets import write_rule_sets  # noqa: E402

MEASURED = Path(__file__).with_name("measured.py")
SUBJECT = Path(__file__).with_name("hunt_subject.py")
# As long as the whole would take too long, a way without memory is measured on some of the files.
SLOW_SHARE, DISTINCT_SHARE = 20, 10
Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Subject:
    """A command to measure on a number of events."""

    command: Sequence[str | Path]
    events: int


class Bench:
    """The logs and rules, and what the runs cost so far."""

    def __init__(self, folder: Path, events: int, files: int) -> None:
        """Generate what is not there yet."""
        self._folder = folder
        self.events = events
        some, distinct = max(1, files // SLOW_SHARE), max(1, files // DISTINCT_SHARE)
        per_file = -(-events // files)
        self.sizes = {
            "logs": per_file * files,
            "some logs": per_file * some,
            "distinct logs": per_file * distinct,
        }
        for name, count in (("logs", files), ("some logs", some), ("distinct logs", distinct)):
            if not self._path(name).exists():
                is_distinct = name.startswith("distinct")
                write_files(self._path(name), per_file * count, count, distinct=is_distinct)
        self.rule_counts = write_rule_sets(folder)
        self.runs: dict[str, list[Figures]] = defaultdict(list)

    def subjects(self) -> dict[str, Subject]:
        """Return what is measured; `floor` first, for most ratios are to it."""
        return {
            "floor": self._subject("floor", "logs"),
            "vedette hunt": self._command("logs", "1"),
            "vedette hunt, 2 processes": self._command("logs", "2"),
            "engine": self._subject("hunt", "logs", "rules.json"),
            "standard library": self._subject("hunt", "logs", "rules.json", "--standard-library"),
            "four times the rules": self._subject("hunt", "logs", "four_times.json"),
            "a noisy rule": self._subject("hunt", "logs", "noisy.json"),
            "naive": self._subject("naive", "some logs", "rules.json"),
            "distinct identities": self._subject("hunt", "distinct logs", "rules.json"),
            "distinct identities, index": self._subject("index", "distinct logs", "rules.json"),
        }

    def run(self, name: str, subject: Subject) -> None:
        """Run a subject once."""
        self.runs[name].append(_run(subject.command, self._folder))

    def decoding(self) -> float:
        """Return how many milliseconds the compiled rules take to read and decode, in a process."""
        command: list[str | Path] = [sys.executable, SUBJECT, "decode", self._path("rules.json")]
        ran = subprocess.run(
            command, env=_environment(self._folder), check=True, capture_output=True
        )
        return float(ran.stdout)

    def _subject(self, kind: str, logs: str, rules: str | None = None, *options: str) -> Subject:
        given = [] if rules is None else [self._path(rules)]
        command: list[str | Path] = [
            sys.executable,
            SUBJECT,
            kind,
            self._path(logs),
            *given,
            *options,
        ]
        return Subject(command, self.sizes[logs])

    def _command(self, logs: str, workers: str) -> Subject:
        options = ["--output", "jsonl", "--workers", workers]
        hunt: list[str | Path] = [sys.executable, "-m", "vedette", "hunt", self._path(logs)]
        return Subject([*hunt, *options], self.sizes[logs])

    def _path(self, name: str) -> Path:
        return self._folder / name.replace(" ", "_")


def main() -> None:
    """Measure everything."""
    arguments = _arguments()
    with _folder(arguments.folder) as folder:
        bench = Bench(folder, arguments.events, arguments.files)
        subjects = bench.subjects()
        # The first round fills the caches of files and of compiled modules.
        for _ in range(arguments.runs + 1):
            for name, subject in subjects.items():
                bench.run(name, subject)
        results = _results(bench, subjects)
        decoding = [bench.decoding() for _ in range(2 * arguments.runs + 1)]
    results["decoding_milliseconds"] = statistics.median(decoding)
    print(json.dumps(results, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="keep what is generated, and use it again")
    return parser.parse_args()


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="vedette-bench-") as folder:
        yield Path(folder)


def _run(command: Sequence[str | Path], folder: Path) -> Figures:
    with tempfile.TemporaryDirectory() as place:
        result = Path(place) / "figures.json"
        subprocess.run(
            [sys.executable, MEASURED, result, *command],
            env=_environment(folder),
            cwd=place,
            check=True,
        )
        figures: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    said = figures.pop("stderr")
    if figures["exit_code"] != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{said}")
    return figures


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT / "functions"),
        # An installed package has its modules compiled; this keeps them out of the checkout.
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }


def _results(bench: Bench, subjects: Mapping[str, Subject]) -> dict[str, Any]:
    runs = {name: figures[1:] for name, figures in bench.runs.items()}
    cpu = {name: _median(ran, "cpu_seconds") for name, ran in runs.items()}
    wall = {name: _median(ran, "wall_seconds") for name, ran in runs.items()}
    return {
        "python": sys.version.split()[0],
        "events": bench.events,
        "rules": bench.rule_counts,
        "ratio_to_floor": _ratio(cpu, "floor", "vedette hunt"),
        "ratio_to_floor_wall": _ratio(wall, "floor", "vedette hunt"),
        "ratio_to_floor_two_processes": _ratio(wall, "floor", "vedette hunt, 2 processes"),
        "ratio_to_floor_engine": _ratio(cpu, "floor", "engine"),
        "ratio_to_floor_standard_library": _ratio(cpu, "floor", "standard library"),
        "ratio_to_floor_noisy_rule": _ratio(cpu, "floor", "a noisy rule"),
        "ratio_to_naive": round(_per_event(cpu, subjects), 1),
        "time_of_four_times_the_rules": _ratio(cpu, "four times the rules", "engine"),
        "ratio_to_index_distinct": _ratio(cpu, "distinct identities, index", "distinct identities"),
        "subjects": {
            name: {
                "events_per_second": round(subject.events / wall[name]),
                "cpu_seconds": round(cpu[name], 2),
                "wall_seconds": round(wall[name], 2),
                "peak_megabytes": round(_median(runs[name], "peak_megabytes"), 1),
            }
            for name, subject in subjects.items()
        },
    }


def _per_event(cpu: Figures, subjects: Mapping[str, Subject]) -> float:
    """Compare with naive evaluation per event, since that is measured on some files alone."""
    whole, some = subjects["engine"].events, subjects["naive"].events
    return (cpu["naive"] / some) / (cpu["engine"] / whole)


def _ratio(seconds: Figures, one: str, other: str) -> float:
    return round(seconds[one] / seconds[other], 2)


def _median(runs: Sequence[Figures], figure: str) -> float:
    return statistics.median(one[figure] for one in runs)


if __name__ == "__main__":
    main()
