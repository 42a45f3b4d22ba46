"""The synthesized templates; one synthesis serves all tests, for it takes seconds."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.app import build, feature_flags
from vedette import __version__

Template = dict[str, Any]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Template:
    assembly = build(tmp_path_factory.mktemp("cdk.out")).synth()
    template: Template = json.loads(
        Path(assembly.get_stack_by_name("Vedette").template_full_path).read_text()
    )
    return template


def test_the_hub_says_which_version_is_deployed(hub: Template) -> None:
    parameters = [
        resource["Properties"]["Value"]
        for resource in hub["Resources"].values()
        if resource["Type"] == "AWS::SSM::Parameter"
    ]
    assert parameters == [__version__]


def test_nothing_is_reported_to_the_makers_of_the_cdk(hub: Template) -> None:
    assert "AWS::CDK::Metadata" not in {found["Type"] for found in hub["Resources"].values()}


def test_the_recommended_feature_flags_are_in_force_without_the_cdk_command() -> None:
    assert feature_flags()["@aws-cdk/aws-iam:minimizePolicies"] is True
