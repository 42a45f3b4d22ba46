from typing import Any

import pytest

from tests.resources.policy.policies import OWNER, STRANGER, policy
from vedette.resources.policy.exposure import Exposure, find_exposure

GITHUB = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{OWNER}:oidc-provider/{GITHUB}"


def trust(provider: str, condition: dict[str, Any]) -> Exposure:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }
    return find_exposure(policy(statement), owner=OWNER)


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}},
        {"StringLike": {f"{GITHUB}:sub": "repo:*"}},
        {"StringLike": {f"{GITHUB}:sub": "repo:octo-org*"}},
        {"StringLike": {f"{GITHUB}:sub": ["repo:octo-org/*", "*"]}},
        {"StringLike": {f"{GITHUB}:sub": []}},
        {"StringLikeIfExists": {f"{GITHUB}:sub": "repo:octo-org/*"}},
        {"ForAllValues:StringLike": {f"{GITHUB}:sub": "repo:octo-org/*"}},
        {"StringNotEquals": {f"{GITHUB}:sub": "repo:octo-org/app:ref:refs/heads/main"}},
        {"StringEquals": {"gitlab.com:sub": "project_path:group/app"}},
    ],
    ids=str,
)
def test_a_shared_provider_without_its_customer_is_public(condition: dict[str, Any]) -> None:
    assert trust(PROVIDER, condition).anyone_may("sts:AssumeRoleWithWebIdentity")


@pytest.mark.parametrize(
    "value",
    ["repo:octo-org/app:ref:refs/heads/main", "repo:octo-org/*", "repo:octo-org/app:*"],
)
def test_a_shared_provider_limited_to_one_customer_is_federated(value: str) -> None:
    found = trust(PROVIDER, {"StringLike": {f"{GITHUB}:sub": value}})

    assert not found.public
    assert list(found.federated) == [PROVIDER]


@pytest.mark.parametrize(
    ("host", "claim", "value"),
    [
        ("accounts.google.com", "aud", "123.apps.googleusercontent.com"),
        ("cognito-identity.amazonaws.com", "aud", "eu-west-1:pool"),
        ("graph.facebook.com", "app_id", "42"),
        ("app.terraform.io", "sub", "organization:octo:project:*"),
    ],
)
def test_each_shared_provider_has_its_own_claim(host: str, claim: str, value: str) -> None:
    assert list(trust(host, {"StringLike": {f"{host}:{claim}": value}}).federated) == [host]
    assert trust(host, {}).public


def test_a_provider_of_the_owner_alone_exposes_nothing() -> None:
    cluster = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"

    assert trust(f"arn:aws:iam::{OWNER}:oidc-provider/{cluster}", {}) == Exposure()
    assert trust(f"arn:aws:iam::{OWNER}:saml-provider/people", {}) == Exposure()


def test_a_provider_of_another_account_is_foreign() -> None:
    found = trust(f"arn:aws:iam::{STRANGER}:saml-provider/people", {})

    assert list(found.foreign_accounts) == [STRANGER]


def test_any_provider_is_public() -> None:
    assert trust("*", {}).public
