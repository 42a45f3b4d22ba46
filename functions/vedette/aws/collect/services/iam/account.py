"""Reads the account's IAM settings and what concerns its root user."""

from collections.abc import Iterator

from vedette.aws.collect.collector import Collector, fact
from vedette.aws.collect.reader import Reader
from vedette.aws.collect.services.iam.credential_report import (
    GET,
    REPORT_CALLS,
    ROOT,
    read_report,
)
from vedette.aws.collect.services.iam.root_management import (
    ROOT_MANAGEMENT_CALLS,
    read_root_management,
)
from vedette.aws.errors import Problem, ReadError
from vedette.resources.facts import Fact
from vedette.resources.iam import IamAccount, PasswordPolicy, RootUser
from vedette.resources.iam_credentials import Credentials
from vedette.resources.resource import GLOBAL_REGION

SUMMARY = "iam:GetAccountSummary"
PASSWORD_POLICY = "iam:GetAccountPasswordPolicy"  # noqa: S105 - an operation's name
VIRTUAL_DEVICES = "iam:ListVirtualMFADevices"
SAML_PROVIDERS = "iam:ListSAMLProviders"


def find_account(reader: Reader, _only: frozenset[str] | None) -> Iterator[IamAccount]:
    """Yield the account. Its tags belong to Organizations, not to its IAM settings."""
    yield IamAccount(
        arn=reader.arn("iam", "root"),
        id=reader.account,
        account=reader.account,
        region=GLOBAL_REGION,
        tags=Fact.of({}),
    )


def _root_user(reader: Reader, _account: IamAccount) -> RootUser:
    """Read the summary, whose numbers are 0 or 1 here.

    AccountPasswordPresent is younger than the rest; where it is not answered, a password is taken
    to be there, as every root user had one before.
    """
    summary = reader.call(SUMMARY)["SummaryMap"]
    return RootUser(
        has_password=bool(summary.get("AccountPasswordPresent", 1)),
        has_access_keys=bool(summary["AccountAccessKeysPresent"]),
        has_mfa=bool(summary["AccountMFAEnabled"]),
    )


def _password_policy(reader: Reader, _account: IamAccount) -> PasswordPolicy | None:
    """Read the password policy. IAM leaves PasswordReusePrevention out where it is off."""
    answer = reader.optional(PASSWORD_POLICY, "NoSuchEntity")
    if answer is None:
        return None
    policy = answer["PasswordPolicy"]
    return PasswordPolicy(
        minimum_length=policy["MinimumPasswordLength"],
        reuse_prevention=policy.get("PasswordReusePrevention", 0),
    )


def _root_virtual_mfa(reader: Reader, account: IamAccount) -> tuple[str, ...]:
    devices = reader.pages(
        VIRTUAL_DEVICES, "VirtualMFADevices", AssignmentStatus="Assigned", MaxItems=1000
    )
    return tuple(
        device["SerialNumber"]
        for device in devices
        if device.get("User", {}).get("Arn") == account.arn
    )


def _saml_providers(reader: Reader, _account: IamAccount) -> tuple[str, ...]:
    return tuple(provider["Arn"] for provider in reader.call(SAML_PROVIDERS)["SAMLProviderList"])


def _root_credentials(reader: Reader, _account: IamAccount) -> Credentials:
    credentials = read_report(reader).credentials(ROOT)
    if credentials is None:
        raise ReadError(GET, Problem.FAILED, "no root user", "the report lacks the root user")
    return credentials


ACCOUNT = Collector(
    kind=IamAccount,
    calls=(),
    find=find_account,
    details=(
        fact("root_user", SUMMARY, read=_root_user),
        fact("password_policy", PASSWORD_POLICY, read=_password_policy),
        fact("root_virtual_mfa", VIRTUAL_DEVICES, read=_root_virtual_mfa),
        fact("saml_providers", SAML_PROVIDERS, read=_saml_providers),
        fact("root_credentials", *REPORT_CALLS, read=_root_credentials),
        fact("root_management", *ROOT_MANAGEMENT_CALLS, read=read_root_management),
    ),
    is_global=True,
)
