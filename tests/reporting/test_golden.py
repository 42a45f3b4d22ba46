"""Every format, written from one report, stands in `tests/golden/reports` for people to look at."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests.reporting.example_report import example_report
from vedette.cli.audit import Output
from vedette.cli.report_output import written_report
from vedette.reporting.table import ReportTable

Golden = Callable[[Path, str], None]
FOLDER = Path(__file__).parents[1] / "golden" / "reports"
FILES = {
    Output.TABLE: "table_120.txt",
    Output.JSON: "report.json",
    Output.CSV: "report.csv",
    Output.HTML: "report.html",
    Output.JUNIT: "report.junit.xml",
    Output.SARIF: "report.sarif.json",
}


def test_every_format_has_its_file() -> None:
    assert set(FILES) == set(Output)


@pytest.mark.parametrize(("output", "name"), FILES.items(), ids=FILES.values())
def test_a_report_is_written_as_before(output: Output, name: str, golden: Golden) -> None:
    golden(FOLDER / name, written_report(example_report(include_passed=True), output))


@pytest.mark.parametrize("width", [40, 80, 140])
def test_the_table_looks_as_before_at_other_widths(width: int, golden: Golden) -> None:
    text = StringIO()
    Console(file=text, width=width, color_system=None).print(ReportTable(example_report()))
    lines = "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())
    golden(FOLDER / f"table_{width}.txt", lines)
