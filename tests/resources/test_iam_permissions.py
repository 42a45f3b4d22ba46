from typing import Any

import pytest

from vedette.resources.facts import Fact, UnreadableFactError
from vedette.resources.iam import IamGroup, IamManagedPolicy, IamRole, IamUser
from vedette.resources.iam_permissions import Privileges, boundary_of, find_privileges, policies_of
from vedette.resources.inventory import Inventory
from vedette.resources.policy.document import PolicyDocument
from vedette.resources.policy.parsing import parse_policy
from vedette.resources.resource import Resource

ADMIN = "arn:aws:iam::111122223333:policy/admin"
READ = "arn:aws:iam::111122223333:policy/read"


def allowing(action: str) -> PolicyDocument:
    return parse_policy({"Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})


def managed(arn: str, action: str) -> IamManagedPolicy:
    return IamManagedPolicy.sample(id=arn, arn=arn, by_aws=False, document=allowing(action))


def user(**facts: Any) -> IamUser:
    nothing: dict[str, Any] = {
        "groups": (),
        "attached_policies": (),
        "inline_policies": {},
        "permissions_boundary": None,
    }
    return IamUser.sample(**(nothing | facts))


def inventory(*more: Resource) -> Inventory:
    group = IamGroup.sample(
        id="team", attached_policies=(READ,), inline_policies={"own": allowing("sqs:Send*")}
    )
    return Inventory([managed(ADMIN, "*"), managed(READ, "s3:Get*"), group, *more])


def actions(documents: tuple[PolicyDocument, ...]) -> list[str]:
    return [document.statements[0].actions.texts[0] for document in documents]


def test_a_users_policies_are_its_own_and_those_of_its_groups() -> None:
    ann = user(
        groups=("team",), attached_policies=(ADMIN,), inline_policies={"x": allowing("ec2:Run*")}
    )

    assert actions(policies_of(ann, inventory())) == ["ec2:Run*", "*", "sqs:Send*", "s3:Get*"]


def test_a_roles_policies_are_its_own() -> None:
    role = IamRole.sample(attached_policies=(READ,), inline_policies={})

    assert actions(policies_of(role, inventory())) == ["s3:Get*"]


@pytest.mark.parametrize(
    "facts",
    [
        {"groups": ("gone",)},
        {"attached_policies": ("arn:aws:iam::111122223333:policy/gone",)},
        {"permissions_boundary": "arn:aws:iam::111122223333:policy/gone"},
        {"inline_policies": Fact.unreadable("denied")},
    ],
)
def test_a_policy_that_cannot_be_found_is_not_taken_for_none(facts: dict[str, Any]) -> None:
    with pytest.raises(UnreadableFactError):
        find_privileges(user(**facts), inventory())


def test_a_boundary_is_found() -> None:
    boundary = boundary_of(user(permissions_boundary=READ), inventory())

    assert boundary is not None
    assert actions((boundary,)) == ["s3:Get*"]


@pytest.mark.parametrize(
    ("boundary", "privileges"),
    [
        (None, Privileges(administrator=True)),
        (ADMIN, Privileges(administrator=True)),
        (READ, Privileges(administrator=False)),
    ],
)
def test_a_boundary_makes_less_of_an_administrator(
    boundary: str | None, privileges: Privileges
) -> None:
    ann = user(attached_policies=(ADMIN,), permissions_boundary=boundary)

    assert find_privileges(ann, inventory()) == privileges


def test_ways_are_found_across_policies() -> None:
    ann = user(
        attached_policies=(READ,),
        inline_policies={"a": allowing("iam:PassRole"), "b": allowing("lambda:*")},
    )

    assert "new_function_invoked" in find_privileges(ann, inventory()).ways
