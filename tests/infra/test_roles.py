"""Roles: what each may do, and who may take it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from infra.functions import SHAPES
from infra.grants import Target, UnknownResourceError, actions_of, statements
from tests.infra.conftest import Synthesis
from tests.infra.plans import MEMBERS
from tests.infra.templates import Statement, actions, resources
from vedette.operations import plan_sweep, reevaluate, sweep
from vedette.operations.function_calls import FUNCTION_CALLS
from vedette.operations.permissions import audit_policy

ROLE = "AWS::IAM::Role"
# What the runtime, queues and the stream take, beyond what the code declares.
LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
QUEUE = {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
STREAM = {
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "sqs:SendMessage",
}
GIVEN = {"detect": QUEUE, "reevaluate": QUEUE, "intake": QUEUE, "dispatch": STREAM}
READS = ("Get", "List", "Describe", "BatchGet", "Query", "Head", "Lookup", "Search")


def statements_of(synthesis: Synthesis, function: str) -> list[Statement]:
    name = "".join(word.capitalize() for word in function.split("_"))
    return synthesis.hub.role_statements(synthesis.hub.logical(ROLE, f"Functions{name}Role"))


@pytest.mark.parametrize("function", SHAPES)
def test_a_function_may_do_what_it_declares_and_nothing_more(
    plain: Synthesis, function: str
) -> None:
    declared = {
        action
        for resource, operations in FUNCTION_CALLS[function].items()
        if resource != "geography_bucket"
        for action in actions_of(operations)
    }

    allowed = {one for each in statements_of(plain, function) for one in actions(each)}

    assert allowed == declared | LOGS | GIVEN.get(function, set())


def test_the_function_with_a_key_uses_it_through_services_only(everything: Synthesis) -> None:
    for function in SHAPES:
        (found,) = (
            one for one in statements_of(everything, function) if "kms:Decrypt" in actions(one)
        )
        services = found["Condition"]["StringEquals"]["kms:ViaService"]
        assert services == [f"{one}.eu-west-1.amazonaws.com" for one in ("dynamodb", "sns", "sqs")]


def test_only_the_databases_themselves_are_read_from_the_bucket_of_geography(
    everything: Synthesis, plain: Synthesis
) -> None:
    (found,) = (
        one for one in statements_of(everything, "detect") if "s3:GetObject" in actions(one)
    )

    ends = sorted(one["Fn::Join"][1][-1] for one in resources(found))
    assert ends == [":s3:::our-geography/asn.mmdb", ":s3:::our-geography/city.mmdb"]
    assert "our-geography" not in json.dumps(plain.hub.content)


def test_accounts_are_read_as_their_audit_role_the_hub_s_own_too(everything: Synthesis) -> None:
    for function in ("plan_sweep", "reevaluate", "sweep"):
        (found,) = (
            one for one in statements_of(everything, function) if "sts:AssumeRole" in actions(one)
        )
        written = [json.dumps(one) for one in resources(found)]
        assert len(written) == 1 + len(MEMBERS)
        assert all("role/vedette/vedette-audit" in one for one in written)
        assert all(any(member in one for one in written) for member in MEMBERS)


def every_statement(synthesis: Synthesis) -> Mapping[str, list[Statement]]:
    return {
        f"{template.path.stem}/{role}": template.role_statements(role)
        for template in (synthesis.hub, synthesis.member, synthesis.region("us-east-1"))
        for role in template.of_type(ROLE)
    }


def test_no_role_has_a_wildcard_among_its_actions(everything: Synthesis) -> None:
    found = every_statement(everything)
    assert len(found) > 14
    assert {
        role: action
        for role, each in found.items()
        for one in each
        for action in actions(one)
        if "*" in action
    } == {}


def test_no_role_may_write_to_whatever_resource(everything: Synthesis) -> None:
    anywhere = [
        action
        for each in every_statement(everything).values()
        for one in each
        if "*" in resources(one)
        for action in actions(one)
    ]
    assert len(anywhere) > 50
    reading = tuple(f":{one}" for one in READS)
    assert [one for one in anywhere if not any(read in one for read in reading)] == [
        one for one in anywhere if one in GENERATED_REPORTS
    ]


# It makes IAM write a report that only it keeps; nothing else changes.
GENERATED_REPORTS = {"iam:GenerateCredentialReport"}


def test_no_managed_policy_is_attached(everything: Synthesis) -> None:
    for template in (everything.hub, everything.member, everything.region("us-east-1")):
        assert [
            one for one in template.properties(ROLE).values() if "ManagedPolicyArns" in one
        ] == []


def test_every_role_is_taken_by_services_or_by_the_hub_s_auditors(everything: Synthesis) -> None:
    trusted = {
        json.dumps(one["AssumeRolePolicyDocument"]["Statement"][0]["Principal"])
        for one in everything.hub.properties(ROLE).values()
    }
    services = {one for one in trusted if "Service" in one}
    assert services == {
        f'{{"Service": "{one}.amazonaws.com"}}'
        for one in ("events", "lambda", "scheduler", "states")
    }
    (other,) = trusted - services
    assert ":root" in other


@pytest.mark.parametrize("part", ["SweepRole", "SchedulesRole"])
def test_a_service_takes_a_role_for_this_account_and_our_resource_alone(
    plain: Synthesis, part: str
) -> None:
    logical = next(one for one in plain.hub.of_type(ROLE) if one.startswith(part))
    role = plain.hub.properties(ROLE)[logical]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]

    condition: dict[str, Any] = trust["Condition"]

    assert condition["StringEquals"]["aws:SourceAccount"] == {"Ref": "AWS::AccountId"}
    assert "aws:SourceArn" in json.dumps(condition)


def test_the_hub_s_audit_role_trusts_the_three_functions_that_read(plain: Synthesis) -> None:
    role = plain.hub.named(ROLE, "AuditRole")
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]

    auditors = trust["Condition"]["ArnEquals"]["aws:PrincipalArn"]

    assert [one["Fn::GetAtt"][0] for one in auditors] == [
        plain.hub.logical(ROLE, f"Functions{one}Role")
        for one in ("PlanSweep", "Reevaluate", "Sweep")
    ]
    assert "sts:ExternalId" in trust["Condition"]["StringEquals"]
    assert role["Policies"][0]["PolicyDocument"] == audit_policy()


def test_what_an_operation_declares_is_what_its_function_is_allowed() -> None:
    for operation in (plan_sweep, reevaluate, sweep):
        name = operation.__name__.rpartition(".")[2]
        assert frozenset().union(*FUNCTION_CALLS[name].values()) == operation.CALLS
    assert set(FUNCTION_CALLS) == set(SHAPES)


def test_a_call_on_a_resource_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownResourceError, match="secrets is none of table"):
        statements({"secrets": frozenset({"s3:GetObject"})}, {"table": Target()})


def test_operations_become_the_actions_that_aws_asks_for() -> None:
    operations = {"stepfunctions:StartExecution", "s3:HeadBucket", "sts:GetCallerIdentity"}

    assert actions_of(operations) == ["s3:ListBucket", "states:StartExecution"]
    assert actions_of({"dynamodb:TransactWriteItems"}) == [
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
    ]
