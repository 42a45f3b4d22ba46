"""The code of the functions: the package, the rules, and what was settled at synthesis."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

# No function imports the command, the demo's account or the stand-in for AWS.
LEFT_OUT: Final = ("cli", "aws/demo", "aws/stand_in", "__main__.py", "py.typed")
# Detections and changes arrive compiled: pySigma and YAML stay at home.
RULE_FOLDERS: Final = ("posture", "response")
IGNORED: Final = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")


def stage_code(target: Path, *, package: Path, rules: Path, documents: Mapping[str, bytes]) -> Path:
    """Lay out what Lambda unpacks: `vedette/`, `rules/`, and beside them documents by name."""
    shutil.copytree(package, target / "vedette", ignore=IGNORED)
    _leave_out(target / "vedette", LEFT_OUT)
    for folder in RULE_FOLDERS:
        if (rules / folder).is_dir():
            shutil.copytree(rules / folder, target / "rules" / folder, ignore=IGNORED)
    for name, content in documents.items():
        (target / name).write_bytes(content)
    for path in target.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return target


def _leave_out(root: Path, names: Sequence[str]) -> None:
    for name in names:
        path = root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
