"""Which modules of the package the functions need: what handlers import, and what that imports.

Told by reading the source, imports inside of functions included. What is found at run time by
listing a folder is needed whole.
"""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

NAME: Final = "vedette"
# `collectors()` and the kinds of resources list these folders.
LISTED: Final = ("handlers", "aws/collect/services", "resources")


def needed_modules(package: Path, others: Sequence[Path]) -> frozenset[Path]:
    """Return the files of a package that handlers and `others`, which use it, come to import."""
    to_visit = [path for folder in LISTED for path in (package / folder).rglob("*.py")]
    found: set[Path] = set(to_visit)
    to_visit += others
    while to_visit:
        for path in _imported(to_visit.pop(), package):
            if path not in found:
                found.add(path)
                to_visit.append(path)
    return frozenset(found)


def _imported(source: Path, package: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _files(alias.name, package)
        elif isinstance(node, ast.ImportFrom) and node.module is not None and not node.level:
            yield from _files(node.module, package)
            for alias in node.names:
                yield from _files(f"{node.module}.{alias.name}", package)


def _files(module: str, package: Path) -> Iterator[Path]:
    """Yield the file of a module, if it is one of the package, and those of the packages around."""
    name, *inner = module.split(".")
    if name != NAME:
        return
    place = package
    for part in ("", *inner):
        place = place / part if part else place
        for file in (place / "__init__.py", place.with_suffix(".py")):
            if file.is_file() and file.is_relative_to(package):
                yield file
