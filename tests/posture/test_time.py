"""A judgement depends on when the resources were read, never on when it is made."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PURE = ("rules", *(f"functions/vedette/{name}" for name in ("findings", "posture", "resources")))
CLOCKS = {"now", "utcnow", "today", "time", "localtime", "gmtime"}
FILES = [path for folder in PURE for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_that_judges_asks_for_the_present_time(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]

    asked = [
        f"{ast.unparse(call)} in line {call.lineno}"
        for call in calls
        if isinstance(call, ast.Attribute)
        and call.attr in CLOCKS
        and ast.unparse(call.value) in {"datetime", "date", "time", "datetime.datetime"}
    ]

    assert asked == []
