"""Reads YAML and remembers on which line everything stands."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from vedette.resources.errors import UserError

SIZE_LIMIT = 1_000_000
NODE_LIMIT = 200_000
DEPTH_LIMIT = 40
Location = tuple[str | int, ...]


class YamlError(UserError):
    """A file cannot be used; each problem is `file:line: what is wrong and what to do`."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlFile:
    """The content of a file, and the line of every key and entry in it."""

    path: Path
    content: Any
    lines: dict[Location, int] = field(default_factory=dict)

    def line(self, location: Sequence[str | int]) -> int:
        """Return the line of the nearest thing at or above a location."""
        for length in range(len(location), -1, -1):
            if (line := self.lines.get(tuple(location[:length]))) is not None:
                return line
        return 1

    def problem(self, location: Sequence[str | int], message: str) -> str:
        """Say what is wrong at a location."""
        return f"{self.path}:{self.line(location)}: {message}"

    def refuse(self, error: ValidationError) -> YamlError:
        """Turn pydantic's complaints into problems with file and line."""
        return YamlError(
            [
                self.problem(one["loc"], f"{_dotted(one['loc'])}{one['msg']}")
                for one in error.errors(include_input=False, include_url=False)
            ]
        )


def read_yaml(path: Path) -> YamlFile:
    """Read a file. Raises YamlError if it cannot be read or is not plain YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise YamlError([f"{path}: cannot be read ({reason})"]) from error
    if len(text) > SIZE_LIMIT:
        raise YamlError([f"{path}: is larger than {SIZE_LIMIT:,} characters"])
    try:
        node = yaml.compose(text, yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise YamlError([f"{path}:{_error_line(error)}: {_said(error)}"]) from error
    file = YamlFile(path=path, content=None)
    content = _construct(file, node, ()) if node is not None else None
    return YamlFile(path=path, content=content, lines=file.lines)


def _construct(file: YamlFile, node: yaml.Node, location: Location) -> Any:
    line = node.start_mark.line + 1
    if len(file.lines) > NODE_LIMIT or len(location) > DEPTH_LIMIT:
        # Aliases may make a small text expand without end.
        raise YamlError([f"{file.path}:{line}: it is too large or too deep"])
    file.lines[location] = line
    if isinstance(node, yaml.MappingNode):
        return _mapping(file, node, location)
    if isinstance(node, yaml.SequenceNode):
        return [
            _construct(file, entry, (*location, index)) for index, entry in enumerate(node.value)
        ]
    return _scalar(file, node)


def _scalar(file: YamlFile, node: yaml.Node) -> Any:
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError) as error:
        problem = f"{file.path}:{node.start_mark.line + 1}: it is not a value ({error})"
        raise YamlError([problem[:300]]) from error


def _mapping(file: YamlFile, node: yaml.MappingNode, location: Location) -> dict[Hashable, Any]:
    content: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = _scalar(file, key_node) if isinstance(key_node, yaml.ScalarNode) else None
        if not isinstance(key, str | int):
            raise YamlError([f"{file.path}:{line}: a key must be text"])
        if key in content:
            raise YamlError([f"{file.path}:{line}: {key} stands here a second time"])
        content[key] = _construct(file, value_node, (*location, key))
        file.lines[(*location, key)] = line
    return content


def _error_line(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark is not None else 1


def _said(error: yaml.YAMLError) -> str:
    return f"it is not valid YAML ({getattr(error, 'problem', None) or error})"


def _dotted(location: Sequence[str | int]) -> str:
    return f"{'.'.join(map(str, location))}: " if location else ""
