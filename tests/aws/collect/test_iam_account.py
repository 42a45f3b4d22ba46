from typing import Any

import pytest

from tests.fakes.clients import Answer, FakeClients, raising, refused
from vedette.aws.collect.collector import Collector
from vedette.aws.collect.reader import Once, Reader, Scope
from vedette.aws.collect.services.account import CONTACTS
from vedette.aws.collect.services.iam.account import ACCOUNT
from vedette.aws.errors import ReadError
from vedette.resources.account import Contact
from vedette.resources.iam import PasswordPolicy, RootUser
from vedette.resources.resource import GLOBAL_REGION

OWNER = "111122223333"
ROOT_ARN = f"arn:aws:iam::{OWNER}:root"


def reader(answers: dict[str, Answer], partition: str = "aws") -> Reader:
    scope = Scope(account=OWNER, partition=partition, regions=(), home="us-east-1")
    pages = {name: one for name, one in answers.items() if name == "list_virtual_mfa_devices"}
    return Reader(FakeClients(answers=answers, pages=pages), scope, GLOBAL_REGION, Once())


def read(collector: Collector[Any], fact: str, **answers: Answer) -> Any:
    source = reader(answers)
    (account,) = collector.find(source, None)
    (detail,) = collector.wanted([fact])
    return detail.read(source.declaring(collector.operations()), account)


def summary(**counts: int) -> Answer:
    numbers = {"AccountAccessKeysPresent": 0, "AccountMFAEnabled": 0} | counts
    return lambda **_: {"SummaryMap": numbers}


@pytest.mark.parametrize(
    ("counts", "root"),
    [
        ({}, RootUser(has_password=True, has_access_keys=False, has_mfa=False)),
        (
            {"AccountPasswordPresent": 0},
            RootUser(has_password=False, has_access_keys=False, has_mfa=False),
        ),
        (
            {"AccountPasswordPresent": 1, "AccountAccessKeysPresent": 1, "AccountMFAEnabled": 1},
            RootUser(has_password=True, has_access_keys=True, has_mfa=True),
        ),
    ],
)
def test_the_summary_tells_the_root_users_credentials(
    counts: dict[str, int], root: RootUser
) -> None:
    assert read(ACCOUNT, "root_user", get_account_summary=summary(**counts)) == root


def test_a_summary_without_the_root_user_is_out_of_shape() -> None:
    with pytest.raises(LookupError):
        read(ACCOUNT, "root_user", get_account_summary=lambda **_: {"SummaryMap": {"Users": 1}})


def test_virtual_devices_of_users_are_not_the_root_users() -> None:
    devices = [
        {"SerialNumber": "of-ann", "User": {"Arn": f"arn:aws:iam::{OWNER}:user/root"}},
        {"SerialNumber": "of-nobody"},
        {"SerialNumber": "of-root", "User": {"Arn": ROOT_ARN}},
    ]

    found = read(
        ACCOUNT,
        "root_virtual_mfa",
        list_virtual_mfa_devices=lambda **_: [{"VirtualMFADevices": devices}],
    )

    assert found == ("of-root",)


def test_no_password_policy_is_told_from_a_denied_one() -> None:
    none = raising(refused("NoSuchEntity"))
    assert read(ACCOUNT, "password_policy", get_account_password_policy=none) is None

    with pytest.raises(ReadError):
        read(
            ACCOUNT,
            "password_policy",
            get_account_password_policy=raising(refused("AccessDenied")),
        )


def test_a_password_policy_without_memory_remembers_nothing() -> None:
    policy = {"PasswordPolicy": {"MinimumPasswordLength": 8}}

    found = read(ACCOUNT, "password_policy", get_account_password_policy=lambda **_: policy)

    assert found == PasswordPolicy(minimum_length=8, reuse_prevention=0)


@pytest.mark.parametrize(
    ("partition", "accounts"), [("aws", 1), ("aws-cn", 1), ("aws-us-gov", 0), ("aws-iso-b", 0)]
)
def test_accounts_of_gov_cloud_keep_their_contacts_elsewhere(partition: str, accounts: int) -> None:
    assert len(list(CONTACTS.find(reader({}, partition), None))) == accounts


def test_what_a_contact_says_is_not_kept() -> None:
    contact = {"FullName": "Ada Example", "PhoneNumber": "  ", "City": "Dublin"}
    answer = {"ContactInformation": contact, "VerificationStatus": "PENDING"}

    found = read(CONTACTS, "primary", get_contact_information=lambda **_: answer)

    assert found == Contact(filled_in=frozenset({"FullName", "City"}), phone_status="PENDING")


@pytest.mark.parametrize(
    ("fact", "operation"),
    [("primary", "get_contact_information"), ("security", "get_alternate_contact")],
)
def test_a_contact_that_is_not_registered_is_none(fact: str, operation: str) -> None:
    none = raising(refused("ResourceNotFoundException"))

    assert read(CONTACTS, fact, **{operation: none}) is None
