"""Hunts with the rules that Vedette brings, through the real operation."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.operations.hunting import Lines
from vedette.aws.demo.records import Record, write_logs
from vedette.operations.hunt import HuntRequest, hunt
from vedette.operations.hunt_logs import LocalLogs
from vedette.operations.hunt_rules import RuleChoice


def configured(folder: Path, **sections: Any) -> Path:
    """Write a configuration."""
    path = folder / "vedette.yml"
    path.write_text(yaml.safe_dump({"version": 1, **sections}), encoding="utf-8")
    return path


def hunted_with(
    folder: Path, records: Iterable[Record], *, rules: Sequence[Path] = (), **sections: Any
) -> list[dict[str, Any]]:
    """Return the matches in records, with these sections of a configuration."""
    several = list(records)
    write_logs(folder / "logs", several[0]["recipientAccountId"], several)
    lines = Lines()
    request = HuntRequest(
        source=LocalLogs((folder / "logs",)),
        choice=RuleChoice(directories=rules),
        configuration=configured(folder, **sections),
    )
    hunted = hunt(request, lines)
    assert hunted.complete
    assert hunted.events == len(several)
    return lines.matches
