"""One synthesis of the real app for all processes of a test run: it takes longer than a test."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from infra.app import HUB, build
from infra.planning import made_plan

REGION: Final = "us-east-1"
SETTINGS: Final = "deployment:\n  email: soc@example.com\n"
DONE: Final = "done"


def synthesized(shared: Path, name: str, settings: str = SETTINGS) -> Path:
    """Return the folder of templates and assets of a `vedette.yml`, made once below `shared`."""
    folder = shared / f"synthesis-{name}"
    with _one_process(shared / f"{folder.name}.lock"):
        if not (folder / DONE).exists():
            shutil.rmtree(folder, ignore_errors=True)
            _synthesize(folder, settings)
            (folder / DONE).touch()
    return folder


def _synthesize(folder: Path, settings: str) -> None:
    folder.mkdir(parents=True)
    configuration = folder / "vedette.yml"
    configuration.write_text(settings)
    with tempfile.TemporaryDirectory() as staging:
        build(folder, made_plan(configuration, Path(staging))).synth()


@contextmanager
def _one_process(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


__all__ = ["HUB", "REGION", "synthesized"]
