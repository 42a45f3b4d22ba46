"""Measures `vedette audit` against a seeded stand-in for AWS, and prints JSON.

    python scripts/bench/audit.py [--scale 1 --scale 5] [--runs 3]

The stand-in runs in this process; the audit runs as a user starts it, in a process of its own whose
CPU time and peak memory the kernel reports. Figures are medians of the runs.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "functions")]

from scripts.bench.account import REGION, seed_account  # noqa: E402 - after the path is set
from vedette.aws.stand_in.server import StandIn  # noqa: E402

MEASURED = Path(__file__).with_name("measured.py")
SEVENTEEN_REGIONS = (
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the command cost."""

    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: float
    exit_code: int


def main() -> None:
    """Measure everything asked for."""
    arguments = _arguments()
    results: dict[str, Any] = {"python": sys.version.split()[0], "runs": arguments.runs}
    with StandIn() as stand_in:
        for scale in arguments.scale or [1, 5]:
            stand_in.reset()
            counts = seed_account(lambda service: stand_in.client(service, REGION), scale)
            results[f"scale {scale}"] = {"resources": counts} | _measured(
                stand_in, ["--region", REGION], arguments.runs
            )
            bucket = ["--resource", "arn:aws:s3:::bench-bucket-00001", "--region", REGION]
            results[f"one bucket of scale {scale}"] = _measured(stand_in, bucket, arguments.runs)
        stand_in.reset()
        everywhere = [word for region in SEVENTEEN_REGIONS for word in ("--region", region)]
        results["17 almost empty regions"] = _measured(stand_in, everywhere, arguments.runs)
    help_runs = [_run(["--help"]) for _ in range(arguments.runs)]
    results["--help"] = asdict(_median(help_runs))
    print(json.dumps(results, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=int, action="append", help="1 and 5 if none is given")
    parser.add_argument("--runs", type=int, default=3)
    return parser.parse_args()


def _measured(stand_in: StandIn, options: Sequence[str], runs: int) -> dict[str, Any]:
    done = []
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        for _ in range(runs):
            stand_in.recorder.clear()
            command = ["audit", "--endpoint-url", stand_in.endpoint_url, "--output", "json"]
            done.append(_run([*command, "--output-file", str(report), *options]))
        summary = json.loads(report.read_text(encoding="utf-8"))["summary"]
    requests = stand_in.recorder.by_operation()
    return asdict(_median(done)) | {
        "requests": requests.total(),
        "requests_by_operation": dict(requests.most_common()),
        "verdicts": summary["verdicts"],
    }


def _run(arguments: Sequence[str]) -> Run:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": "/nonexistent",
        "PYTHONPATH": str(ROOT / "functions"),
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "any",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "figures.json"
        subprocess.run(
            [sys.executable, MEASURED, result, sys.executable, "-m", "vedette", *arguments],
            env=environment,
            check=True,
        )
        figures = json.loads(result.read_text(encoding="utf-8"))
    said = figures.pop("stderr")
    if figures["exit_code"] not in (0, 3):
        raise SystemExit(f"vedette {' '.join(arguments)} failed:\n{said}")
    return Run(**figures)


def _median(runs: Sequence[Run]) -> Run:
    return Run(
        wall_seconds=round(statistics.median(one.wall_seconds for one in runs), 2),
        cpu_seconds=round(statistics.median(one.cpu_seconds for one in runs), 2),
        peak_megabytes=round(statistics.median(one.peak_megabytes for one in runs), 1),
        exit_code=runs[-1].exit_code,
    )


if __name__ == "__main__":
    main()
