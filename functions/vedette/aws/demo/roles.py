"""The roles of the account: those that its own services take, and those for others."""

from collections.abc import Iterable
from typing import Any

from vedette.aws.demo.account import EVERYBODY, PARTNER, STRANGER, Account, allow, document, tags

SHOP_ROLE = "hlb-shop-server"
WORKER_ROLE = "hlb-order-worker"
RECORDER_ROLE = "hlb-config-recorder"
TRAIL_ROLE = "hlb-trail-to-logs"
EXTERNAL_ID = "harbour-lane-7f21"


def create_roles(account: Account) -> None:
    """Create the roles, and the instance profile of the shop's servers."""
    iam = account.client("iam")
    for name, service in (
        (SHOP_ROLE, "ec2"),
        (WORKER_ROLE, "lambda"),
        (RECORDER_ROLE, "config"),
        (TRAIL_ROLE, "cloudtrail"),
    ):
        _create(iam, name, {"Service": f"{service}.amazonaws.com"}, team="operations")
    _let(account, iam)
    iam.create_instance_profile(InstanceProfileName=SHOP_ROLE)
    iam.add_role_to_instance_profile(InstanceProfileName=SHOP_ROLE, RoleName=SHOP_ROLE)
    _create_for_others(account, iam)


def _let(account: Account, iam: Any) -> None:
    covers = account.bucket_arn("harbour-lane-books-covers/*")
    orders = account.arn("dynamodb", "table/hlb-orders")
    for role, statement in (
        (SHOP_ROLE, allow(["s3:GetObject", "s3:PutObject"], covers)),
        (WORKER_ROLE, allow(["dynamodb:PutItem", "dynamodb:UpdateItem"], orders)),
    ):
        iam.put_role_policy(
            RoleName=role, PolicyName="its-work", PolicyDocument=document(statement)
        )


def _create_for_others(account: Account, iam: Any) -> None:
    partner = {"AWS": account.iam_arn("root", PARTNER)}
    with_id = {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}}
    _create(iam, "pelican-fulfilment", partner, condition=with_id, team="warehouse")
    # The agency's contract ended; its account did not.
    stranger = {"AWS": account.iam_arn("root", STRANGER)}
    _create(iam, "seo-agency-reports", stranger, team="marketing")
    _attach(account, iam, "seo-agency-reports", ["ReadOnlyAccess"])
    _create(iam, "bookworm-experiment", {"AWS": EVERYBODY}, team="research")
    owner = {"AWS": account.iam_arn("root")}
    _create(iam, "aws-support", owner, team="operations")
    _attach(account, iam, "aws-support", ["AWSSupportAccess"])


def _create(iam: Any, name: str, principal: object, *, condition: object = None, team: str) -> None:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    if condition:
        trust["Condition"] = condition
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust), Tags=tags(team=team))


def _attach(account: Account, iam: Any, role: str, policies: Iterable[str]) -> None:
    for policy in policies:
        iam.attach_role_policy(RoleName=role, PolicyArn=account.iam_arn(f"policy/{policy}", "aws"))
