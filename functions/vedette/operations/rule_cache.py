"""Keeps compiled detections, so that a hunt need not compile the same rules each time.

Compiling takes pySigma half a second, a hunt through a day's log less than that. The key is made of
the content of all rule files, of the placeholders and of the compiler, so nothing stale is used;
what is kept holds data and no code.
"""

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import msgspec

from vedette import __version__
from vedette.configuration.cache_folder import is_ours_alone
from vedette.configuration.content import ContentFile, ContentProblem
from vedette.detection.ir import CompiledFormatError, CompiledRules, from_json, to_json
from vedette.operations.private_files import write_private
from vedette.resources.errors import UserError

_KEPT: Final = 8
_ENDING: Final = ".detections.json"
_DETECTION: Final = Path(__file__).resolve().parent.parent / "detection"
_COMPILER: Final = ("*.py", "compile/*.py", "correlate/plan.py", "derive/fields.py")


class Problem(msgspec.Struct, frozen=True):
    """A content problem, as it is kept."""

    path: str
    line: int | None
    message: str


class _Kept(msgspec.Struct, frozen=True):
    compiled: msgspec.Raw
    refused: tuple[Problem, ...]
    for_other_logs: tuple[Problem, ...]


class RuleSet(msgspec.Struct, frozen=True, kw_only=True):
    """All detections of some folders, compiled, and what of them could not be used."""

    compiled: CompiledRules
    refused: tuple[ContentProblem, ...] = ()
    for_other_logs: tuple[ContentProblem, ...] = ()


def rule_set(
    files: Sequence[ContentFile],
    settings: bytes,
    folder: Path | None,
    compile_all: Callable[[], RuleSet],
) -> RuleSet:
    """Return the compiled rules of files: kept ones, or else compiled now and kept.

    `settings` is all else on which the result depends. Without a `folder` nothing is kept.
    """
    if folder is None:
        return compile_all()
    place = folder / f"{_key(files, settings)}{_ENDING}"
    if (kept := _read(place)) is not None:
        return kept
    compiled = compile_all()
    _write(place, compiled)
    return compiled


def _key(files: Iterable[ContentFile], settings: bytes) -> str:
    digest = hashlib.blake2b(digest_size=20)
    for part in (*_compiler(), settings):
        digest.update(b"%d:%b" % (len(part), part))
    for file in files:
        content = file.path.read_bytes()
        head = f"{file.id}\0{file.path}\0{file.built_in}\0{len(content)}\0"
        digest.update(head.encode("utf-8", "surrogatepass") + content)
    return digest.hexdigest()


def _compiler() -> Iterator[bytes]:
    """Yield what tells one state of the compiler from another."""
    yield f"{__version__} {sys.version}".encode()
    sources = [path for pattern in _COMPILER for path in sorted(_DETECTION.glob(pattern))]
    sigma = find_spec("sigma")
    if sigma is not None and sigma.origin is not None:
        sources.append(Path(sigma.origin))
        yield "".join(
            sorted(p.name for p in Path(sigma.origin).parent.parent.glob("pysigma-*"))
        ).encode()
    for path in sources:
        status = path.stat()
        yield f"{path} {status.st_size} {status.st_mtime_ns}".encode()


def _read(place: Path) -> RuleSet | None:
    if not is_ours_alone(place):
        return None
    try:
        kept = msgspec.json.decode(place.read_bytes(), type=_Kept)
        compiled = from_json(bytes(kept.compiled))
    except (OSError, msgspec.MsgspecError, CompiledFormatError):
        return None
    return RuleSet(
        compiled=compiled,
        refused=tuple(map(_problem, kept.refused)),
        for_other_logs=tuple(map(_problem, kept.for_other_logs)),
    )


def _write(place: Path, rules: RuleSet) -> None:
    kept = _Kept(
        msgspec.Raw(to_json(rules.compiled)),
        tuple(map(_kept_problem, rules.refused)),
        tuple(map(_kept_problem, rules.for_other_logs)),
    )
    try:
        write_private(place, msgspec.json.encode(kept).decode())
        _forget_oldest(place.parent)
    except (OSError, UserError):
        # Without it the next hunt compiles as this one did.
        return


def _forget_oldest(folder: Path) -> None:
    kept = sorted(folder.glob(f"*{_ENDING}"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[_KEPT:]:
        path.unlink(missing_ok=True)


def _kept_problem(problem: ContentProblem) -> Problem:
    return Problem(str(problem.path), problem.line, problem.message)


def _problem(kept: Problem) -> ContentProblem:
    return ContentProblem(path=Path(kept.path), line=kept.line, message=kept.message)
