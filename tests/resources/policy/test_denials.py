from typing import Any

import pytest

from tests.resources.policy.policies import (
    BUCKET,
    OBJECTS,
    OWNER,
    PARTNER,
    STRANGER,
    allow,
    deny,
    exposure,
    public,
)
from vedette.resources.policy.exposure import Exposure, say

ORGANIZATION = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}


def stranger(action: Any = "s3:GetObject") -> dict[str, Any]:
    return allow(action, Principal={"AWS": STRANGER})


def service() -> dict[str, Any]:
    return allow(Principal={"Service": "sns.amazonaws.com"})


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}])
def test_a_deny_for_everyone_takes_the_public_grant_back(principal: object) -> None:
    assert exposure(public(), deny(Principal=principal)) == Exposure()


@pytest.mark.parametrize(
    "denial",
    [
        deny("s3:PutObject", Principal="*"),
        deny("s3:Get*", [BUCKET], Principal="*"),
        deny(Principal={"AWS": STRANGER}),
        deny(Principal={"AWS": "arn:aws:iam::*:root"}),
        deny(Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}}),
        deny(Principal="*", Condition={"StringNotLike": {"aws:PrincipalOrgID": "*"}}),
        deny(NotPrincipal={"AWS": "*"}),
        deny(NotPrincipal={"AWS": "arn:aws:iam::*:root"}),
        deny(),
    ],
    ids=str,
)
def test_a_lesser_deny_leaves_the_grant_public(denial: dict[str, Any]) -> None:
    assert exposure(public(), denial).anyone_may("s3:GetObject")


def test_a_deny_outside_the_organisation_leaves_the_organisation() -> None:
    found = exposure(public(), deny(Principal="*", Condition=ORGANIZATION))

    assert not found.public
    assert list(found.organizations) == ["o-1"]


def test_a_deny_outside_known_accounts_leaves_the_foreign_one() -> None:
    outside = {"StringNotEquals": {"aws:PrincipalAccount": [OWNER, PARTNER, STRANGER]}}

    found = exposure(public(), deny(Principal="*", Condition=outside))

    assert not found.public
    assert list(found.foreign_accounts) == [STRANGER]


def test_a_deny_for_all_but_named_principals_leaves_these() -> None:
    spared = {"AWS": [f"arn:aws:iam::{STRANGER}:role/reader", f"arn:aws:iam::{OWNER}:root"]}

    found = exposure(public(), deny(NotPrincipal=spared))

    assert not found.public
    assert list(found.foreign_accounts) == [STRANGER]


def test_a_deny_outside_a_network_leaves_the_network() -> None:
    outside = {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}

    found = exposure(public(), deny(Principal="*", Condition=outside))

    assert not found.public
    assert list(found.networks) == ["vpce-1"]


def test_a_deny_that_spares_aws_services_leaves_the_confused_deputy() -> None:
    outside = ORGANIZATION | {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}

    found = exposure(public(), service(), deny(Principal="*", Condition=outside))

    assert not found.public
    assert sorted(found.services) == ["*", "sns.amazonaws.com"]


def test_a_deny_that_spares_only_aws_services_leaves_any_of_them() -> None:
    people = {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}

    found = exposure(public(), stranger(), deny(Principal="*", Condition=people))

    assert found.services.keys() == {"*"}
    assert not found.public
    assert not found.foreign_accounts


def test_a_deny_of_some_actions_leaves_the_others_public() -> None:
    found = exposure(
        public(["s3:GetObject", "s3:PutObject", "s3:PutObjectAcl"], Sid="Open"),
        deny("s3:Put*", Principal="*"),
    )

    assert say(found.public) == "s3:GetObject (Open)"


def test_a_deny_inside_a_wildcard_is_honoured_when_asked_for_the_action() -> None:
    found = exposure(public("s3:*"), deny("s3:Put*", Principal="*"))

    assert found.anyone_may("s3:GetObject")
    assert found.anyone_may("s3:*")
    assert not found.anyone_may("s3:PutObject")
    assert not found.anyone_may("s3:Put*")


def test_not_action_on_either_side_is_understood() -> None:
    but_reading = {"Effect": "Allow", "Principal": "*", "NotAction": "s3:Get*", "Resource": OBJECTS}
    denied_but_listing = {
        "Effect": "Deny",
        "Principal": "*",
        "NotAction": ["s3:List*", "s3:Get*"],
        "Resource": "*",
    }

    assert exposure(but_reading, deny("*", ["*"], Principal="*")) == Exposure()
    found = exposure(but_reading, denied_but_listing)
    assert found.anyone_may("s3:ListBucket")
    assert not found.anyone_may("s3:PutObject")


def test_policy_variables_never_make_a_deny_larger() -> None:
    own_home = f"{BUCKET}/${{aws:PrincipalTag/home}}"
    grant = public() | {"Resource": f"{BUCKET}/shared"}

    assert exposure(grant, deny(resource=[own_home], Principal="*")).public
    but_home = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "NotResource": own_home}
    assert exposure(grant, but_home).public


def test_a_deny_counts_against_a_named_account() -> None:
    assert exposure(stranger(), deny(Principal="*")) == Exposure()
    assert exposure(stranger(), deny(Principal={"AWS": STRANGER})) == Exposure()
    assert (
        exposure(stranger(), deny(Principal={"AWS": f"arn:aws:iam::{STRANGER}:root"})) == Exposure()
    )
    only_owner = {"StringNotEquals": {"aws:PrincipalAccount": OWNER}}
    assert exposure(stranger(), deny(Principal="*", Condition=only_owner)) == Exposure()


@pytest.mark.parametrize(
    "denial",
    [
        deny(Principal={"AWS": PARTNER}),
        deny(Principal={"AWS": f"arn:aws:iam::{STRANGER}:role/one"}),
        deny(Principal={"AWS": STRANGER}, Condition=ORGANIZATION),
        deny(Principal="*", Condition=ORGANIZATION),
        deny(Principal="*", Condition={"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
        deny(NotPrincipal={"AWS": f"arn:aws:iam::{STRANGER}:role/one"}),
    ],
    ids=str,
)
def test_a_deny_that_may_spare_a_named_account_does_not(denial: dict[str, Any]) -> None:
    assert list(exposure(stranger(), denial).foreign_accounts) == [STRANGER]


def test_partial_denials_count_for_the_account_they_reach() -> None:
    found = exposure(stranger("s3:*"), deny("s3:Put*", Principal={"AWS": STRANGER}))

    assert found.foreigners_who_may("s3:GetObject") == (STRANGER,)
    assert found.foreigners_who_may("s3:PutObject") == ()


def test_a_principal_without_known_account_needs_an_unconditional_deny() -> None:
    deleted = allow(Principal={"AWS": "AIDAEXAMPLEEXAMPLE123"})

    assert exposure(deleted, deny(Principal="*")) == Exposure()
    assert exposure(deleted, deny(Principal="*", Condition=ORGANIZATION)).unattributed


def test_a_deny_reaches_services_only_if_it_is_written_for_all_principals() -> None:
    assert exposure(service(), deny(Principal="*")) == Exposure()
    assert exposure(service(), deny(Principal={"AWS": "*"})).services


def test_a_deny_unless_for_the_owner_restricts_a_service() -> None:
    outside = {"StringNotEquals": {"aws:SourceAccount": OWNER}}

    assert exposure(service(), deny(Principal="*", Condition=outside)) == Exposure()
