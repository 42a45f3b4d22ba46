"""Runs a command and writes what it cost, as the kernel counts it.

    python measured.py RESULT.json COMMAND ARGUMENT...

A process of its own, since a child's peak memory begins with what its parent holds at the fork.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024


def main() -> None:
    """Run the command, keep its outputs away, and write the figures."""
    target, *command = sys.argv[1:]
    started = time.monotonic()
    ran = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    wall = time.monotonic() - started
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures = {
        "wall_seconds": wall,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_megabytes": usage.ru_maxrss * BYTES_PER_UNIT / 1_000_000,
        "exit_code": ran.returncode,
        "stderr": ran.stderr.decode(errors="replace"),
    }
    Path(target).write_text(json.dumps(figures), encoding="utf-8")


if __name__ == "__main__":
    main()
