"""IAM: the credential report, the root user, AWS's own policies, centralised root access."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.aws.certificates import certificate
from tests.aws.stand_in.made import TRUST
from vedette.aws.stand_in.server import StandIn

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
SUPPORT = "arn:aws:iam::aws:policy/AWSSupportAccess"
LAMBDA_BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
PASSWORD = "Correct-horse-1"  # noqa: S105 - opens nothing
READ_EVERYTHING = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}],
    }
)


def report(stand_in: StandIn) -> dict[str, dict[str, str]]:
    iam = stand_in.client("iam")
    while iam.generate_credential_report()["State"] != "COMPLETE":
        pass
    content = iam.get_credential_report()["Content"].decode()
    return {row["user"]: row for row in csv.DictReader(io.StringIO(content))}


def test_a_report_must_be_generated_first(stand_in: StandIn) -> None:
    """Source: IAM API Reference, GetCredentialReport."""
    with pytest.raises(ClientError, match="ReportNotPresent"):
        stand_in.client("iam").get_credential_report()


def test_the_report_has_just_been_generated(stand_in: StandIn) -> None:
    report(stand_in)

    generated = stand_in.client("iam").get_credential_report()["GeneratedTime"]

    assert datetime.now(UTC) - generated < timedelta(minutes=1)


def test_the_report_begins_with_the_root_user(stand_in: StandIn) -> None:
    """Source: IAM User Guide, "Getting credential reports": the root user's columns."""
    stand_in.client("iam").create_user(UserName="ann")

    rows = report(stand_in)

    assert list(rows) == ["<root_account>", "ann"]
    root = rows["<root_account>"]
    assert root["arn"] == "arn:aws:iam::123456789012:root"
    assert {root[f"password_{one}"] for one in ("enabled", "last_changed")} == {"not_supported"}
    assert root["mfa_active"] == root["access_key_1_active"] == "false"


def test_a_user_without_credentials_has_none_in_the_report(stand_in: StandIn) -> None:
    """Source: as above: N/A where a user has no password or key."""
    stand_in.client("iam").create_user(UserName="ann")

    row = report(stand_in)["ann"]

    assert (row["password_enabled"], row["mfa_active"]) == ("false", "false")
    assert {row[f"password_{one}"] for one in ("last_used", "last_changed")} == {"N/A"}
    assert row["access_key_1_last_rotated"] == row["access_key_1_last_used_date"] == "N/A"
    assert row["cert_1_active"] == "false"


def test_a_users_password_keys_and_device_are_in_the_report(stand_in: StandIn) -> None:
    iam = stand_in.client("iam")
    iam.create_user(UserName="ann")
    iam.create_login_profile(UserName="ann", Password=PASSWORD)
    first = iam.create_access_key(UserName="ann")["AccessKey"]["AccessKeyId"]
    iam.create_access_key(UserName="ann")
    iam.update_access_key(UserName="ann", AccessKeyId=first, Status="Inactive")
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    iam.enable_mfa_device(
        UserName="ann",
        SerialNumber=device["SerialNumber"],
        AuthenticationCode1="123456",
        AuthenticationCode2="654321",
    )

    row = report(stand_in)["ann"]

    assert (row["password_enabled"], row["mfa_active"]) == ("true", "true")
    assert ("password_last_used", "no_information") in row.items()
    assert datetime.fromisoformat(row["password_last_changed"]).tzinfo is not None
    assert (row["access_key_1_active"], row["access_key_2_active"]) == ("false", "true")
    rotated = datetime.fromisoformat(row["access_key_2_last_rotated"])
    assert datetime.now(UTC) - rotated < timedelta(minutes=1)
    assert row["access_key_2_last_used_date"] == "N/A"


def test_columns_of_the_report_can_be_set(stand_in: StandIn) -> None:
    stand_in.client("iam").create_user(UserName="ann")
    long_ago = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    stand_in.gaps.set_credentials(
        "ann", access_key_1_active=True, access_key_1_last_rotated=long_ago
    )
    stand_in.gaps.set_credentials("<root_account>", password_last_used=long_ago)

    rows = report(stand_in)

    assert rows["ann"]["access_key_1_active"] == "true"
    assert rows["ann"]["access_key_1_last_rotated"] == "2024-01-02T03:04:05+00:00"
    assert ("password_last_used", "2024-01-02T03:04:05+00:00") in rows["<root_account>"].items()


def test_a_column_that_the_report_lacks_cannot_be_set(stand_in: StandIn) -> None:
    with pytest.raises(ValueError, match="no column acces_key_1_active"):
        stand_in.gaps.set_credentials("ann", acces_key_1_active=True)


