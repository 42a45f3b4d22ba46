"""The layer of dependencies and the asset of code: small, for Lambda, the same everywhere."""

import hashlib
import importlib.metadata
import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.bytecode import python_of_lambda
from infra.layer import LayerError, built_layer
from infra.needed import needed_modules
from infra.planning import LOCK, made_plan, services
from infra.staging import stage_code
from vedette.configuration.deployed import deployed_configuration

MEGABYTE = 1_000_000


def zipped(folder: Path) -> int:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    return len(target.getvalue())


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_layer(LOCK, services(), tmp_path_factory.mktemp("layer"))


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    configuration = tmp_path_factory.mktemp("configuration") / "vedette.yml"
    configuration.write_text("deployment: {email: soc@example.com, sweep_hour: 4}\n")
    return made_plan(configuration, tmp_path_factory.mktemp("staging")).code


def test_layer_and_code_are_small(layer: Path, code: Path) -> None:
    assert MEGABYTE < zipped(layer) < 14 * MEGABYTE
    assert 100_000 < zipped(code) < 2 * MEGABYTE


def test_bytecode_is_there_for_every_module_and_tells_nothing_of_this_machine(
    layer: Path, code: Path
) -> None:
    if python_of_lambda() is None:
        pytest.skip("this machine has no python3.13")
    modules = [*layer.rglob("*.py"), *code.rglob("*.py")]
    bytecode = [*layer.rglob("*.cpython-313.pyc"), *code.rglob("*.cpython-313.pyc")]

    assert len(bytecode) >= 0.95 * len(modules) > 400
    flags = {int.from_bytes(one.read_bytes()[4:8], "little") for one in bytecode}
    # PEP 552: a hash of the source stands there, and nobody compares it.
    assert flags == {0b01}
    places = [str(one).encode() for one in (layer.parent, code.parent)]
    assert [one for one in bytecode for place in places if place in one.read_bytes()] == []


def test_only_what_the_functions_need_goes_along(code: Path) -> None:
    there = {str(one.relative_to(code / "vedette")) for one in (code / "vedette").rglob("*.py")}

    assert {"handlers/detect.py", "aws/collect/services/s3.py", "resources/vpc.py"} <= there
    needless = ("cli/", "reporting/", "aws/demo/", "aws/stand_in/", "detection/compile/")
    assert [one for one in there if one.startswith(needless)] == []
    assert len(there) > 150


def test_what_an_import_inside_of_a_function_names_is_needed_too(tmp_path: Path) -> None:
    sources = {
        "__init__.py": "",
        "handlers/__init__.py": "",
        "handlers/one.py": "def go():\n    from vedette.a import b\n",
        "a/__init__.py": "",
        "a/b.py": "import vedette.c\nimport vedettelike.d, os.path\n",
        "c.py": "",
        "d.py": "",
    }
    for name, text in sources.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    found = {str(one.relative_to(tmp_path)) for one in needed_modules(tmp_path, [])}

    assert found == set(sources) - {"d.py"}


def test_everything_compiled_is_for_arm64_and_the_runtime_s_python(layer: Path) -> None:
    compiled = [one.name for one in layer.rglob("*.so")]

    assert len(compiled) >= 5
    assert [one for one in compiled if "cpython-313-aarch64-linux-gnu" not in one] == []
    for one in layer.rglob("*.so"):
        # ELF, 64 bits, machine 183. Source: ELF for the Arm 64-bit Architecture.
        assert one.read_bytes()[:5] == b"\x7fELF\x02"
        assert one.read_bytes()[18:20] == b"\xb7\x00"


def test_the_layer_is_the_same_if_it_is_built_again(layer: Path, tmp_path: Path) -> None:
    again = built_layer(LOCK, services(), tmp_path)

    assert again.name == layer.name
    assert contents(again) == contents(layer)


def test_pip_builds_the_same_layer_as_uv(layer: Path, tmp_path: Path) -> None:
    beside = Path(sys.executable).with_name("pip").is_file()
    if not (beside or shutil.which("pip") or shutil.which("pip3")):
        pytest.skip("this machine has no pip")

    by_pip = built_layer(LOCK, services(), tmp_path, tools=["pip"])

    assert contents(by_pip) == contents(layer)


