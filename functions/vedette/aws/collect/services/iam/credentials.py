"""Reads a user's credentials: from the credential report, or directly where that says more.

The report may be four hours old. So a user whom it does not know yet, and the few users to whom an
audit is restricted, are asked about one by one: seven calls at most for each.
"""

from datetime import datetime
from typing import Any

from vedette.aws.collect.reader import Reader
from vedette.aws.collect.services.iam.credential_report import read_report
from vedette.resources.iam import IamUser
from vedette.resources.iam_credentials import AccessKey, Credentials

USER_CALLS = (
    "iam:GetUser",
    "iam:GetLoginProfile",
    "iam:ListMFADevices",
    "iam:ListAccessKeys",
    "iam:GetAccessKeyLastUsed",
)
FEW_USERS = 3
ABSENT = "NoSuchEntity"


def read_credentials(reader: Reader, user: IamUser) -> Credentials:
    """Return a user's password, keys and MFA."""
    if 0 < len(reader.scope.only) <= FEW_USERS:
        return ask_about(reader, user)
    return read_report(reader).credentials(user.id) or ask_about(reader, user)


def ask_about(reader: Reader, user: IamUser) -> Credentials:
    """Read one user's credentials as they are now; ReadError `NoSuchEntity` if the user is gone.

    Source: IAM API Reference; PasswordLastUsed and LastUsedDate are left out where there was no use
    since AWS began to record it.
    """
    name = {"UserName": user.id}
    profile = reader.optional("iam:GetLoginProfile", ABSENT, **name)
    devices = reader.pages("iam:ListMFADevices", "MFADevices", **name)
    keys = list(reader.pages("iam:ListAccessKeys", "AccessKeyMetadata", **name))
    return Credentials(
        password_enabled=profile is not None,
        password_changed=profile["LoginProfile"]["CreateDate"] if profile else None,
        password_last_used=reader.call("iam:GetUser", **name)["User"].get("PasswordLastUsed"),
        mfa_active=any(True for _ in devices),
        access_keys=tuple(_key(reader, key, number) for number, key in enumerate(keys, start=1)),
    )


def _key(reader: Reader, key: dict[str, Any], number: int) -> AccessKey:
    used = reader.call("iam:GetAccessKeyLastUsed", AccessKeyId=key["AccessKeyId"])
    last_used: datetime | None = used["AccessKeyLastUsed"].get("LastUsedDate")
    return AccessKey(
        number=number,
        active=key["Status"] == "Active",
        created=key["CreateDate"],
        last_used=last_used,
    )