@pytest.mark.parametrize("mfa", ["none", "virtual", "hardware"])
def test_the_root_users_mfa_shows_in_every_answer(stand_in: StandIn, mfa: Any) -> None:
    """Source: IAM User Guide: a hardware device is in no list of virtual devices."""
    stand_in.gaps.set_root(mfa=mfa, access_keys=1)
    iam = stand_in.client("iam")

    summary = iam.get_account_summary()["SummaryMap"]
    devices = iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"]
    root = report(stand_in)["<root_account>"]

    assert summary["AccountMFAEnabled"] == int(mfa != "none")
    assert summary["AccountAccessKeysPresent"] == 1
    assert root["mfa_active"] == str(mfa != "none").lower()
    assert (root["access_key_1_active"], root["access_key_2_active"]) == ("true", "false")
    owners = [one["User"]["Arn"] for one in devices]
    assert owners == (["arn:aws:iam::123456789012:root"] if mfa == "virtual" else [])


@pytest.mark.parametrize("policy", [ADMINISTRATOR, SUPPORT, LAMBDA_BASIC])
def test_every_policy_of_aws_can_be_attached(stand_in: StandIn, policy: str) -> None:
    iam = stand_in.client("iam")
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST)
    iam.attach_role_policy(RoleName="worker", PolicyArn=policy)

    details = iam.get_account_authorization_details()
    (role,) = iam.list_entities_for_policy(PolicyArn=policy)["PolicyRoles"]

    (held,) = details["RoleDetailList"][0]["AttachedManagedPolicies"]
    assert held["PolicyArn"] == policy
    assert role["RoleName"] == "worker"


def test_only_policies_of_aws_that_are_in_use_are_detailed(stand_in: StandIn) -> None:
    iam = stand_in.client("iam")
    iam.create_user(UserName="ann")
    iam.attach_user_policy(UserName="ann", PolicyArn=ADMINISTRATOR)
    iam.list_entities_for_policy(PolicyArn=SUPPORT)
    iam.create_policy(PolicyName="own", PolicyDocument=READ_EVERYTHING)

    policies = iam.get_account_authorization_details()["Policies"]

    assert {one["PolicyName"] for one in policies} == {"AdministratorAccess", "own"}
    (administrator,) = [one for one in policies if one["Arn"] == ADMINISTRATOR]
    (version,) = administrator["PolicyVersionList"]
    assert version["Document"]["Statement"][0]["Action"] == "*"


def test_a_policy_that_aws_does_not_have_cannot_be_attached(stand_in: StandIn) -> None:
    iam = stand_in.client("iam")
    iam.create_user(UserName="ann")

    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.attach_user_policy(UserName="ann", PolicyArn=f"{ADMINISTRATOR}Nonesuch")


def test_a_permissions_boundary_may_be_a_policy_of_aws(stand_in: StandIn) -> None:
    iam = stand_in.client("iam")

    iam.create_role(
        RoleName="worker", AssumeRolePolicyDocument=TRUST, PermissionsBoundary=ADMINISTRATOR
    )

    boundary = iam.get_role(RoleName="worker")["Role"]["PermissionsBoundary"]
    assert boundary["PermissionsBoundaryArn"] == ADMINISTRATOR
    assert iam.get_policy(PolicyArn=ADMINISTRATOR)["Policy"]["Arn"] == ADMINISTRATOR


def test_password_settings_that_were_not_made_are_absent(stand_in: StandIn) -> None:
    """Source: IAM API Reference, PasswordPolicy: MaxPasswordAge is at least 1."""
    iam = stand_in.client("iam")
    iam.update_account_password_policy(MinimumPasswordLength=14)

    policy = iam.get_account_password_policy()["PasswordPolicy"]

    assert policy["MinimumPasswordLength"] == 14
    assert policy.keys().isdisjoint({"MaxPasswordAge", "PasswordReusePrevention"})

    iam.update_account_password_policy(PasswordReusePrevention=24, MaxPasswordAge=90)
    policy = iam.get_account_password_policy()["PasswordPolicy"]
    assert (policy["PasswordReusePrevention"], policy["MaxPasswordAge"]) == (24, 90)


def test_a_certificate_holds_until_the_date_that_stands_in_it(stand_in: StandIn) -> None:
    """Source: IAM API Reference, ServerCertificateMetadata, Expiration."""
    iam = stand_in.client("iam")
    until = datetime(2031, 5, 8, 1, 2, 3, tzinfo=UTC)
    body, key = certificate(until=until)
    iam.upload_server_certificate(
        ServerCertificateName="shop", CertificateBody=body, PrivateKey=key
    )

    (listed,) = iam.list_server_certificates()["ServerCertificateMetadataList"]

    assert listed["Expiration"] == until


def test_root_access_is_centralised_by_an_organisation(stand_in: StandIn) -> None:
    """Source: IAM API Reference, ListOrganizationsFeatures."""
    iam = stand_in.client("iam")
    with pytest.raises(iam.exceptions.OrganizationNotFoundException):
        iam.list_organizations_features()
    stand_in.client("organizations").create_organization(FeatureSet="ALL")
    assert iam.list_organizations_features()["EnabledFeatures"] == []

    iam.enable_organizations_root_credentials_management()
    iam.enable_organizations_root_sessions()

    answer = iam.list_organizations_features()
    assert answer["EnabledFeatures"] == ["RootCredentialsManagement", "RootSessions"]
    assert answer["OrganizationId"].startswith("o-")
