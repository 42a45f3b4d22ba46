"""Asks whether the organisation manages the root credentials of its accounts.

Source: IAM API Reference, ListOrganizationsFeatures, which answers the management account and the
delegated administrator alone. IAM's error codes stand there without the ending `Exception` that its
service model has, so both forms are taken.
"""

from vedette.aws.collect.reader import Reader
from vedette.aws.errors import ReadError
from vedette.resources.iam import IamAccount, RootManagement

FEATURES = "iam:ListOrganizationsFeatures"
ORGANIZATION = "organizations:DescribeOrganization"
ROOT_MANAGEMENT_CALLS = (FEATURES, ORGANIZATION)
NOT_MANAGER = "AccountNotManagementOrDelegatedAdministrator"
NO_ORGANIZATION = "OrganizationNotFound"
SWITCHED_OFF = frozenset({"OrganizationNotInAllFeaturesMode", "ServiceAccessNotEnabled"})


def read_root_management(reader: Reader, account: IamAccount) -> RootManagement:
    """Return the account's part in the organisation and the features that are switched on."""
    try:
        answer = reader.call(FEATURES)
    except ReadError as error:
        code = error.code.removesuffix("Exception")
        if code == NOT_MANAGER:
            return RootManagement(part="member")
        if code == NO_ORGANIZATION:
            return RootManagement(part="alone")
        if code in SWITCHED_OFF:
            return _nothing_on(reader, account)
        raise
    return RootManagement(part="manager", features=frozenset(answer.get("EnabledFeatures", ())))


def _nothing_on(reader: Reader, account: IamAccount) -> RootManagement:
    """Tell the management account from a member, since IAM has not said which of them asked."""
    manager = reader.call(ORGANIZATION)["Organization"]["MasterAccountId"]
    return RootManagement(part="manager" if manager == account.id else "member")
