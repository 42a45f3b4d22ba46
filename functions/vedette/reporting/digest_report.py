"""What validating CloudTrail's digests told, as a hunt reports it."""

from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

import msgspec
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from vedette.reporting.table_style import PASSED_STYLE, UNKNOWN_STYLE, heading, shown
from vedette.reporting.text import counted

DigestState: TypeAlias = Literal[
    "valid", "changed", "missing", "gap", "unverified", "unreadable", "not_covered"
]
TAMPERED: Final[tuple[DigestState, ...]] = ("changed", "missing")
# Worst first.
STATES: Final[tuple[DigestState, ...]] = (
    "changed",
    "missing",
    "gap",
    "unreadable",
    "unverified",
    "not_covered",
    "valid",
)
_STYLES: Final = {"changed": "bold red", "missing": "bold red"}
_MOST_LINES: Final = 20


class ValidatedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A log or a digest, by its address in S3 or its path, and what is to be said of it.

    `changed` and `missing` are not as AWS delivered them. A `gap` is time for which no digest
    vouches. `unverified` and `unreadable` could not be told, and of `not_covered` no valid digest
    speaks.
    """

    file: str
    state: DigestState
    reason: str | None = None


class DigestReport(msgspec.Struct, frozen=True, kw_only=True):
    """How many digests and logs there are, and which of them are as AWS delivered them.

    `states` counts all; `files` names them, worst first, as far as their number is bounded.
    """

    digests: int
    valid_digests: int
    logs: int
    valid_logs: int
    states: dict[DigestState, int]
    files: tuple[ValidatedFile, ...]
    left_out: int = 0

    @property
    def tampered(self) -> int:
        """Count what is not as AWS delivered it: changed or missing."""
        return sum(self.states.get(one, 0) for one in TAMPERED)

    @property
    def not_validated(self) -> int:
        """Count what could not be told."""
        return sum(self.states.values()) - self.tampered - self.states.get("valid", 0)

    @property
    def complete(self) -> bool:
        """Tell whether everything was validated and is as AWS delivered it."""
        return self.valid_digests > 0 and not self.tampered and not self.not_validated


def summary(report: DigestReport) -> str:
    """Say in a sentence how the validation ended."""
    counts = (
        f"{report.valid_logs:,} of {counted(report.logs, 'log file')} and {report.valid_digests:,} "
        f"of {counted(report.digests, 'digest')} are as AWS delivered them"
    )
    if report.tampered:
        return f"Digests: TAMPERED: {report.tampered:,} changed or missing; {counts}."
    if not report.complete:
        return f"Digests: {report.not_validated:,} could not be validated; {counts}."
    return f"Digests: {counts}."


def lines(report: DigestReport) -> Iterator[str]:
    """Yield a line for each file that is not valid, as far as they are named."""
    for one in report.files:
        if one.state != "valid":
            yield f"{one.state.replace('_', ' ')}: {one.file}: {one.reason or ''}"


class DigestTable:
    """Renders what is not valid, in red if somebody tampered with it, and how many are."""

    def __init__(self, report: DigestReport) -> None:
        """Take the report."""
        self._report = report

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines from top to bottom."""
        report = self._report
        style = PASSED_STYLE if report.complete else UNKNOWN_STYLE
        yield heading("Log file integrity", "red" if report.tampered else style)
        yield Text(summary(report), "bold red" if report.tampered else style)
        wrong = [one for one in report.files if one.state != "valid"]
        for one in wrong[:_MOST_LINES]:
            state = Text(one.state.replace("_", " "), _STYLES.get(one.state, UNKNOWN_STYLE))
            yield Text.assemble(state, shown(f": {one.file}: {one.reason or ''}"), overflow="fold")
        if (left := report.tampered + report.not_validated - len(wrong[:_MOST_LINES])) > 0:
            yield Text(f"and {left:,} more (--output json)", "dim italic")
