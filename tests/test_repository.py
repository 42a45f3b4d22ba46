"""What holds for the repository as a whole."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from vedette import __version__

ROOT = Path(__file__).resolve().parent.parent
SOURCE_FOLDERS = ("functions", "rules", "tests", "infra", "scripts")
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
LONGEST_FILE = 300
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; (.*?))? \\$", re.MULTILINE)


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def pins(lock: Path) -> set[tuple[str, ...]]:
    return set(PIN.findall(lock.read_text()))


def test_no_file_is_too_long_to_read_at_once() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for folder in SOURCE_FOLDERS
        for path in (ROOT / folder).rglob("*.py")
    }
    assert len(lengths) > 20
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_package_has_its_place_in_the_layers() -> None:
    contracts = project()["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    placed = {package for layer in layers for package in layer.split(" | ")}
    assert placed == {
        path.parent.name for path in (ROOT / "functions").glob("vedette/*/__init__.py")
    }


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_names_no_address(lock: Path) -> None:
    assert "://" not in lock.read_text()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_has_a_hash_for_every_package_and_agrees_with_the_others(lock: Path) -> None:
    packages = re.split(r"\n(?=\S)", lock.read_text())
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    versions = {package[:2] for package in pins(lock)}
    assert len(versions) == len(packages)
    assert versions <= {package[:2] for package in pins(ROOT / "requirements/dev.txt")}


def test_the_command_line_needs_neither_the_demo_nor_the_infrastructure() -> None:
    core = {package[0] for package in pins(ROOT / "requirements/core.txt")}
    assert {"boto3", "typer"} <= core
    assert core.isdisjoint({"moto", "flask", "aws-cdk-lib", "pytest"})


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory")
    subprocess.run((*build, str(folder)), cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_the_version_has_one_source(wheel: zipfile.ZipFile) -> None:
    assert "version" not in project()["project"]
    metadata = wheel.read(f"vedette-{__version__}.dist-info/METADATA").decode()
    assert f"\nVersion: {__version__}\n" in metadata


def test_the_wheel_carries_every_rule(wheel: zipfile.ZipFile) -> None:
    rules = {
        f"vedette/_rules/{path.relative_to(ROOT / 'rules')}"
        for path in (ROOT / "rules").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert rules
    assert {name for name in wheel.namelist() if name.startswith("vedette/_rules/")} == rules


def test_the_wheel_installs_the_command_and_its_types(wheel: zipfile.ZipFile) -> None:
    entry_points = wheel.read(f"vedette-{__version__}.dist-info/entry_points.txt").decode()
    assert "vedette = vedette.cli.main:main" in entry_points
    assert "vedette/py.typed" in wheel.namelist()
