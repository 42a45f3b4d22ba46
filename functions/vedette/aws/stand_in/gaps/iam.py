"""Mends of IAM: the root user, AWS's own policies, and what an organisation centralises."""

import json
from functools import cache
from typing import Any

from cryptography.x509 import load_pem_x509_certificate
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy

from vedette.aws.stand_in.call import Answer
from vedette.aws.stand_in.gaps.exchange import Exchange, Gap, Guard, Mend
from vedette.aws.stand_in.wire import Result

POLICY_PARAMETERS = ("PolicyArn", "PermissionsBoundary")
# Numbers below the least that AWS allows, which moto answers where a setting is not made.
OPTIONAL_PASSWORD_SETTINGS = ("MaxPasswordAge", "PasswordReusePrevention")
ROOT_CREDENTIALS, ROOT_SESSIONS = "RootCredentialsManagement", "RootSessions"


def know_managed_policy(exchange: Exchange) -> Answer | None:
    """Give moto the AWS managed policy that a call names.

    moto can hold all 1,582 of them, but then GetAccountAuthorizationDetails answers them all and
    takes a second; AWS answers those in use. So each is loaded when it is first named.
    """
    if exchange.call.service != "iam" or b"policy%2F" not in exchange.call.body:
        return None
    backend = exchange.global_backend("iam")
    prefix = f"arn:{exchange.partition}:iam::aws:policy/"
    for parameter in POLICY_PARAMETERS:
        arn = str(exchange.parameters.get(parameter, ""))
        if arn.startswith(prefix) and arn not in backend.managed_policies:
            _load_policy(backend, arn)
    return None


def _load_policy(backend: Any, arn: str) -> None:
    name = arn.rpartition("/")[2]
    stored = _managed_policies().get(name)
    if stored is None:
        return
    policy = AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, stored)
    if policy.arn == arn:
        backend.managed_policies[arn] = policy
        backend.aws_managed_policies.append(policy)


@cache
def _managed_policies() -> dict[str, dict[str, Any]]:
    policies: dict[str, dict[str, Any]] = json.loads(aws_managed_policies_data)
    return policies


def _detail_policies(exchange: Exchange, result: Result) -> None:
    """Name the policies, which moto does not, and drop those of AWS that nothing uses.

    Source: IAM API Reference, ManagedPolicyDetail.
    """
    prefix = f"arn:{exchange.partition}:iam::aws:policy/"
    result["Policies"] = [
        policy
        for policy in result["Policies"]
        if policy.get("AttachmentCount") or not policy["Arn"].startswith(prefix)
    ]
    for policy in result["Policies"]:
        path, _, policy["PolicyName"] = policy["Arn"].partition(":policy")[2].rpartition("/")
        policy["Path"] = f"{path}/"


def _count_root(exchange: Exchange, result: Result) -> None:
    """Source: IAM API Reference, GetAccountSummary: these two are 0 or 1."""
    root = exchange.state.roots[exchange.call.account]
    result["SummaryMap"]["AccountMFAEnabled"] = int(root.mfa != "none")
    result["SummaryMap"]["AccountAccessKeysPresent"] = int(root.access_keys > 0)


def _omit_settings_not_made(_: Exchange, result: Result) -> None:
    """Source: IAM API Reference, PasswordPolicy: both numbers are at least 1, or absent."""
    for setting in OPTIONAL_PASSWORD_SETTINGS:
        if not result["PasswordPolicy"].get(setting):
            result["PasswordPolicy"].pop(setting, None)


def _add_device_of_root(exchange: Exchange, result: Result) -> None:
    """Source: IAM User Guide: a root user's virtual device has the root's ARN under `User`."""
    root = exchange.state.roots[exchange.call.account]
    wanted = exchange.parameters.get("AssignmentStatus", "Any")
    if root.mfa == "virtual" and wanted != "Unassigned" and not result.get("IsTruncated"):
        account = f"arn:{exchange.partition}:iam::{exchange.call.account}"
        result["VirtualMFADevices"].append(
            {
                "SerialNumber": f"{account}:mfa/root-account-mfa-device",
                "User": {"Arn": f"{account}:root", "UserId": exchange.call.account},
            }
        )


def _date_certificates(exchange: Exchange, result: Result) -> None:
    """Say until when the certificates hold; moto says of all of them: until May 2012.

    Source: IAM API Reference, ServerCertificateMetadata.
    """
    stored = exchange.global_backend("iam").certificates.values()
    bodies = {one.cert_name: one.cert_body.encode() for one in stored}
    for listed in result["ServerCertificateMetadataList"]:
        read = load_pem_x509_certificate(bodies[listed["ServerCertificateName"]])
        listed["Expiration"] = read.not_valid_after_utc


def _list_organizations_features(exchange: Exchange) -> Answer:
    return _features(exchange)


def _enable_root_credentials(exchange: Exchange) -> Answer:
    return _features(exchange, ROOT_CREDENTIALS)


def _enable_root_sessions(exchange: Exchange) -> Answer:
    return _features(exchange, ROOT_SESSIONS)


def _features(exchange: Exchange, switched_on: str | None = None) -> Answer:
    organization = exchange.global_backend("organizations").org
    if organization is None:
        return exchange.refuse(
            "OrganizationNotFoundException", "The account is not in an organization.", 404
        )
    enabled = exchange.state.organization_features[exchange.call.account]
    if switched_on is not None and switched_on not in enabled:
        enabled.append(switched_on)
    return exchange.reply({"OrganizationId": organization.id, "EnabledFeatures": enabled})


GUARDS: tuple[Guard, ...] = (know_managed_policy,)
GAPS: dict[str, Gap] = {
    "iam:EnableOrganizationsRootCredentialsManagement": _enable_root_credentials,
    "iam:EnableOrganizationsRootSessions": _enable_root_sessions,
    "iam:ListOrganizationsFeatures": _list_organizations_features,
}
MENDS: dict[str, Mend] = {
    "iam:GetAccountAuthorizationDetails": _detail_policies,
    "iam:GetAccountPasswordPolicy": _omit_settings_not_made,
    "iam:GetAccountSummary": _count_root,
    "iam:ListServerCertificates": _date_certificates,
    "iam:ListVirtualMFADevices": _add_device_of_root,
}
