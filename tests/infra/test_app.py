"""The app as a command: with the CDK's command and without it, with good and bad settings."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.app import ROOT, feature_flags, main
from tests.infra.conftest import Synthesis
from vedette import __version__
from vedette.operations.deployment import CDK

ASSET = re.compile(r"[0-9a-f]{64}")
GOOD = "deployment:\n  email: soc@example.com\n"


def configuration(folder: Path, text: str) -> Path:
    path = folder / "vedette.yml"
    path.write_text(text)
    return path


def templates(folder: Path) -> dict[str, Any]:
    """Read all templates, whatever was uploaded: that the same is, tests of assets say."""
    return {
        str(path.relative_to(folder)): json.loads(ASSET.sub("asset", path.read_text()))
        for path in folder.rglob("*.template.json")
    }


def without_metadata(template: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the CDK notes for itself: where things come from, and that it was here."""
    resources = {
        key: {name: value for name, value in one.items() if name != "Metadata"}
        for key, one in template["Resources"].items()
        if one["Type"] != "AWS::CDK::Metadata"
    }
    conditions = {
        key: one
        for key, one in template.get("Conditions", {}).items()
        if key != "CDKMetadataAvailable"
    }
    return template | {"Resources": resources, "Conditions": conditions}


def test_the_hub_says_which_version_is_deployed(plain: Synthesis) -> None:
    assert plain.hub.content["Outputs"]["Version"]["Value"] == __version__


def test_the_recommended_feature_flags_are_in_force_without_the_cdk_command() -> None:
    assert feature_flags()["@aws-cdk/aws-iam:minimizePolicies"] is True


def test_the_partition_is_never_written_as_one_of_them() -> None:
    assert feature_flags()["@aws-cdk/core:enablePartitionLiterals"] is False


def test_the_command_of_the_cdk_writes_the_same_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npx = shutil.which("npx")
    if npx is None or not _has_cdk(npx):
        pytest.skip("npx cannot get the CDK's command here")
    path = configuration(tmp_path, GOOD)
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    monkeypatch.setenv("CDK_OUTDIR", str(ours))
    assert main([str(path)]) == 0

    app = f"{sys.executable} {ROOT / 'infra/app.py'} {path}"
    done = subprocess.run(  # noqa: S603
        [npx, "--yes", CDK, "synth", "--quiet", "--no-notices", "--app", app, "-o", str(theirs)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    expected = {name: without_metadata(one) for name, one in templates(ours).items()}
    assert len(expected) == 2
    assert {name: without_metadata(one) for name, one in templates(theirs).items()} == expected


def _has_cdk(npx: str) -> bool:
    said = subprocess.run([npx, "--yes", CDK, "--version"], capture_output=True, check=False)  # noqa: S603
    return said.returncode == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "vedette.yml:1: deployment.email is missing: write who is told"),
        ("version: 1\ndeployment:\n  region: eu-west-1\n", "vedette.yml:2: deployment.email is"),
        ("deployment:\n  email: nobody\n", "vedette.yml:2: deployment.email: nobody is not an e-m"),
        (f"{GOOD}  sweep_hour: 24\n", "vedette.yml:3: deployment.sweep_hour: "),
        (f"{GOOD}  accounts:\n    - 111122223333\n", "yml:4: deployment.accounts.0: 111122223333"),
        (f"{GOOD}  regions: [Frankfurt]\n", "yml:3: deployment.regions.0: Frankfurt is not a reg"),
        (f"{GOOD}  regions: [cn-north-1]\n", "cn-north-1 is in another partition than us-east-1"),
        (f"{GOOD}  log_retention_days: 91\n", "vedette.yml:3: deployment.log_retention_days"),
        (f"{GOOD}  customer_kye: true\n", "vedette.yml:3: deployment.customer_kye"),
    ],
)
def test_wrong_settings_end_the_synthesis_with_file_line_and_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    assert main([str(configuration(tmp_path, text))]) == 2

    assert said in capsys.readouterr().err


def test_without_a_file_it_says_which_one_to_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "vedette.yml")]) == 2

    assert "vedette.yml: deployment.email is missing" in capsys.readouterr().err