def test_without_uv_and_pip_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match="needs uv or pip"):
        built_layer(LOCK, services(), tmp_path, tools=[])


def test_a_layer_that_cannot_be_installed_leaves_nothing_behind(tmp_path: Path) -> None:
    lock = tmp_path / "none.txt"
    lock.write_text("no-such-package-anywhere==1.0 --hash=sha256:00\n")

    with pytest.raises(LayerError, match="could not be built"):
        built_layer(lock, {"s3"}, tmp_path)
    assert [one for one in tmp_path.iterdir() if one.is_dir()] == []


def test_the_layer_describes_the_services_that_functions_call_and_no_other(layer: Path) -> None:
    described = {one.name for one in (layer / "python/botocore/data").iterdir() if one.is_dir()}

    assert described == services()
    assert {"dynamodb", "sns", "stepfunctions", "sts", "ec2", "iam"} <= described


def test_neither_sigma_nor_yaml_nor_a_terminal_goes_to_lambda(layer: Path) -> None:
    packages = {one.name.partition("-")[0] for one in (layer / "python").glob("*.dist-info")}

    assert {"boto3", "pydantic", "msgspec", "orjson"} <= packages
    assert packages.isdisjoint({"pysigma", "pyyaml", "rich", "typer", "jinja2", "aws_xray_sdk"})


def test_the_code_is_the_package_the_rules_and_what_was_settled(code: Path) -> None:
    assert sorted(one.name for one in code.iterdir()) == [
        "changes.json",
        "configuration.json",
        "rules",
        "rules.json",
        "vedette",
    ]
    assert not (code / "vedette/cli").exists()
    assert not (code / "vedette/aws/stand_in").exists()
    assert not (code / "rules/detection").exists()
    assert (code / "rules/posture/s3/bucket_blocks_public_access.py").is_file()
    assert [one for one in code.rglob("*.pyc") if ".cpython-313." not in one.name] == []
    assert json.loads((code / "rules.json").read_bytes())["rules"]
    assert json.loads((code / "changes.json").read_bytes())["files"]["s3"]


def test_the_configuration_is_read_back_as_it_was_validated(code: Path) -> None:
    deployment = deployed_configuration(code).deployment

    assert (deployment.email, deployment.sweep_hour) == ("soc@example.com", 4)


PROGRAM = """
import importlib, sys
sys.modules.update(dict.fromkeys(("yaml", "sigma", "rich", "typer", "jinja2", "moto")))
from vedette.configuration.content import content_files
from vedette.configuration.deployed import SETTINGS
for name in SETTINGS:
    importlib.import_module(f"vedette.handlers.{name}")
print(len(content_files("posture", ".py")), *(one for one in sys.modules if one == "boto3"))
"""
DEPLOYED = {
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "nobody",
    "AWS_SECRET_ACCESS_KEY": "nothing",
    "VEDETTE_ACCOUNTS": '["111122223333"]',
    "VEDETTE_FINDINGS_TABLE": "findings",
    "VEDETTE_STATE_TABLE": "state",
    "VEDETTE_CANARY_BUCKET": "canary",
}


def test_every_handler_starts_from_the_asset_without_what_only_the_command_needs(
    code: Path,
) -> None:
    """In a process of its own that sees this environment's packages, but not this checkout."""
    site = str(importlib.metadata.distribution("pydantic").locate_file(""))
    path = f"import sys; sys.path[:0] = [{str(code)!r}]; sys.path.append({site!r})"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-I", "-S", "-B", "-c", f"{path}\n{PROGRAM}"],
        capture_output=True,
        text=True,
        check=False,
        env=DEPLOYED,
    )
    # What the functions log as they start stands above.
    rules, *clients = done.stdout.splitlines()[-1].split() if done.stdout else ["0"]
    assert int(rules) > 50, done.stderr
    assert clients == ["boto3"]


def test_the_same_sources_give_the_same_code(code: Path, tmp_path: Path) -> None:
    again = stage_code(
        tmp_path / "again",
        package=code / "vedette",
        rules=code / "rules",
        documents={one.name: one.read_bytes() for one in code.glob("*.json")},
    )
    assert contents(again) == contents(code)
