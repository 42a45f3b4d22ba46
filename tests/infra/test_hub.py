"""The hub's tables, rules, functions, sweep and alarms."""

import json
from typing import Any

import pytest

from infra.functions import ALWAYS, SHAPES
from infra.schedules import schedules_of
from infra.tables import EXPIRY, FINDING_INDEXES, PARTITION_KEY, SORT_KEY
from tests.infra.conftest import Synthesis
from tests.infra.plans import MEMBERS, PATTERNS
from vedette.aws.stores import encoding
from vedette.aws.stores import tables as stored
from vedette.configuration.deployed import SETTINGS
from vedette.operations.telemetry import NAMESPACE, Metric

FUNCTION, MAPPING = "AWS::Lambda::Function", "AWS::Lambda::EventSourceMapping"
QUEUE, RULE, TABLE = "AWS::SQS::Queue", "AWS::Events::Rule", "AWS::DynamoDB::Table"
OPTIONAL = {"geography_bucket", "geography_places", "geography_networks"}


def function(synthesis: Synthesis, handler: str) -> dict[str, Any]:
    (found,) = (
        one
        for one in synthesis.hub.properties(FUNCTION).values()
        if one["Handler"] == f"vedette.handlers.{handler}.handler"
    )
    return found


def test_the_tables_have_the_shape_that_the_stores_use() -> None:
    assert (
        stored.FINDINGS.partition_key,
        stored.FINDINGS.sort_key,
        stored.STATE.expiry,
    ) == (PARTITION_KEY, SORT_KEY, EXPIRY)
    assert {
        one.name: (one.partition_key, one.sort_key) for one in stored.FINDINGS.indexes
    } == FINDING_INDEXES
    assert (stored.STATE.partition_key, stored.STATE.sort_key) == (PARTITION_KEY, None)


def test_tables_stay_can_be_restored_and_have_no_names(everything: Synthesis) -> None:
    found = everything.hub.of_type(TABLE)
    assert len(found) == 3
    for one in found.values():
        properties = one["Properties"]
        assert (one["DeletionPolicy"], one["UpdateReplacePolicy"]) == ("Retain", "Retain")
        assert properties["DeletionProtectionEnabled"] is True
        assert properties["BillingMode"] == "PAY_PER_REQUEST"
        assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert "TableName" not in properties


