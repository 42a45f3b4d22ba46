"""What is true of IAM in a careful and in a careless account."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.aws.certificates import certificate
from tests.aws.truth.world import ACCOUNT, Aws, World

NOW = datetime.now(UTC)
AWS_POLICY = "arn:aws:iam::aws:policy/"
OWN_POLICY = f"arn:aws:iam::{ACCOUNT}:policy/"
STRANGER = "444455556666"
LONG_ENOUGH = "Correct-horse-7"
ROOT = "<root_account>"
SAML = f"<EntityDescriptor>{'x' * 1000}</EntityDescriptor>"
PASSING = ("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction")


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def allowing(*actions: str, resource: str = "*") -> str:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trusting(principal: object) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def own_policy(iam: Any, name: str, document: str) -> str:
    arn: str = iam.create_policy(PolicyName=name, PolicyDocument=document)["Policy"]["Arn"]
    return arn


def with_password(iam: Any, name: str, *, mfa: bool) -> None:
    iam.create_user(UserName=name, Path="/people/")
    iam.create_login_profile(UserName=name, Password=LONG_ENOUGH)
    if mfa:
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
        codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "654321"}
        iam.enable_mfa_device(UserName=name, SerialNumber=device["SerialNumber"], **codes)


def seed_careful(aws: Aws) -> None:
    iam = aws("iam")
    iam.update_account_password_policy(MinimumPasswordLength=14, PasswordReusePrevention=24)
    iam.create_saml_provider(Name="company", SAMLMetadataDocument=SAML)
    aws("organizations").create_organization(FeatureSet="ALL")
    iam.enable_organizations_root_credentials_management()
    aws.gaps.set_root(mfa="hardware")
    aws.gaps.set_credentials(ROOT, password_last_used=ago(400))
    seed_careful_principals(iam)
    aws.gaps.set_credentials("ann", password_last_used=ago(1), access_key_1_last_used_date=ago(1))
    body, key = certificate(until=ago(-200))
    iam.upload_server_certificate(
        ServerCertificateName="shop", CertificateBody=body, PrivateKey=key
    )


def seed_careful_principals(iam: Any) -> None:
    iam.create_group(GroupName="developers")
    iam.put_group_policy(
        GroupName="developers", PolicyName="logs", PolicyDocument=allowing("logs:Get*")
    )
    reading = own_policy(iam, "reading", allowing("s3:Get*", "s3:List*"))
    iam.attach_group_policy(GroupName="developers", PolicyArn=reading)
    iam.attach_group_policy(GroupName="developers", PolicyArn=f"{AWS_POLICY}ReadOnlyAccess")
    own_policy(iam, "everything-unattached", allowing("*"))
    with_password(iam, "ann", mfa=True)
    iam.create_access_key(UserName="ann")
    iam.add_user_to_group(UserName="ann", GroupName="developers")
    iam.create_user(UserName="machine")
    iam.create_role(RoleName="responder", AssumeRolePolicyDocument=trusting({"AWS": f"{ACCOUNT}"}))
    iam.attach_role_policy(RoleName="responder", PolicyArn=f"{AWS_POLICY}AWSSupportAccess")
    service = trusting({"Service": "lambda.amazonaws.com"})
    iam.create_role(RoleName="function", AssumeRolePolicyDocument=service)
    iam.put_role_policy(
        RoleName="function", PolicyName="queue", PolicyDocument=allowing("sqs:ReceiveMessage")
    )


def seed_careless(aws: Aws) -> None:
    iam = aws("iam")
    aws("organizations").create_organization(FeatureSet="ALL")
    aws.gaps.set_root(mfa="none", access_keys=1)
    aws.gaps.set_credentials(ROOT, access_key_1_last_used_date=ago(1))
    seed_careless_users(aws)
    seed_careless_roles(iam)
    body, key = certificate(until=ago(3))
    iam.upload_server_certificate(
        ServerCertificateName="old-shop", CertificateBody=body, PrivateKey=key
    )


def seed_careless_users(aws: Aws) -> None:
    iam = aws("iam")
    with_password(iam, "bob", mfa=False)
    iam.create_access_key(UserName="bob")
    iam.create_access_key(UserName="bob")
    aws.gaps.set_credentials(
        "bob",
        password_last_used=ago(46),
        access_key_1_last_rotated=ago(91),
        access_key_2_last_rotated=ago(400),
        access_key_2_last_used_date=ago(1),
    )
    iam.put_user_policy(UserName="bob", PolicyName="all", PolicyDocument=allowing("*"))
    iam.create_user(UserName="eve")
    iam.put_user_policy(
        UserName="eve", PolicyName="self", PolicyDocument=allowing("iam:PutUserPolicy")
    )
    iam.create_group(GroupName="administrators")
    iam.put_group_policy(GroupName="administrators", PolicyName="all", PolicyDocument=allowing("*"))
    shell = f"{AWS_POLICY}AWSCloudShellFullAccess"
    iam.attach_group_policy(GroupName="administrators", PolicyArn=shell)


def seed_careless_roles(iam: Any) -> None:
    everything = own_policy(iam, "everything", allowing("*"))
    passing = own_policy(iam, "passing", allowing(*PASSING))
    iam.create_role(RoleName="open", AssumeRolePolicyDocument=trusting("*"))
    iam.put_role_policy(RoleName="open", PolicyName="all", PolicyDocument=allowing("*"))
    iam.create_role(RoleName="vendor", AssumeRolePolicyDocument=trusting({"AWS": STRANGER}))
    iam.attach_role_policy(RoleName="vendor", PolicyArn=passing)
    build = trusting({"Service": "codebuild.amazonaws.com"})
    iam.create_role(RoleName="build", AssumeRolePolicyDocument=build)
    iam.attach_role_policy(RoleName="build", PolicyArn=everything)
    iam.attach_role_policy(RoleName="build", PolicyArn=f"{AWS_POLICY}AdministratorAccess")


def seed_virtual_root_device(aws: Aws) -> None:
    aws.gaps.set_root(mfa="virtual")


PASSED, FAILED = "PASSED", "FAILED"
CAREFUL = {
    "iam/account_federates_sign_in": {ACCOUNT: PASSED},
    "iam/attached_aws_policy_is_not_administrative": {f"{AWS_POLICY}ReadOnlyAccess": PASSED},
    "iam/attached_customer_policy_is_not_administrative": {
        f"{OWN_POLICY}reading": PASSED,
        f"{OWN_POLICY}everything-unattached": PASSED,
    },
    "iam/cloudshell_full_access_is_not_attached": {ACCOUNT: PASSED},
    "iam/customer_policy_opens_no_way_to_more_privileges": {f"{OWN_POLICY}reading": PASSED},
    "iam/group_inline_policies_are_not_administrative": {"developers": PASSED},
    "iam/password_policy_prevents_reuse": {ACCOUNT: PASSED},
    "iam/password_policy_requires_long_passwords": {ACCOUNT: PASSED},
    "iam/role_cannot_be_assumed_by_everyone": {"responder": PASSED, "function": PASSED},
    "iam/role_cannot_raise_own_privileges": {"responder": PASSED, "function": PASSED},
    "iam/role_inline_policies_are_not_administrative": {"function": PASSED},
    "iam/role_trusts_known_accounts_only": {"responder": PASSED, "function": PASSED},
    "iam/root_credentials_are_managed_centrally": {ACCOUNT: PASSED},
    "iam/root_user_has_hardware_mfa": {ACCOUNT: PASSED},
    "iam/root_user_has_mfa": {ACCOUNT: PASSED},
    "iam/root_user_has_no_access_keys": {ACCOUNT: PASSED},
    "iam/root_user_is_not_used": {ACCOUNT: PASSED},
    "iam/server_certificate_is_not_expired": {"shop": PASSED},
    "iam/support_role_exists": {ACCOUNT: PASSED},
    "iam/user_access_keys_are_in_use": {"ann": PASSED, "machine": PASSED},
    "iam/user_access_keys_are_rotated": {"ann": PASSED, "machine": PASSED},
    "iam/user_cannot_raise_own_privileges": {"ann": PASSED, "machine": PASSED},
    "iam/user_gets_permissions_through_groups": {"ann": PASSED, "machine": PASSED},
    "iam/user_has_at_most_one_active_key": {"ann": PASSED, "machine": PASSED},
    "iam/user_inline_policies_are_not_administrative": {"ann": PASSED},
    "iam/user_password_is_in_use": {"ann": PASSED, "machine": PASSED},
    "iam/user_with_password_has_mfa": {"ann": PASSED, "machine": PASSED},
    "iam/user_with_password_has_no_untouched_key": {"ann": PASSED, "machine": PASSED},
}
CARELESS = {
    "iam/account_federates_sign_in": {ACCOUNT: FAILED},
    "iam/attached_aws_policy_is_not_administrative": {
        f"{AWS_POLICY}AdministratorAccess": FAILED,
        f"{AWS_POLICY}AWSCloudShellFullAccess": PASSED,
    },
    "iam/attached_customer_policy_is_not_administrative": {
        f"{OWN_POLICY}everything": FAILED,
        f"{OWN_POLICY}passing": PASSED,
    },
    "iam/cloudshell_full_access_is_not_attached": {ACCOUNT: FAILED},
    "iam/customer_policy_opens_no_way_to_more_privileges": {f"{OWN_POLICY}passing": FAILED},
    "iam/group_inline_policies_are_not_administrative": {"administrators": FAILED},
    "iam/password_policy_prevents_reuse": {ACCOUNT: FAILED},
    "iam/password_policy_requires_long_passwords": {ACCOUNT: FAILED},
    "iam/role_cannot_be_assumed_by_everyone": {"open": FAILED, "vendor": PASSED},
    "iam/role_cannot_raise_own_privileges": {"vendor": FAILED, "build": PASSED},
    "iam/role_inline_policies_are_not_administrative": {"open": FAILED, "vendor": PASSED},
    "iam/role_trusts_known_accounts_only": {"vendor": FAILED, "build": PASSED},
    "iam/root_credentials_are_managed_centrally": {ACCOUNT: FAILED},
    "iam/root_user_has_mfa": {ACCOUNT: FAILED},
    "iam/root_user_has_no_access_keys": {ACCOUNT: FAILED},
    "iam/root_user_is_not_used": {ACCOUNT: FAILED},
    "iam/server_certificate_is_not_expired": {"old-shop": FAILED},
    "iam/support_role_exists": {ACCOUNT: FAILED},
    "iam/user_access_keys_are_in_use": {"bob": FAILED, "eve": PASSED},
    "iam/user_access_keys_are_rotated": {"bob": FAILED, "eve": PASSED},
    "iam/user_cannot_raise_own_privileges": {"bob": PASSED, "eve": FAILED},
    "iam/user_gets_permissions_through_groups": {"bob": FAILED, "eve": FAILED},
    "iam/user_has_at_most_one_active_key": {"bob": FAILED, "eve": PASSED},
    "iam/user_inline_policies_are_not_administrative": {"bob": FAILED, "eve": PASSED},
    "iam/user_password_is_in_use": {"bob": FAILED, "eve": PASSED},
    "iam/user_with_password_has_mfa": {"bob": FAILED, "eve": PASSED},
    "iam/user_with_password_has_no_untouched_key": {"bob": FAILED, "eve": PASSED},
}
VIRTUAL_ROOT_DEVICE = {
    "iam/root_user_has_hardware_mfa": {ACCOUNT: FAILED},
    "iam/root_user_has_mfa": {ACCOUNT: PASSED},
    "iam/root_user_is_not_used": {ACCOUNT: PASSED},
}
WORLDS = (
    World(name="careful", seed=seed_careful, verdicts=CAREFUL),
    World(name="careless", seed=seed_careless, verdicts=CARELESS),
    World(name="virtual root device", seed=seed_virtual_root_device, verdicts=VIRTUAL_ROOT_DEVICE),
)
