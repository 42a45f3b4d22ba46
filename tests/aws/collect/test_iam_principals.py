import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.fakes.clients import Answer, FakeClients, raising, refused
from vedette.aws.collect.catalogue import resource_named_by
from vedette.aws.collect.reader import Once, Reader, Scope
from vedette.aws.collect.services.iam.account import ACCOUNT
from vedette.aws.collect.services.iam.collectors import GROUPS, POLICIES, ROLES, USERS
from vedette.aws.collect.services.iam.principals import Principals, read_principals
from vedette.aws.errors import ReadError
from vedette.resources.arn import parse_arn
from vedette.resources.facts import known, why_unreadable
from vedette.resources.iam import (
    IamGroup,
    IamManagedPolicy,
    IamRole,
    IamServerCertificate,
    IamUser,
    RootManagement,
)
from vedette.resources.resource import GLOBAL_REGION, Resource

OWNER = "111122223333"
READING = {"Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}
TRUST = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "a.b"}, "Action": "sts:AssumeRole"}]
}
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
OWN = f"arn:aws:iam::{OWNER}:policy/teams/reading"


def arn(rest: str) -> str:
    return f"arn:aws:iam::{OWNER}:{rest}"


def user(name: str, *attached: str, **more: Any) -> dict[str, Any]:
    return {
        "UserName": name,
        "Path": "/people/",
        "Arn": arn(f"user/people/{name}"),
        "UserPolicyList": [],
        "GroupList": [],
        "AttachedManagedPolicies": [{"PolicyName": "x", "PolicyArn": one} for one in attached],
    } | more


def role(name: str, path: str = "/", *attached: str, **more: Any) -> dict[str, Any]:
    return {
        "RoleName": name,
        "Path": path,
        "Arn": arn(f"role{path}{name}"),
        "AssumeRolePolicyDocument": TRUST,
        "RolePolicyList": [],
        "AttachedManagedPolicies": [{"PolicyName": "x", "PolicyArn": one} for one in attached],
    } | more


def policy(policy_arn: str, count: int, **more: Any) -> dict[str, Any]:
    old = {"VersionId": "v1", "IsDefaultVersion": False, "Document": TRUST}
    new = {"VersionId": "v2", "IsDefaultVersion": True, "Document": READING}
    return {"Arn": policy_arn, "AttachmentCount": count, "PolicyVersionList": [old, new]} | more


def reader(**answers: Answer) -> Reader:
    scope = Scope(account=OWNER, partition="aws", regions=("eu-west-1",), home="us-east-1")
    return Reader(FakeClients(answers=answers), scope, GLOBAL_REGION, Once())


def listed(*pages: dict[str, Any]) -> Principals:
    def answer(**parameters: Any) -> dict[str, Any]:
        assert parameters.pop("MaxItems") == 1000
        number = int(parameters.get("Marker", 0))
        more = {"IsTruncated": True, "Marker": str(number + 1)} if pages[number + 1 :] else {}
        return {"IsTruncated": False} | pages[number] | more

    return read_principals(reader(get_account_authorization_details=answer))


def test_all_pages_are_read_and_attachments_found_across_them() -> None:
    found = listed(
        {"Policies": [policy(OWN, 2)], "UserDetailList": [user("ann", OWN)]},
        {"RoleDetailList": [role("app", "/", OWN)], "UserDetailList": [user("bob")]},
    )

    assert [one.id for one in found.users] == ["ann", "bob"]
    (shared,) = found.policies
    assert known(shared.attached_to) == (arn("user/people/ann"), arn("role/app"))
    assert known(shared.document).statements[0].actions.texts == ("s3:Get*",)


def test_the_listing_is_read_once_for_all_collectors() -> None:
    pages = [{"UserDetailList": [user("ann")]}]
    source = reader(get_account_authorization_details=lambda **_: pages.pop())

    found = [list(one.find(source, None)) for one in (USERS, GROUPS, ROLES, POLICIES)]

    assert [len(one) for one in found] == [1, 0, 0, 0]


def test_a_denied_listing_fails_for_every_collector() -> None:
    source = reader(get_account_authorization_details=raising(refused("AccessDenied")))

    for collector in (USERS, GROUPS, ROLES, POLICIES):
        with pytest.raises(ReadError):
            list(collector.find(source, None))


def test_roles_that_aws_linked_to_a_service_are_left_out() -> None:
    linked = role("AWSServiceRoleForSupport", "/aws-service-role/support.amazonaws.com/", ADMIN)

    found = listed({"RoleDetailList": [linked, role("app")], "Policies": [policy(ADMIN, 1)]})

    assert [one.id for one in found.roles] == ["app"]
    assert found.policies == []


