"""Reads the YAML documents of a Sigma file, each with the line of everything in it.

One file may hold several documents (a correlation beside its base rules), and pySigma's collection
actions (`action: global`, `repeat`, `reset`) are carried out here as pySigma does.
"""

import copy
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from vedette.configuration.content import ContentError, ContentProblem
from vedette.configuration.yaml_file import Location

SIZE_LIMIT = 1_000_000
NODE_LIMIT = 50_000
DEPTH_LIMIT = 40
LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One YAML mapping of a file; `lines` knows where its keys and entries stand."""

    path: Path
    content: dict[str, Any]
    lines: dict[Location, int]

    def problem(self, location: Location, message: str) -> ContentProblem:
        """Say what is wrong at the nearest line that is known at or above a location."""
        return ContentProblem(path=self.path, line=self.line(location), message=message)

    def line(self, location: Location) -> int:
        """Return the line of the nearest thing at or above a location."""
        for length in range(len(location), -1, -1):
            if (line := self.lines.get(location[:length])) is not None:
                return line
        return 1


def read_documents(path: Path) -> list[Document]:
    """Read every document of a file. Raises ContentError for what is not plain YAML."""
    text = _text_of(path)
    documents: list[Document] = []
    template: dict[str, Any] = {}
    previous: dict[str, Any] = {}
    for node in _nodes(path, text):
        document = _document(path, node)
        match document.content.pop("action", None):
            case None if document.content.keys() & {"correlation", "filter"}:
                documents.append(document)
            case None:
                previous = _overlaid(document.content, template)
                documents.append(_with(document, previous))
            case "global":
                template = previous = document.content
            case "reset":
                template = {}
            case "repeat":
                previous = _overlaid(previous, document.content)
                documents.append(_with(document, previous))
            case other:
                message = f"`action: {other}` is none of global, repeat and reset"
                raise ContentError([document.problem(("action",), message)])
    return documents


def _text_of(path: Path) -> str:
    try:
        size = path.stat().st_size
        text = path.read_text(encoding="utf-8") if size <= SIZE_LIMIT else ""
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise _error(path, None, f"it cannot be read ({reason})") from error
    if size > SIZE_LIMIT:
        raise _error(path, None, f"it is larger than {SIZE_LIMIT:,} bytes")
    return text


def _nodes(path: Path, text: str) -> Iterator[yaml.Node]:
    try:
        yield from (node for node in yaml.compose_all(text, LOADER) if not _is_empty(node))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or str(error)
        line = mark.line + 1 if mark is not None else 1
        raise _error(path, line, f"it is not valid YAML ({said})") from error
    except RecursionError as error:
        raise _error(path, None, "it is nested too deeply") from error


def _is_empty(node: yaml.Node | None) -> bool:
    return node is None or (isinstance(node, yaml.ScalarNode) and node.value in {"", "null", "~"})


def _document(path: Path, node: yaml.Node) -> Document:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise _error(path, line, "it is not a Sigma document: a mapping is expected")
    lines: dict[Location, int] = {}
    content = _Construction(path, lines).of(node, ())
    return Document(path=path, content=content, lines=lines)


@dataclass(slots=True)
class _Construction:
    """Turns YAML nodes into values, bounded: aliases may make a small text expand without end."""

    path: Path
    lines: dict[Location, int]

    def of(self, node: yaml.Node, location: Location) -> Any:
        line = node.start_mark.line + 1
        if len(self.lines) > NODE_LIMIT or len(location) > DEPTH_LIMIT:
            raise _error(self.path, line, "it is too large or too deep")
        self.lines.setdefault(location, line)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, location)
        if isinstance(node, yaml.SequenceNode):
            return [self.of(entry, (*location, place)) for place, entry in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, location: Location) -> dict[Hashable, Any]:
        content: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = self._scalar(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str):
                raise _error(self.path, line, "a key must be text; put it in quotes")
            if key in content:
                raise _error(self.path, line, f"{key} stands here a second time")
            self.lines[(*location, key)] = line
            content[key] = self.of(value_node, (*location, key))
        return content

    def _scalar(self, node: yaml.Node) -> Any:
        try:
            return yaml.SafeLoader("").construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            line = node.start_mark.line + 1
            raise _error(self.path, line, f"it is not a value ({error})"[:300]) from error


def _with(document: Document, content: dict[str, Any]) -> Document:
    return Document(path=document.path, content=content, lines=document.lines)


def _overlaid(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = copy.copy(under)
    for key, value in over.items():
        below = merged.get(key)
        nested = isinstance(value, dict) and isinstance(below, dict)
        merged[key] = _overlaid(below, value) if nested and isinstance(below, dict) else value
    return merged


def _error(path: Path, line: int | None, message: str) -> ContentError:
    return ContentError([ContentProblem(path=path, line=line, message=message)])
