"""Finds the folders that hold rules and loads rule modules from them by path.

Id = path below `<root>/<kind>/`, without extension. A rule is code, so a folder that others can
write to is refused, and nothing is taken from the current directory unasked.
"""

import importlib.util
import os
import stat
import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from vedette.resources.errors import UserError

PACKAGE = Path(__file__).resolve().parent.parent
IN_WHEEL = PACKAGE / "_rules"
IN_CHECKOUT = PACKAGE.parent.parent / "rules"
BESIDE_PACKAGE = PACKAGE.parent / "rules"
WRITABLE_BY_OTHERS = stat.S_IWOTH


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentProblem:
    """One thing that is wrong with the content, and where."""

    path: Path
    line: int | None
    message: str

    def __str__(self) -> str:
        """Give `file:line: message`."""
        where = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{where}: {self.message}"


class ContentError(UserError):
    """Content cannot be used; `problems` lists everything found wrong, not only the first."""

    def __init__(self, problems: Sequence[ContentProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentFile:
    """One file of content: its id, its place, and whether Vedette brought it."""

    id: str
    path: Path
    built_in: bool


def built_in_root() -> Path:
    """Return the folder of the rules that come with Vedette.

    Raises ContentError if the installation holds none.
    """
    for root in (IN_WHEEL, IN_CHECKOUT, BESIDE_PACKAGE):
        if root.is_dir():
            return root
    message = "no rules are installed here; install Vedette again"
    raise ContentError([ContentProblem(path=IN_WHEEL, line=None, message=message)])


def content_files(
    kind: str, extension: str, *, directories: Sequence[Path] = (), built_in: bool = True
) -> list[ContentFile]:
    """List the files of one kind (`posture`, `frameworks` …) in all roots, by id.

    Raises ContentError for a folder that is missing or writable by others, and for an id that
    stands in two roots.
    """
    roots = [(built_in_root(), True)] if built_in else []
    roots += [(directory, False) for directory in directories]
    problems = [problem for root, ours in roots if not ours for problem in _refusals(root)]
    found: dict[str, ContentFile] = {}
    for root, ours in roots:
        for path in sorted((root / kind).rglob(f"*{extension}")):
            file = ContentFile(id=_id_of(path, root / kind), path=path, built_in=ours)
            if (first := found.setdefault(file.id, file)) is not file:
                message = f"the id {file.id} is taken by {first.path}"
                problems.append(ContentProblem(path=path, line=None, message=message))
    if problems:
        raise ContentError(problems)
    return [found[one] for one in sorted(found)]


def load_module(kind: str, file: ContentFile) -> ModuleType:
    """Run a rule file as the module `vedette_rules.<kind>.<id>`.

    Raises ContentError with file and line for whatever is wrong with it.
    """
    name = f"vedette_rules.{kind}.{file.id.replace('/', '.')}"
    spec = importlib.util.spec_from_file_location(name, file.path)
    if spec is None or spec.loader is None:
        message = "it cannot be loaded as Python"
        raise ContentError([ContentProblem(path=file.path, line=None, message=message)])
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    # A rule is somebody's code: anything may come out of it, and all of it is told with its line.
    except Exception as error:
        del sys.modules[name]
        raise ContentError([_problem(file.path, error)]) from error
    return module


def _id_of(path: Path, base: Path) -> str:
    # As text: there are hundreds of files, and pathlib takes its time for each.
    return path.as_posix()[len(base.as_posix()) + 1 : -len(path.suffix)]


def _problem(path: Path, error: Exception) -> ContentProblem:
    line = error.lineno if isinstance(error, SyntaxError) else _line_in(path, error)
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    message = f"{type(error).__name__}: {said}"[:500]
    return ContentProblem(path=path, line=line, message=message)


def _line_in(path: Path, error: Exception) -> int | None:
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    return lines[-1] if lines else None


def _refusals(root: Path) -> Iterator[ContentProblem]:
    if not root.is_dir():
        yield ContentProblem(path=root, line=None, message="there is no such folder")
        return
    for path in (root, *sorted(root.rglob("*"))):
        if reason := _untrusted(path):
            yield ContentProblem(path=path, line=None, message=reason)


def _untrusted(path: Path) -> str | None:
    status = path.stat()
    if status.st_mode & WRITABLE_BY_OTHERS:
        return f"anybody can write to it, and rules are code; run: chmod o-w {path}"
    if status.st_uid not in (0, os.geteuid()):
        return "it belongs to another user, and rules are code; copy it to a folder of your own"
    return None
