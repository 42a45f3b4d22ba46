"""Runs a hunt and writes what it finds, as it comes or as a report at the end."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from vedette.cli.console import progress, stderr, tell
from vedette.cli.hunt import HuntOutput
from vedette.cli.report_output import FILE_WIDTH, NARROWEST, WIDEST
from vedette.reporting.digest_report import lines, summary
from vedette.resources.errors import UserError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vedette.findings.case import SessionLink
    from vedette.findings.match import TracedMatch
    from vedette.operations.hunt import Hunted, HuntProgress, HuntRequest, Receiver
    from vedette.operations.hunt_digests import DigestRequest
    from vedette.reporting.digest_report import DigestReport
    from vedette.reporting.hunt_report import HuntReport

Write = Callable[[bytes], object]
SHOWN_PROBLEMS: Final = 20
_MEGABYTE: Final = 1_000_000


class LineReceiver:
    """Writes matches as lines of JSON, as they come."""

    as_lines = True

    def __init__(self, write: Write) -> None:
        self._write = write

    def take_lines(self, lines: bytes) -> None:
        """Write lines."""
        self._write(lines)

    def take_match(self, traced: "TracedMatch") -> None:
        """Take none: it asked for lines."""
        raise NotImplementedError

    def take_link(self, link: "SessionLink") -> None:
        """Take none: it tells no stories."""


class RowReceiver:
    """Writes matches as rows of CSV, as they come."""

    as_lines = False

    def __init__(self, write: Write) -> None:
        from vedette.reporting.hunt_csv import header

        self._write = write
        write(header().encode())

    def take_lines(self, lines: bytes) -> None:
        """Take none: it asked for matches."""
        raise NotImplementedError

    def take_match(self, traced: "TracedMatch") -> None:
        """Write a row."""
        from vedette.reporting.hunt_csv import row

        self._write(row(traced.match).encode("utf-8", "backslashreplace"))

    def take_link(self, link: "SessionLink") -> None:
        """Take none: it tells no stories."""


def run_hunt(
    request: "HuntRequest",
    output: HuntOutput,
    output_file: Path | None,
    digests: "DigestRequest | None" = None,
    *,
    timeline: bool,
) -> "tuple[Hunted, DigestReport | None]":
    """Validate digests if that is wanted, hunt, and write the report to where it was asked for."""
    validated = None if digests is None else _validate(digests)
    with _said_even_if_nothing_is_left(validated), _target(output_file) as write:
        if output in (HuntOutput.JSONL, HuntOutput.CSV):
            receiver = (LineReceiver if output is HuntOutput.JSONL else RowReceiver)(write)
            hunted = _hunt(request, receiver)
            _tell_what_is_missing(hunted)
            _tell_what_is_not_valid(validated)
        else:
            from vedette.operations.hunt_stories import StoryReceiver
            from vedette.reporting.hunt_report import story

            stories = StoryReceiver()
            hunted = _hunt(request, stories)
            report = msgspec.structs.replace(stories.report(hunted), digests=validated)
            if timeline:
                report = story(report, request.wanted.principal)
            write(_written(report, output, timeline, output_file))
    _tell_summary(hunted)
    if output_file is not None:
        tell(f"Report written to {output_file}.")
    if validated is not None:
        tell(summary(validated))
    return hunted, validated


@contextmanager
def _said_even_if_nothing_is_left(report: "DigestReport | None") -> Iterator[None]:
    """Say what is not valid also if no hunt can begin: somebody may have removed every log."""
    try:
        yield
    except UserError:
        _tell_what_is_not_valid(report)
        if report is not None:
            tell(summary(report))
        raise


def _validate(request: "DigestRequest") -> "DigestReport":
    from vedette.operations.hunt_digests import validate_digests

    with progress("Validating log files") as step:
        return validate_digests(request, lambda done, total: step(done, total, ""))


def _tell_what_is_not_valid(report: "DigestReport | None") -> None:
    """Say on stderr what lines and rows have no place for."""
    if report is None:
        return
    said = list(lines(report))
    for one in said[:SHOWN_PROBLEMS]:
        tell(one)
    if (left := report.tampered + report.not_validated - len(said[:SHOWN_PROBLEMS])) > 0:
        tell(f"and {left:,} more that are not valid (--output json names them).")


def _hunt(request: "HuntRequest", receiver: "Receiver") -> "Hunted":
    from vedette.operations.hunt import hunt

    with hunt_progress() as show:
        return hunt(request, receiver, show)


@contextmanager
def _target(path: Path | None) -> Iterator[Write]:
    """Give what writes to a file, or to stdout; a reader that has seen enough ends the hunt."""
    if path is not None:
        from vedette.operations.private_files import private_file

        with private_file(path) as file:
            yield file.write
        return
    sys.stdout.flush()
    try:
        yield sys.stdout.buffer.write
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Python flushes stdout once more at its end (docs.python.org, note on SIGPIPE).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def _written(
    report: "HuntReport",
    output: HuntOutput,
    timeline: bool,
    path: Path | None,
) -> bytes:
    if output is HuntOutput.JSON:
        from vedette.reporting.hunt_report import to_json

        return to_json(report).encode("utf-8", "replace")
    if output is HuntOutput.HTML:
        from vedette.reporting.hunt_html import to_html

        return to_html(report, timeline=timeline).encode("utf-8", "replace")
    from vedette.reporting.hunt_table import HuntTable, TimelineTable

    shown = TimelineTable(report) if timeline else HuntTable(report)
    if path is not None:
        return _as_text(shown).encode("utf-8", "backslashreplace")
    return _for_terminal(shown).encode(sys.stdout.encoding, "backslashreplace")


def _for_terminal(shown: "RenderableType") -> str:
    from rich.console import Console

    console = Console(highlight=False)
    console.width = min(max(console.width, NARROWEST), WIDEST)
    with console.capture() as capture:
        console.print(shown)
    return capture.get()


def _as_text(shown: "RenderableType") -> str:
    from io import StringIO

    from rich.console import Console

    text = StringIO()
    console = Console(
        file=text, width=FILE_WIDTH, color_system=None, force_terminal=False, highlight=False
    )
    console.print(shown)
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())


def _tell_summary(hunted: "Hunted") -> None:
    rate = hunted.events / hunted.seconds if hunted.seconds > 0 else 0
    tell(
        f"Looked at {hunted.events:,} events in {hunted.files:,} files with "
        f"{hunted.rules.count():,} rules in {hunted.seconds:,.1f} s ({rate:,.0f} events/s): "
        f"{hunted.matches:,} matches."
    )


def _tell_what_is_missing(hunted: "Hunted") -> None:
    """Say on stderr what lines and rows have no place for."""
    for problem in hunted.rules.refused[:SHOWN_PROBLEMS]:
        tell(f"Rule not loaded: {problem}")
    for rule, reason in hunted.rules.dark.items():
        tell(f"Dark rule: {rule}: {reason}.")
    for one in hunted.problems[:SHOWN_PROBLEMS]:
        tell(f"Not looked at: {one.file}: {one.reason}")
    if hunted.problem_count > SHOWN_PROBLEMS:
        tell(f"Not looked at: {hunted.problem_count - SHOWN_PROBLEMS:,} more problems.")
    for remark in hunted.remarks:
        tell(remark)
    if others := len(hunted.rules.found.for_other_logs):
        tell(f"{others:,} rules are for other logs and were left out.")


@contextmanager
def hunt_progress() -> Iterator[Callable[["HuntProgress"], None]]:
    """Show on a terminal how fast the hunt is and how much is left; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from time import monotonic

    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), TextColumn("{task.fields[said]}"), TimeElapsedColumn())
    started = monotonic()
    with Progress(*columns, console=stderr(), transient=True) as bar:
        task = bar.add_task("", total=None, said="loading rules")

        def show(now: "HuntProgress") -> None:
            rate = now.events / max(monotonic() - started, 0.001)
            left = (now.bytes_total - now.bytes_done) / _MEGABYTE
            said = f"{rate:,.0f} events/s · {left:,.1f} MB left · {now.matches:,} matches"
            bar.update(task, total=now.bytes_total, completed=now.bytes_done, said=said)

        yield show
