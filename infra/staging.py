"""The code of the functions: the package, the rules, and what was settled at synthesis."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from infra.bytecode import compile_all, python_of_lambda
from infra.needed import needed_modules

# Detections and changes arrive compiled: pySigma and YAML stay at home.
RULE_FOLDERS: Final = ("posture", "response")
IGNORED: Final = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
DEPLOYED: Final = Path("/var/task")


def stage_code(target: Path, *, package: Path, rules: Path, documents: Mapping[str, bytes]) -> Path:
    """Lay out what Lambda unpacks: `vedette/`, `rules/`, and beside them documents by name.

    Of the package only what the functions need goes along. Raises LayerError.
    """
    for folder in RULE_FOLDERS:
        if (rules / folder).is_dir():
            shutil.copytree(rules / folder, target / "rules" / folder, ignore=IGNORED)
    for path in needed_modules(package, list((target / "rules").rglob("*.py"))):
        place = target / "vedette" / path.relative_to(package)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    for name, content in documents.items():
        (target / name).write_bytes(content)
    if (python := python_of_lambda()) is not None:
        compile_all(target, DEPLOYED, python)
    for path in target.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return target
