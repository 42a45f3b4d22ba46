import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reporting.example_report import example_report
from vedette.cli.audit import Output
from vedette.cli.report_output import print_report, written_report

ROOT = Path(__file__).parents[2]
STYLE = re.compile(r"\x1b\[[0-9;]*m")
COLOUR = re.compile(r"\x1b\[(?:\d;)*[349][0-7]m")
PROGRAM = """
import sys
from tests.reporting.example_findings import failed
from tests.reporting.example_report import example_report, report_of
from vedette.cli.audit import Output
from vedette.cli.report_output import print_report
report = example_report() if sys.argv[2] == "1" else report_of(list(failed()) * int(sys.argv[2]))
print_report(report, Output(sys.argv[1]))
sys.exit(3)
"""


def command(output: Output, times: int = 1) -> tuple[str, ...]:
    return (sys.executable, "-c", PROGRAM, output, str(times))


def environment(**variables: str) -> dict[str, str]:
    return {"PYTHONPATH": f"{ROOT / 'functions'}:{ROOT}", "TERM": "xterm"} | variables


def on_a_terminal(columns: int, **variables: str) -> str:
    """Return what a terminal of this width receives."""
    reader, terminal = pty.openpty()
    with subprocess.Popen(  # noqa: S603
        command(Output.TABLE),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=environment(COLUMNS=str(columns), **variables),
    ) as program:
        os.close(terminal)
        received = b""
        try:
            while some := os.read(reader, 65_536):
                received += some
        except OSError:
            # Linux reports EIO once the program has closed its end.
            pass
        finally:
            os.close(reader)
    assert program.returncode == 3
    return received.decode()


@pytest.mark.parametrize("output", Output)
def test_what_is_printed_is_what_is_written(
    output: Output, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    print_report(example_report(), output)
    printed = capfdbinary.readouterr().out.decode()
    lines = [line.rstrip() for line in printed.splitlines()]
    assert lines == [
        line.rstrip() for line in written_report(example_report(), output).splitlines()
    ]


@pytest.mark.parametrize("output", Output)
def test_a_finding_whose_rule_has_no_text_is_reported_all_the_same(output: Output) -> None:
    report = example_report().model_copy(update={"rules": {}})
    assert "acme-web-03" in written_report(report, output)


def test_a_terminal_gets_colours() -> None:
    assert COLOUR.search(on_a_terminal(80))


def test_no_color_is_heeded() -> None:
    text = on_a_terminal(80, NO_COLOR="1")
    assert "Root user has no access key" in text
    assert not COLOUR.search(text)


def test_the_table_in_a_file_has_no_colours_even_where_they_are_forced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in written_report(example_report(), Output.TABLE)


@pytest.mark.parametrize(("columns", "width"), [(20, 40), (80, 80), (500, 200)])
def test_the_table_is_as_wide_as_the_terminal_within_reason(columns: int, width: int) -> None:
    text = STYLE.sub("", on_a_terminal(columns))
    assert max(len(line) for line in text.splitlines()) == width


@pytest.mark.parametrize("output", [Output.TABLE, Output.JSON, Output.HTML])
def test_a_reader_that_has_seen_enough_is_no_error(output: Output) -> None:
    with subprocess.Popen(  # noqa: S603
        command(output, times=300 if output is not Output.TABLE else 1),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        errors = program.stderr.read()
    assert (program.returncode, errors) == (3, b"")


def test_a_terminal_without_utf_8_gets_escapes_instead_of_a_traceback() -> None:
    ran = subprocess.run(  # noqa: S603
        command(Output.TABLE),
        capture_output=True,
        check=False,
        env=environment(PYTHONIOENCODING="ascii"),
    )
    assert (ran.returncode, ran.stderr) == (3, b"")
    assert b"Account 111122223333" in ran.stdout
