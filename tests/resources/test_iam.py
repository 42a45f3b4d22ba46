from datetime import UTC, datetime, timedelta

import pytest

from vedette.resources.iam import IamAccount, is_aws_policy, is_role
from vedette.resources.iam_credentials import AccessKey, Credentials

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def key(created: float, used: float | None = None) -> AccessKey:
    last_used = None if used is None else ago(used)
    return AccessKey(number=1, active=True, created=ago(created), last_used=last_used)


def test_ages_are_whole_days() -> None:
    assert key(90.9).age_days(NOW) == 90


def test_a_key_that_was_never_used_is_idle_since_it_was_made() -> None:
    assert key(50).idle_days(NOW) == 50
    assert key(50, used=2).idle_days(NOW) == 2


@pytest.mark.parametrize(
    ("credentials", "last_used"),
    [
        (Credentials(password_enabled=True), None),
        (Credentials(password_enabled=True, password_last_used=ago(3)), ago(3)),
        (
            Credentials(
                password_enabled=True, password_last_used=ago(3), access_keys=(key(9), key(9, 1))
            ),
            ago(1),
        ),
    ],
)
def test_the_last_use_is_that_of_any_credential(
    credentials: Credentials, last_used: datetime | None
) -> None:
    assert credentials.last_used == last_used


@pytest.mark.parametrize(
    ("arn", "is_it"),
    [
        ("arn:aws:iam::aws:policy/AWSSupportAccess", True),
        ("arn:aws-us-gov:iam::aws:policy/AWSSupportAccess", True),
        ("arn:aws:iam::aws:policy/job-function/AWSSupportAccess", True),
        ("arn:aws:iam::111122223333:policy/AWSSupportAccess", False),
        ("arn:aws:iam::aws:policy/AWSSupportAccessToo", False),
    ],
)
def test_a_policy_of_aws_is_told_from_one_that_borrows_its_name(arn: str, is_it: bool) -> None:
    assert is_aws_policy(arn, "AWSSupportAccess") is is_it


@pytest.mark.parametrize(
    ("arn", "is_it"),
    [
        ("arn:aws:iam::111122223333:role/a/b", True),
        ("arn:aws:iam::111122223333:user/role/b", False),
    ],
)
def test_a_role_is_told_by_its_arn(arn: str, is_it: bool) -> None:
    assert is_role(arn) is is_it


@pytest.mark.parametrize(
    ("partition", "signs_in"), [("aws", True), ("aws-cn", True), ("aws-us-gov", False)]
)
def test_root_users_of_gov_cloud_do_not_sign_in(partition: str, signs_in: bool) -> None:
    account = IamAccount.sample(arn=f"arn:{partition}:iam::111122223333:root")

    assert account.has_root_sign_in is signs_in
