"""The packages that a function sees: those of its layer and of Lambda's runtime, and no others.

The layer holds wheels for Lambda's platform, which this machine cannot load. So a folder links to
this environment's packages, as far as the layer has them by name: an import that the layer does
not serve fails here as it would there, and so does a service that was pruned from botocore.
"""

import sysconfig
from pathlib import Path
from typing import Final

# What the managed runtime brings besides the standard library.
OF_RUNTIME: Final = (
    *("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py"),
    *("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"),
)
OF_BOOTSTRAP: Final = ("time_machine", "_time_machine")
PRUNED: Final = "botocore"


def link_packages(layer: Path | None, target: Path) -> Path:
    """Fill a folder for PYTHONPATH; `layer` is an unpacked layer (its folder with `python/`)."""
    target.mkdir(parents=True)
    here = Path(sysconfig.get_path("purelib"))
    wanted = set(OF_RUNTIME) | set(OF_BOOTSTRAP) | (_names(layer / "python") if layer else set())
    for path in here.iterdir():
        if _importable(path) not in wanted:
            continue
        if layer and path.name == PRUNED:
            _link_pruned(path, layer / "python" / PRUNED, target / PRUNED)
        else:
            (target / path.name).symlink_to(path)
    return target


def _link_pruned(package: Path, layered: Path, target: Path) -> None:
    target.mkdir()
    for path in package.iterdir():
        if path.name != "data":
            (target / path.name).symlink_to(path)
    (target / "data").mkdir()
    for path in (layered / "data").iterdir():
        (target / "data" / path.name).symlink_to(package / "data" / path.name)


def _names(folder: Path) -> set[str]:
    return {_importable(path) for path in folder.iterdir()}


def _importable(path: Path) -> str:
    """Return the name by which a file or folder is imported, or under which it is described."""
    return path.name if path.suffix == ".dist-info" else path.name.partition(".")[0]
