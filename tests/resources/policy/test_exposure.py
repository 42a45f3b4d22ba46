from typing import Any

import pytest

from tests.resources.policy.policies import (
    BUCKET,
    OBJECTS,
    OWNER,
    PARTNER,
    STRANGER,
    allow,
    exposure,
    policy,
    public,
)
from vedette.resources.policy.exposure import Exposure, find_exposure, say

CANONICAL = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
ORIGIN_IDENTITY = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE"


def to(principal: object, action: Any = "s3:GetObject", **elements: Any) -> dict[str, Any]:
    return allow(action, Principal=principal, **elements)


def test_a_policy_for_the_owner_and_trusted_accounts_exposes_nothing() -> None:
    found = exposure(
        to({"AWS": [OWNER, f"arn:aws:iam::{OWNER}:root", f"arn:aws:iam::{OWNER}:role/reader"]}),
        to({"AWS": f"arn:aws-us-gov:iam::{PARTNER}:user/ada"}),
        to({"Federated": f"arn:aws:iam::{OWNER}:saml-provider/people"}),
    )

    assert found == Exposure()


@pytest.mark.parametrize(
    "principal", ["*", {"AWS": "*"}, {"AWS": [OWNER, "*"]}, {"AWS": "arn:aws:iam::*:root"}]
)
def test_every_spelling_of_everyone_is_public(principal: object) -> None:
    found = exposure(to(principal, Sid="Readers"))

    assert say(found.public) == "s3:GetObject (Readers)"
    assert not found.foreign_accounts


def test_allow_with_not_principal_is_public() -> None:
    found = exposure(allow(NotPrincipal={"AWS": f"arn:aws:iam::{STRANGER}:root"}))

    assert say(found.public) == "s3:GetObject (statement 1)"


def test_public_reading_is_told_from_public_writing() -> None:
    found = exposure(public(["s3:GetObject", "s3:List*"], Sid="Readers"))

    assert found.anyone_may()
    assert found.anyone_may("s3:Get*", "s3:PutObject")
    assert found.anyone_may("S3:LISTBUCKET")
    assert not found.anyone_may("s3:Put*", "s3:Delete*")


def test_not_action_grants_everything_else() -> None:
    found = exposure({"Effect": "Allow", "Principal": "*", "NotAction": "s3:Get*", "Resource": "*"})

    assert say(found.public) == "everything but s3:Get* (statement 1)"
    assert found.anyone_may("s3:PutObject")
    assert not found.anyone_may("s3:GetObject")


@pytest.mark.parametrize(
    "principal",
    [
        STRANGER,
        f"arn:aws:iam::{STRANGER}:root",
        f"arn:aws:iam::{STRANGER}:user/ada",
        f"arn:aws:iam::{STRANGER}:role/*",
        f"arn:aws:sts::{STRANGER}:assumed-role/build/session",
    ],
)
def test_principals_of_another_account_are_foreign(principal: str) -> None:
    found = exposure(to({"AWS": principal}, "s3:PutObject"))

    assert list(found.foreign_accounts) == [STRANGER]
    assert found.foreigners_who_may("s3:Put*") == (STRANGER,)
    assert found.foreigners_who_may("s3:Get*") == ()
    assert not found.public


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": "AIDAEXAMPLEEXAMPLE123"},
        {"AWS": "AROAEXAMPLEEXAMPLE123"},
        {"AWS": ORIGIN_IDENTITY},
        {"CanonicalUser": CANONICAL},
        {"Federated": "login.example.com"},
    ],
)
def test_a_principal_without_a_known_account_counts_as_an_outsider(
    principal: dict[str, str],
) -> None:
    [name] = principal.values()
    document = policy(to(principal))

    assert list(find_exposure(document, owner=OWNER).unattributed) == [name]
    assert find_exposure(document, owner=OWNER).foreigners_who_may() == (name,)
    assert find_exposure(document, owner=OWNER, trusted_principals={name}) == Exposure()


def test_a_condition_on_the_owner_takes_a_grant_out_of_the_public() -> None:
    assert exposure(public(Condition={"StringEquals": {"AWS:SourceOwner": OWNER}})) == Exposure()


