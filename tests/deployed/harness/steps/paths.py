"""JSONPath, payload templates and intrinsic functions, as far as our state machine uses them.

Source: Step Functions Developer Guide, "Using JSONPath paths", "Intrinsic functions for JSONPath".
"""

import re
from collections.abc import Mapping
from typing import Any, Final

STEP: Final = re.compile(r"\.(?P<name>[A-Za-z_]\w*)|(?P<all>\[\*\])")
CONTAINS: Final = re.compile(r"States\.ArrayContains\((?P<path>\$[^,]*), *(?P<value>[^)]*)\)")


class UnsupportedPathError(Exception):
    """A path or an intrinsic function that is not served here."""


def look_up(path: str, value: Any) -> Any:
    """Return what a path leads to. Raises UnsupportedPathError, KeyError."""
    if not path.startswith("$"):
        raise UnsupportedPathError(path)
    position, found, several = 1, [value], False
    while position < len(path):
        step = STEP.match(path, position)
        if step is None:
            raise UnsupportedPathError(path)
        several = several or step["all"] is not None
        found = [
            each
            for one in found
            for each in (one if step["all"] else [_member(one, step["name"], path)])
        ]
        position = step.end()
    return found if several else found[0]


def filled(template: Any, value: Any) -> Any:
    """Return a payload template with what its `.$` names lead to."""
    if isinstance(template, Mapping):
        return dict(_entry(name, one, value) for name, one in template.items())
    if isinstance(template, list):
        return [filled(one, value) for one in template]
    return template


def placed(path: str, value: Any, result: Any) -> Any:
    """Return a state's input with its result at a `ResultPath`."""
    if path == "$":
        return result
    step = STEP.fullmatch(path, 1)
    if step is None or step["name"] is None or not isinstance(value, dict):
        raise UnsupportedPathError(path)
    return {**value, step["name"]: result}


def _entry(name: str, one: Any, value: Any) -> tuple[str, Any]:
    if not name.endswith(".$"):
        return name, filled(one, value)
    contains = CONTAINS.fullmatch(one)
    if contains is None:
        return name[:-2], look_up(one, value)
    wanted = {"true": True, "false": False}[contains["value"]]
    return name[:-2], wanted in look_up(contains["path"], value)


def _member(value: Any, name: str, path: str) -> Any:
    if not isinstance(value, Mapping) or name not in value:
        raise KeyError(f"{path} leads to nothing")
    return value[name]
