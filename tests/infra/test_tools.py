"""What cdk-nag and cfn-lint say."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.infra.conftest import Synthesis
from tests.infra.templates import read


@pytest.fixture(params=["plain", "everything"])
def synthesized(request: pytest.FixtureRequest) -> Synthesis:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Synthesis)
    return found


def test_cdk_nag_finds_nothing_that_is_not_acknowledged(synthesized: Synthesis) -> None:
    assert synthesized.said == ()


def test_cfn_lint_finds_no_error(synthesized: Synthesis) -> None:
    # CDK writes dependencies that a reference already makes.
    lint = [str(Path(sys.executable).with_name("cfn-lint")), "--ignore-checks", "W3005", "--"]
    files = [str(one) for one in synthesized.templates]

    done = subprocess.run([*lint, *files], capture_output=True, text=True, check=False)  # noqa: S603

    assert done.stdout == ""
    assert done.returncode == 0, done.stderr


def test_no_template_takes_the_partition_for_granted(synthesized: Synthesis) -> None:
    assert [one for one in synthesized.templates if "arn:aws:" in one.read_text()] == []


def test_nothing_is_reported_to_the_makers_of_the_cdk(synthesized: Synthesis) -> None:
    kinds = {
        resource["Type"]
        for path in synthesized.templates
        for resource in read(path).content["Resources"].values()
    }
    assert "AWS::Lambda::Function" in kinds
    assert "AWS::CDK::Metadata" not in kinds
