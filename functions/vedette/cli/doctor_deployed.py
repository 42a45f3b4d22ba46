"""`vedette doctor --deployed`: prints where a deployment does not see."""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import typer

from vedette.cli.console import EXIT_INCOMPLETE, printable, progress, tell

if TYPE_CHECKING:
    from vedette.aws.session import SessionOptions
    from vedette.operations.deployed_health import DeployedHealth

_WIDTH: Final = 8


class DoctorOutput(StrEnum):
    """The formats in which a deployment's health is told."""

    TABLE = "table"
    JSON = "json"


def examine(session: "SessionOptions", stack: str, output: DoctorOutput) -> None:
    """Look at a deployment and print what was found; exit code 3 if it has blind spots."""
    from vedette.operations.deployed_health import look_at_deployment

    with progress("Looking") as step:
        health = look_at_deployment(session, stack, step)
    if output is DoctorOutput.JSON:
        typer.echo(json.dumps(as_json(health), indent=2))
    else:
        for line in _lines(health):
            typer.echo(printable(line))
    bad = len(health.blind_spots)
    tell(f"{health.stack} in {health.region}: {bad or 'no'} blind spots, of {len(health.looks)}")
    if bad:
        raise typer.Exit(EXIT_INCOMPLETE)


def _lines(health: "DeployedHealth") -> Iterator[str]:
    places: dict[tuple[str, str, str, str], list[str]] = {}
    for one in health.looks:
        state = one.state.value.replace("_", " ")
        places.setdefault((state, one.area, one.said, one.remedy), []).append(one.where)
    for (state, area, said, remedy), where in places.items():
        yield f"{state.ljust(_WIDTH)}  {area} {', '.join(where)}: {said}"
        if remedy:
            yield f"{' ' * _WIDTH}  {remedy}"


def as_json(health: "DeployedHealth") -> dict[str, object]:
    """Return a deployment's health as it is printed as JSON."""
    return {
        "account": health.account,
        "region": health.region,
        "stack": health.stack,
        "version": health.version,
        "blind_spots": len(health.blind_spots),
        "looks": [
            {
                "area": one.area,
                "where": one.where,
                "state": one.state.value,
                "said": one.said,
                "remedy": one.remedy,
            }
            for one in health.looks
        ],
    }
