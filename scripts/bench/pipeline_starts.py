"""What it takes to start each function, as a ratio to what every function in Python pays."""

import json
import shutil
import statistics
import subprocess
import sys
import sysconfig
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts.bench.pipeline_asset import ACCOUNT, environment
from vedette.configuration.deployed import SETTINGS

SUBJECT = Path(__file__).with_name("pipeline_subject.py")
CLIENT = "client"
Figures = Mapping[str, float]


def starts(code: Path, bytecode: Path, runs: int) -> dict[str, Any]:
    """Start everything in turns, and return medians; `bytecode` is an empty folder.

    Limits are for modules that are compiled already. Lambda compiles what was uploaded as sources
    at every start: what that takes is told too, for our code alone and for all packages.
    """
    whole = _medians(code, bytecode, runs)
    unit = whole[CLIENT]["cpu_ms"]
    told: dict[str, Any] = {
        "client": whole.pop(CLIENT),
        "handlers": {
            name: figures | {"ratio": round(figures["cpu_ms"] / unit, 2)}
            for name, figures in whole.items()
        },
    }
    for what, folder in (
        ("ratio with our code from sources", code),
        ("ratio with all packages from sources", Path(sysconfig.get_path("purelib"))),
    ):
        shutil.rmtree(bytecode / folder.resolve().relative_to("/"))
        bare = _medians(code, bytecode, runs, PYTHONDONTWRITEBYTECODE="1")
        told[what] = {name: round(one["cpu_ms"] / unit, 2) for name, one in bare.items()}
    return told


def _medians(code: Path, bytecode: Path, runs: int, **more: str) -> dict[str, dict[str, float]]:
    found: dict[str, list[Figures]] = defaultdict(list)
    # The first round fills the caches of files and of compiled modules.
    for turn in range(runs + 1):
        for name in (CLIENT, *SETTINGS):
            figures = _start(code, bytecode, name, more)
            if turn:
                found[name].append(figures)
    return {
        name: {key: round(statistics.median(one[key] for one in some), 1) for key in some[0]}
        for name, some in found.items()
    }


def _start(code: Path, bytecode: Path, name: str, more: Mapping[str, str]) -> Figures:
    handler = None if name == CLIENT else name
    variables = environment(
        code, handler, json.dumps([ACCOUNT]), PYTHONPYCACHEPREFIX=str(bytecode), **more
    )
    ran = subprocess.run(
        [sys.executable, SUBJECT, "start", name], env=variables, check=True, capture_output=True
    )
    figures: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return figures
