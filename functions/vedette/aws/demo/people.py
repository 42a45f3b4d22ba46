"""Who works in the account: the owner, the team, a contractor who left, and a robot."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vedette.aws.demo.account import Account, allow, document, tags

ADMINISTRATOR = "AdministratorAccess"
READ_ORDERS = "hlb-read-orders"
RELEASE = "hlb-release-shop"
CONTRACTOR = "rob.castellan"
ROBOT = "ci-deploy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A user to create; `keys` is how many access keys they get."""

    team: str
    password: bool = True
    mfa: bool = False
    keys: int = 0
    groups: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


PEOPLE: Mapping[str, Person] = {
    "margaret.hale": Person(team="owner", mfa=True, groups=("administrators",)),
    "tom.okafor": Person(team="operations", mfa=True, keys=1, groups=("operations",)),
    "priya.nair": Person(team="shop", keys=1, groups=("developers",)),
    "liam.doyle": Person(team="customer-service", groups=("customer-service",)),
    CONTRACTOR: Person(
        team="shop", password=False, keys=1, tags={"contractor": "yes", "until": "2024-03-31"}
    ),
    ROBOT: Person(team="shop", password=False, keys=2, groups=("releases",)),
    "newsletter-sender": Person(team="marketing", password=False, keys=1, groups=("newsletter",)),
}
GROUPS: Mapping[str, tuple[str, ...]] = {
    "administrators": (ADMINISTRATOR,),
    "operations": ("job-function/ViewOnlyAccess", "AmazonEC2FullAccess", "AWSCloudShellFullAccess"),
    "developers": ("AWSLambda_ReadOnlyAccess",),
    "customer-service": (),
    "releases": (),
    "newsletter": ("AmazonSESFullAccess",),
}


def hire_people(account: Account) -> None:
    """Create policies, groups and users, and the account's rules for passwords."""
    iam = account.client("iam")
    _write_policies(account, iam)
    for group, policies in GROUPS.items():
        iam.create_group(GroupName=group)
        for policy in policies:
            iam.attach_group_policy(
                GroupName=group, PolicyArn=account.iam_arn(f"policy/{policy}", "aws")
            )
    for name, person in PEOPLE.items():
        _hire(iam, name, person)
    _grant(account, iam)
    iam.update_account_password_policy(MinimumPasswordLength=14, RequireNumbers=True)


def _write_policies(account: Account, iam: Any) -> None:
    orders = account.arn("dynamodb", "table/hlb-orders")
    iam.create_policy(
        PolicyName=READ_ORDERS,
        Description="Customer service looks an order up",
        PolicyDocument=document(allow(["dynamodb:GetItem", "dynamodb:Query"], orders)),
    )
    # Whoever may do this makes a function that runs as any role: the robot could be administrator.
    iam.create_policy(
        PolicyName=RELEASE,
        Description="Releases of the shop",
        PolicyDocument=document(
            allow(["lambda:*", "iam:PassRole"], "*"),
            allow("ecr:*", account.arn("ecr", "repository/hlb/*")),
        ),
    )


def _hire(iam: Any, name: str, person: Person) -> None:
    iam.create_user(UserName=name, Tags=tags(team=person.team, **person.tags))
    if person.password:
        iam.create_login_profile(UserName=name, Password=f"Aa1!{secrets.token_urlsafe(16)}")
    if person.mfa:
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
        iam.enable_mfa_device(
            UserName=name,
            SerialNumber=device["SerialNumber"],
            AuthenticationCode1="123456",
            AuthenticationCode2="654321",
        )
    for _ in range(person.keys):
        iam.create_access_key(UserName=name)
    for group in person.groups:
        iam.add_user_to_group(UserName=name, GroupName=group)


def _grant(account: Account, iam: Any) -> None:
    iam.attach_group_policy(
        GroupName="customer-service", PolicyArn=account.iam_arn(f"policy/{READ_ORDERS}")
    )
    iam.attach_group_policy(GroupName="releases", PolicyArn=account.iam_arn(f"policy/{RELEASE}"))
    iam.put_group_policy(
        GroupName="developers",
        PolicyName="temporary-everything",
        PolicyDocument=document(allow("*", "*")),
    )
    iam.attach_user_policy(
        UserName=CONTRACTOR, PolicyArn=account.iam_arn("policy/PowerUserAccess", "aws")
    )