def test_policies_of_aws_that_nobody_uses_are_left_out_and_own_ones_kept() -> None:
    boundary = {"PermissionsBoundary": {"PermissionsBoundaryArn": ADMIN}}
    unused = "arn:aws:iam::aws:policy/ReadOnlyAccess"

    found = listed(
        {
            "UserDetailList": [user("ann", **boundary)],
            "Policies": [
                policy(ADMIN, 0, PermissionsBoundaryUsageCount=1),
                policy(unused, 0),
                policy(OWN, 0),
            ],
        }
    )

    assert [(one.arn, one.by_aws) for one in found.policies] == [(ADMIN, True), (OWN, False)]
    assert [known(one.attached_to) for one in found.policies] == [(), ()]
    assert known(found.users[0].permissions_boundary) == ADMIN


def test_a_policy_that_cannot_be_judged_hides_nothing_else() -> None:
    broken = {"PolicyName": "odd", "PolicyDocument": {"Statement": {"Effect": "Perhaps"}}}

    found = listed({"UserDetailList": [user("ann", UserPolicyList=[broken]), user("bob")]})

    ann, bob = found.users
    assert "Perhaps" in (why_unreadable(ann.inline_policies) or "")
    assert known(ann.attached_policies) == ()
    assert known(bob.inline_policies) == {}


def test_a_field_that_is_not_answered_is_unreadable() -> None:
    answer = role("app")
    del answer["AssumeRolePolicyDocument"]

    (found,) = listed({"RoleDetailList": [answer]}).roles

    assert "did not answer" in (why_unreadable(found.trust_policy) or "")


def test_documents_are_read_encoded_or_not_and_equal_ones_are_shared() -> None:
    encoded = quote(json.dumps(TRUST))

    found = listed(
        {"RoleDetailList": [role("a"), role("b"), role("c", AssumeRolePolicyDocument=encoded)]}
    )

    a, b, c = (known(one.trust_policy) for one in found.roles)
    assert a is b
    assert a == c


def test_tags_are_read_from_the_listing() -> None:
    tags = [{"Key": "team", "Value": "blue"}]

    found = listed({"UserDetailList": [user("ann", Tags=tags), user("bob")]})

    assert [known(one.tags) for one in found.users] == [{"team": "blue"}, {}]


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        (arn("user/people/blue/ann"), IamUser, "ann"),
        (arn("user/ann"), IamUser, "ann"),
        (arn("group/people/developers"), IamGroup, "developers"),
        (arn("role/service-role/app"), IamRole, "app"),
        (arn("server-certificate/cloudfront/shop"), IamServerCertificate, "shop"),
        (OWN, IamManagedPolicy, OWN),
        (ADMIN, IamManagedPolicy, ADMIN),
    ],
)
def test_an_arn_names_a_resource_whatever_its_path(
    text: str, kind: type[Resource], name: str
) -> None:
    assert resource_named_by(parse_arn(text)) == (kind, name)


def root_management(**answers: Answer) -> RootManagement:
    source = reader(**answers)
    (account,) = ACCOUNT.find(source, None)
    (detail,) = ACCOUNT.wanted(["root_management"])
    management: RootManagement = detail.read(source, account)
    return management


def managed_by(account: str) -> Answer:
    return lambda **_: {"Organization": {"MasterAccountId": account}}


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("AccountNotManagementOrDelegatedAdministratorException", "member"),
        ("AccountNotManagementOrDelegatedAdministrator", "member"),
        ("OrganizationNotFoundException", "alone"),
        ("OrganizationNotFound", "alone"),
    ],
)
def test_an_account_that_manages_no_organisation_is_told_by_the_code(code: str, part: str) -> None:
    found = root_management(list_organizations_features=raising(refused(code)))

    assert found.part == part


@pytest.mark.parametrize(("manager", "part"), [(OWNER, "manager"), ("444455556666", "member")])
@pytest.mark.parametrize(
    "code", ["ServiceAccessNotEnabledException", "OrganizationNotInAllFeaturesMode"]
)
def test_where_nothing_can_be_on_the_manager_alone_is_to_blame(
    code: str, manager: str, part: str
) -> None:
    found = root_management(
        list_organizations_features=raising(refused(code)),
        describe_organization=managed_by(manager),
    )

    assert found == RootManagement(part=part, features=frozenset())


def test_features_that_are_on_are_read() -> None:
    found = root_management(
        list_organizations_features=lambda **_: {"EnabledFeatures": ["RootCredentialsManagement"]}
    )

    assert found.features == {"RootCredentialsManagement"}


def test_a_denied_question_about_root_management_stays_denied() -> None:
    with pytest.raises(ReadError) as error:
        root_management(list_organizations_features=raising(refused("AccessDenied")))

    assert error.value.denied
