"""The templates of members and of other regions: they go where nothing was prepared."""

import json
from pathlib import Path

import pytest

from tests.infra.conftest import Synthesis
from tests.infra.plans import PATTERNS
from tests.infra.templates import Template
from vedette.operations.permissions import audit_policy

# Source: CloudFormation User Guide, quotas: template body in a request.
LARGEST_BODY = 51_200
RULE = "AWS::Events::Rule"


@pytest.fixture(params=["member", "region"])
def light(request: pytest.FixtureRequest, everything: Synthesis) -> Template:
    return everything.member if request.param == "member" else everything.region("us-east-1")


def test_there_is_nothing_to_upload_and_nothing_to_bootstrap(light: Template) -> None:
    text = light.path.read_text()

    assert "cdk-hnb659fds" not in text
    assert "BootstrapVersion" not in text
    assert "Rules" not in light.content
    assets = json.loads(
        next(light.path.parent.glob("*.assets.json"), Path("/dev/null")).read_text() or "{}"
    )
    assert light.path.stem.replace(".template", "") not in json.dumps(assets.get("files", {}))


def test_it_fits_into_a_request_with_twelve_patterns_of_full_length(light: Template) -> None:
    written = len(light.path.read_text())
    patterns = sum(len(json.dumps(dict(one.pattern))) for one in PATTERNS)
    per_rule = len(json.dumps(next(iter(light.of_type(RULE).values())), separators=(",", ":")))

    assert written - patterns + 12 * (2048 + per_rule) < LARGEST_BODY


def test_every_region_forwards_straight_to_the_hub(light: Template) -> None:
    rules = light.properties(RULE).values()

    assert len(rules) == len(PATTERNS)
    for one in rules:
        (target,) = one["Targets"]
        arn = json.dumps(target["Arn"])
        assert ":events:eu-west-1:" in arn
        assert "event-bus/vedette" in arn
        assert "EventBusName" not in one


def test_the_forwarder_s_role_puts_events_on_the_hub_s_bus_and_does_nothing_else(
    light: Template,
) -> None:
    (statement,) = light.role_statements(light.logical("AWS::IAM::Role", "ForwarderRole"))

    assert statement["Action"] == "events:PutEvents"
    assert "event-bus/vedette" in json.dumps(statement["Resource"])


def test_a_member_s_template_says_nothing_about_any_account(everything: Synthesis) -> None:
    text = everything.member.path.read_text()

    assert "111122223333" not in text
    assert sorted(everything.member.content["Parameters"]) == [
        "ExternalId",
        "HubAccount",
        "HubRoles",
    ]


def test_the_audit_role_trusts_named_roles_of_the_hub_that_know_the_external_id(
    everything: Synthesis,
) -> None:
    role = everything.member.named("AWS::IAM::Role", "Audit")
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]

    assert (role["RoleName"], role["Path"]) == ("vedette-audit", "/vedette/")
    assert {"Ref": "HubAccount"} in trust["Principal"]["AWS"]["Fn::Join"][1]
    assert trust["Condition"] == {
        "ArnEquals": {"aws:PrincipalArn": {"Ref": "HubRoles"}},
        "StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}},
    }
    assert role["Policies"][0]["PolicyDocument"] == audit_policy()


def test_the_audit_role_is_made_once_an_account(everything: Synthesis) -> None:
    member = everything.member.content
    (role,) = (
        one for key, one in everything.member.of_type("AWS::IAM::Role").items() if "Audit" in key
    )
    conditions = [
        member["Conditions"][one["Condition"]]
        for one in member["Resources"].values()
        if "Condition" in one
    ]

    assert conditions == [{"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}]
    assert "Condition" in role


def test_the_audit_s_policy_fits_into_a_role() -> None:
    # Source: IAM User Guide, quotas: inline policies of a role.
    assert len(json.dumps(audit_policy(), separators=(",", ":"))) < 10_240


def test_the_region_of_global_services_is_always_watched(
    plain: Synthesis, everything: Synthesis
) -> None:
    assert everything.region("us-east-1").of_type(RULE)
    assert everything.region("eu-central-1").of_type(RULE)
    assert [one.name for one in plain.folder.glob("Vedette*.template.json")] == [
        "Vedette.template.json"
    ]
    assert any(key.startswith("Forwarder") for key in plain.hub.of_type(RULE))
