"""One synthesis of each deployment serves all tests, for it takes seconds."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Validations
from cdk_nag import AwsSolutionsChecks

from infra.app import HUB, MEMBER, build
from tests.infra.plans import EVERYTHING, plan
from tests.infra.templates import Template, read


@dataclass(frozen=True, kw_only=True)
class Synthesis:
    """What one app wrote: the templates, and what cdk-nag says about them."""

    folder: Path
    said: tuple[str, ...]

    @property
    def hub(self) -> Template:
        return read(self.folder / f"{HUB}.template.json")

    @property
    def member(self) -> Template:
        (path,) = self.folder.glob(f"assembly-*/*{MEMBER}*.template.json")
        return read(path)

    def region(self, name: str) -> Template:
        return read(self.folder / f"{HUB}-{name}.template.json")

    @property
    def templates(self) -> list[Path]:
        return sorted(self.folder.rglob("*.template.json"))


def synthesis(folder: Path, settings: dict[str, Any]) -> Synthesis:
    app = build(folder / "out", plan(folder / "upload", settings))
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    try:
        app.synth()
    except RuntimeError as error:
        if "Validation failed" not in str(error):
            raise
    return Synthesis(folder=folder / "out", said=tuple(_said(folder / "out")))


def _said(folder: Path) -> list[str]:
    reports = [json.loads(one.read_text()) for one in folder.rglob("validation-report.json")]
    assert reports
    return [
        f"{violation['ruleName']} {construct['constructPath']}"
        for report in reports
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
    ]


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    """Nothing but an e-mail address."""
    return synthesis(tmp_path_factory.mktemp("plain"), {})


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    """Members, regions, a key, a trail, geography."""
    return synthesis(tmp_path_factory.mktemp("everything"), EVERYTHING)