def test_only_findings_stream_and_only_state_expires(plain: Synthesis) -> None:
    findings, state, ledger = (
        plain.hub.named(TABLE, f"Tables{one}") for one in ("Findings", "State", "Ledger")
    )
    assert findings["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert [one["IndexName"] for one in findings["GlobalSecondaryIndexes"]] == list(FINDING_INDEXES)
    assert state["TimeToLiveSpecification"] == {"AttributeName": EXPIRY, "Enabled": True}
    for table, key in ((state, "StreamSpecification"), (ledger, "StreamSpecification")):
        assert key not in table
    assert "TimeToLiveSpecification" not in findings
    assert "TimeToLiveSpecification" not in ledger


def test_nothing_has_a_physical_name_but_what_other_accounts_must_know(
    everything: Synthesis,
) -> None:
    names = {
        value
        for resource in everything.hub.content["Resources"].values()
        for key, value in resource.get("Properties", {}).items()
        if key in {"Name", "RoleName", "TableName", "QueueName", "TopicName", "FunctionName"}
        and isinstance(value, str)
    }
    assert names == {"vedette", "vedette-audit", "Vedette"}


@pytest.mark.parametrize("part", ["Routing", "Forwarder"])
def test_every_pattern_is_a_rule_that_retries_and_keeps_what_it_could_not_deliver(
    plain: Synthesis, part: str
) -> None:
    rules = [one for logical, one in plain.hub.properties(RULE).items() if logical.startswith(part)]
    expected = sorted((json.dumps(dict(one.pattern)), one.state) for one in PATTERNS)

    assert sorted((json.dumps(one["EventPattern"]), one["State"]) for one in rules) == expected
    for one in rules:
        (target,) = one["Targets"]
        assert target["RetryPolicy"] == {
            "MaximumEventAgeInSeconds": 86_400,
            "MaximumRetryAttempts": 185,
        }
        assert "Undelivered" in json.dumps(target["DeadLetterConfig"])


def test_rules_of_the_hub_s_bus_feed_queues_and_those_of_the_default_bus_the_hub_s(
    plain: Synthesis,
) -> None:
    (bus,) = plain.hub.of_type("AWS::Events::EventBus")
    for logical, one in plain.hub.properties(RULE).items():
        (target,) = one["Targets"]
        if logical.startswith("Routing"):
            assert one["EventBusName"] == {"Fn::GetAtt": [bus, "Arn"]}
            assert "EventsQueue" in json.dumps(target["Arn"])
        else:
            assert "EventBusName" not in one
            assert target["Arn"] == {"Fn::GetAtt": [bus, "Arn"]}
            assert "ForwarderRole" in json.dumps(target["RoleArn"])


def test_there_is_one_function_for_each_handler_with_code_in_common(plain: Synthesis) -> None:
    functions = plain.hub.properties(FUNCTION).values()

    assert {one["Handler"].split(".")[2] for one in functions} == set(SHAPES) == set(SETTINGS)
    assert len({json.dumps([one["Code"], one["Layers"]]) for one in functions}) == 1
    assert {one["Runtime"] for one in functions} == {"python3.13"}
    assert {json.dumps(one["Architectures"]) for one in functions} == {'["arm64"]'}
    assert all("LoggingConfig" in one for one in functions)


@pytest.mark.parametrize("handler", SHAPES)
def test_a_function_is_told_what_its_settings_name_and_nothing_more(
    plain: Synthesis, everything: Synthesis, handler: str
) -> None:
    variables = SETTINGS[handler].variables()
    needed = {name for field, name in variables.items() if field not in OPTIONAL}

    assert set(function(plain, handler)["Environment"]["Variables"]) == needed | set(ALWAYS)
    told = function(everything, handler)["Environment"]["Variables"]
    assert set(told) == set(variables.values()) | set(ALWAYS)


def test_accounts_are_told_as_json(everything: Synthesis) -> None:
    variables = function(everything, "plan_sweep")["Environment"]["Variables"]

    parts = variables["VEDETTE_ACCOUNTS"]["Fn::Join"][1]
    written = "".join(one if isinstance(one, str) else "123456789012" for one in parts)
    assert json.loads(written) == ["123456789012", *MEMBERS]


@pytest.mark.parametrize(
    ("queue", "handler"), [("Detect", "detect"), ("Change", "reevaluate"), ("Signal", "intake")]
)
def test_a_queue_hides_messages_for_six_times_the_function_s_time_and_the_window(
    plain: Synthesis, queue: str, handler: str
) -> None:
    logical = plain.hub.logical(QUEUE, f"{queue}EventsQueue")
    (mapping,) = (
        one
        for one in plain.hub.properties(MAPPING).values()
        if one["EventSourceArn"] == {"Fn::GetAtt": [logical, "Arn"]}
    )
    hidden = plain.hub.properties(QUEUE)[logical]["VisibilityTimeout"]

    timeout = function(plain, handler)["Timeout"]
    assert hidden >= 6 * timeout + mapping["MaximumBatchingWindowInSeconds"]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert 2 <= mapping["ScalingConfig"]["MaximumConcurrency"] <= 10
    redrive = plain.hub.properties(QUEUE)[logical]["RedrivePolicy"]
    assert redrive["maxReceiveCount"] >= 5
    assert f"{queue}EventsDeadLetters" in json.dumps(redrive)


def test_the_stream_is_halved_at_a_failure_tried_again_and_given_up_into_a_queue(
    plain: Synthesis,
) -> None:
    (mapping,) = (
        one for one in plain.hub.properties(MAPPING).values() if "StreamArn" in json.dumps(one)
    )
    (wanted,) = mapping["FilterCriteria"]["Filters"]

    assert mapping["BisectBatchOnFunctionError"] is True
    assert 1 <= mapping["MaximumRetryAttempts"] <= 20
    assert "UntoldQueue" in json.dumps(mapping["DestinationConfig"])
    assert json.loads(wanted["Pattern"])["dynamodb"] == {
        "Keys": {stored.SORT_KEY: {"S": [encoding.STATE_KEY]}},
        "NewImage": {encoding.PENDING: {"N": [{"exists": True}]}},
    }


def test_sweeps_are_distributed_batched_bounded_and_read_their_list_from_s3(
    plain: Synthesis,
) -> None:
    (found,) = plain.hub.properties("AWS::StepFunctions::StateMachine").values()
    text = json.dumps(found["DefinitionString"]).replace("\\", "")

    assert '"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"' in text
    assert '"Key.$":"$.key"' in text
    assert '"MaxConcurrency":8' in text
    assert '"MaxItemsPerBatch":2' in text
    assert "States.ArrayContains($.batches[*].failed, true)" in text
    # An Express workflow ends after 300 s, and must outlive the function that it waits for.
    assert '"TimeoutSeconds":250' in text
    assert function(plain, "sweep")["Timeout"] < 250


def test_functions_are_started_by_the_clock_and_a_start_that_fails_is_kept(
    plain: Synthesis,
) -> None:
    schedules = plain.hub.properties("AWS::Scheduler::Schedule").values()

    assert sorted(one["ScheduleExpression"] for one in schedules) == [
        "cron(0 3 * * ? *)",
        "rate(1 hour)",
        "rate(15 minutes)",
    ]
    assert all("SchedulesFailures" in json.dumps(one["Target"]) for one in schedules)
    assert schedules_of(22)["plan_sweep"] == "cron(0 22 * * ? *)"


def test_every_queue_of_failures_is_watched(plain: Synthesis) -> None:
    alarm = json.dumps(plain.hub.named("AWS::CloudWatch::Alarm", "WatchUnhandled"))
    sources = ("DetectEventsQueue", "ChangeEventsQueue", "SignalEventsQueue")
    last = [one for one in plain.hub.of_type(QUEUE) if not one.startswith(sources)]

    assert len(last) == 7
    assert [one for one in last if one not in alarm] == []


def test_silence_is_an_alarm(plain: Synthesis) -> None:
    alarms = plain.hub.properties("AWS::CloudWatch::Alarm")

    silent = {key for key, one in alarms.items() if one["TreatMissingData"] == "breaching"}
    assert {one[:12] for one in silent} == {"WatchNoSweep", "WatchNoCanar", "WatchNoRecon"}
    assert len(alarms) == 7
    health = plain.hub.logical("AWS::SNS::Topic", "TopicsHealth")
    assert all(one["AlarmActions"] == [{"Ref": health}] for one in alarms.values())


def test_the_mail_address_is_told_of_alerts_escalations_and_trouble(plain: Synthesis) -> None:
    subscriptions = plain.hub.properties("AWS::SNS::Subscription").values()

    assert {one["Endpoint"] for one in subscriptions} == {"soc@example.com"}
    topics = sorted(one["TopicArn"]["Ref"][:13] for one in subscriptions)
    assert topics == ["TopicsAlertsT", "TopicsEscalat", "TopicsHealthT"]


def test_logs_end(everything: Synthesis) -> None:
    groups = everything.hub.properties("AWS::Logs::LogGroup").values()
    assert len(groups) == len(SHAPES) + 1
    assert {one["RetentionInDays"] for one in groups} == {90}


def test_a_trail_is_made_if_it_is_wanted(plain: Synthesis, everything: Synthesis) -> None:
    (trail,) = everything.hub.properties("AWS::CloudTrail::Trail").values()
    assert trail["IsMultiRegionTrail"]
    assert trail["EnableLogFileValidation"]
    assert plain.hub.of_type("AWS::CloudTrail::Trail") == {}


def test_the_metrics_of_alarms_are_ones_that_functions_write(plain: Synthesis) -> None:
    alarms = plain.hub.properties("AWS::CloudWatch::Alarm").values()
    ours = {one["MetricName"] for one in alarms if one.get("Namespace") == NAMESPACE}

    assert ours == {Metric.TROUBLE, Metric.RECONCILED}