def test_a_condition_on_another_account_names_a_foreigner() -> None:
    found = exposure(
        public(Condition={"StringEquals": {"aws:SourceAccount": [OWNER, PARTNER, STRANGER]}})
    )

    assert list(found.foreign_accounts) == [STRANGER]
    assert not found.public


def test_organisations_networks_and_sources_are_reported_apart() -> None:
    found = exposure(
        public(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
        public(Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}),
        public(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:uploads"}}),
    )

    assert list(found.organizations) == ["o-1"]
    assert list(found.networks) == ["vpce-1"]
    assert list(found.unattributed) == ["arn:aws:s3:*:*:uploads"]
    assert not found.public
    assert not found.foreign_accounts


def test_a_service_without_a_source_is_a_confused_deputy() -> None:
    found = exposure(to({"Service": "cloudtrail.amazonaws.com"}, "s3:PutObject"))

    assert list(found.services) == ["cloudtrail.amazonaws.com"]
    assert not found.public


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:SourceAccount": OWNER}},
        {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudtrail:*:{OWNER}:trail/*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::uploads"}},
        {"StringEquals": {"lambda:EventSourceToken": "amzn1.ask.skill.1"}},
    ],
)
def test_a_service_with_a_source_is_not(condition: dict[str, Any]) -> None:
    service = to({"Service": "cloudtrail.amazonaws.com"}, Condition=condition)

    assert exposure(service) == Exposure()


def test_a_service_on_behalf_of_another_account_is_foreign() -> None:
    found = exposure(
        to(
            {"Service": "sns.amazonaws.com"},
            Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:sns:*:{STRANGER}:*"}},
        )
    )

    assert list(found.foreign_accounts) == [STRANGER]
    assert not found.services


def test_a_service_on_behalf_of_an_organisation_is_reported_with_it() -> None:
    found = exposure(
        to(
            {"Service": "sns.amazonaws.com"},
            Condition={"StringEquals": {"aws:SourceOrgID": "o-1"}},
        )
    )

    assert list(found.organizations) == ["o-1"]
    assert not found.services


def test_a_statement_without_principal_or_action_exposes_nothing() -> None:
    assert exposure(allow(), to("*", [])) == Exposure()


def test_texts_of_a_grant_are_bounded() -> None:
    actions = [f"s3:Get{'x' * 10_000}{number}" for number in range(9)]

    text = say(exposure(*[public(actions, Sid="y" * 10_000)] * 9).public)

    assert len(text) < 3_000
    assert "and 4 more" in text
    assert text.endswith("; and 4 more")


def test_the_example_of_the_default_topic_policy_is_not_public() -> None:
    """Amazon SNS Developer Guide: what a new topic's policy says."""
    topic = f"arn:aws:sns:eu-west-1:{OWNER}:alerts"
    document = policy(
        allow(
            ["SNS:Publish", "SNS:Subscribe", "SNS:SetTopicAttributes"],
            topic,
            Principal={"AWS": "*"},
            Condition={"StringEquals": {"AWS:SourceOwner": OWNER}},
        )
    )

    assert find_exposure(document, owner=OWNER) == Exposure()


@pytest.mark.parametrize(
    ("statement", "is_public"),
    [
        (to({"Federated": "graph.facebook.com"}, "s3:PutObject"), True),
        (public("s3:PutObject"), True),
        (public("s3:PutObject", Condition={"StringLike": {"aws:SourceVpc": "vpc-*"}}), True),
        (
            public("s3:PutObject", Condition={"StringEquals": {"aws:SourceVpc": "vpc-91237329"}}),
            False,
        ),
    ],
)
def test_the_examples_of_the_s3_user_guide_are_judged_as_there(
    statement: dict[str, Any], is_public: bool
) -> None:
    assert bool(exposure(statement).anyone_may("s3:PutObject")) is is_public


def test_resources_do_not_matter_for_who_is_let_in() -> None:
    assert exposure(allow("s3:ListBucket", [BUCKET, OBJECTS], Principal="*")).public
