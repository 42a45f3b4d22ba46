"""What every command prints on: results on stdout, progress and errors on stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from vedette.reporting.text_printable import printable

__all__ = [
    "EXIT_FINDINGS",
    "EXIT_INCOMPLETE",
    "EXIT_INTERRUPTED",
    "EXIT_USAGE",
    "Step",
    "printable",
    "progress",
    "stderr",
    "tell",
    "tell_error",
]
EXIT_FINDINGS: Final = 1
EXIT_USAGE: Final = 2
EXIT_INCOMPLETE: Final = 3
EXIT_INTERRUPTED: Final = 130

Step = Callable[[int, int, str], None]


def stderr() -> Console:
    """Return the console for progress and errors."""
    return Console(stderr=True, highlight=False)


def tell_error(message: str) -> None:
    """Print what went wrong."""
    console = stderr()
    for line in message.splitlines():
        console.print(f"[bold red]Error:[/] {escape(printable(line))}", soft_wrap=True)


def tell(message: str) -> None:
    """Print a remark that is not a result."""
    stderr().print(escape(printable(message)), soft_wrap=True)


@contextmanager
def progress(what: str) -> Iterator[Step]:
    """Show a bar with counts on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _done, _total, _doing: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,}/{task.total:,}"),
        TextColumn("{task.fields[doing]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=stderr(), transient=True) as bar:
        task = bar.add_task(what, total=1, doing="")
        yield lambda done, total, doing: bar.update(task, completed=done, total=total, doing=doing)
