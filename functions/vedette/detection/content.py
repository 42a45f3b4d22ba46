"""Finds the files with detections: in Vedette's layout, or a plain folder of Sigma rules."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from vedette.configuration.content import (
    ContentError,
    ContentFile,
    ContentProblem,
    content_files,
)

KIND: Final = "detection"
ENDINGS: Final = (".yml", ".yaml")
LAYOUT: Final = ("posture", "detection", "changes", "response", "frameworks")


def detection_files(directories: Sequence[Path], *, built_in: bool) -> list[ContentFile]:
    """List the files of all roots, by id.

    Raises ContentError for a folder that is missing or writable by others, and for an id that
    stands in two roots.
    """
    plain = [one for one in directories if one.is_dir() and not _has_layout(one)]
    ours = [one for one in directories if one not in plain]
    found: dict[str, ContentFile] = {}
    problems = []
    for file in _files_of_all(ours, plain, built_in):
        if (first := found.setdefault(file.id, file)) is not file:
            message = f"the id {file.id} is taken by {first.path}"
            problems.append(ContentProblem(path=file.path, line=None, message=message))
    if problems:
        raise ContentError(problems)
    return [found[one] for one in sorted(found)]


def _files_of_all(
    ours: Sequence[Path], plain: Sequence[Path], built_in: bool
) -> Iterator[ContentFile]:
    for ending in ENDINGS:
        yield from content_files(KIND, ending, directories=ours, built_in=built_in)
        for folder in plain:
            for file in content_files("", ending, directories=[folder], built_in=False):
                if not any(part.startswith(".") for part in file.id.split("/")):
                    yield file


def _has_layout(directory: Path) -> bool:
    return any((directory / one).is_dir() for one in LAYOUT)
