"""`vedette doctor --deployed` and `vedette destroy`, against a hub in the stand-in."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.aws.command import Ran, vedette
from tests.aws.hub_stack import ACCOUNT, MEMBER, REGION, HubStack
from vedette.aws.stand_in.server import StandIn
from vedette.operations.canary import KINDS, returned_mark, sent_mark
from vedette.operations.reconcile_marks import BEGAN_MARK, FINISHED_MARK, PLANNED_MARK


@pytest.fixture
def hub(stand_in: StandIn) -> HubStack:
    return HubStack(stand_in)


def well(hub: HubStack) -> None:
    """Let everything that leaves a trace have happened a moment ago."""
    hub.watch()
    hub.listen()
    now = datetime.now(UTC)
    for mark in (PLANNED_MARK, FINISHED_MARK):
        hub.mark(mark, (now - timedelta(hours=3)).isoformat())
    hub.mark(BEGAN_MARK, (now - timedelta(days=9)).isoformat())
    sent = now - timedelta(minutes=50)
    for kind in KINDS:
        hub.mark(sent_mark(kind), sent.isoformat(), f'[["id", {int(sent.timestamp())}]]')
        hub.mark(returned_mark(kind), (sent + timedelta(minutes=5)).isoformat(), "id")


def run(hub: HubStack, *arguments: str) -> Ran:
    place = ("--region", REGION, "--endpoint-url", hub.stand_in.endpoint_url)
    return vedette(*arguments, *place)


def looks(hub: HubStack) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run(hub, "doctor", "--deployed", "--output", "json").json["looks"]
    return found


def blind(hub: HubStack, area: str) -> dict[str, str]:
    """Return what is said of the blind spots of an area, by place."""
    return {
        one["where"]: one["said"]
        for one in looks(hub)
        if one["area"] == area and one["state"] == "blind"
    }


def test_of_a_deployment_that_works_only_regions_without_a_forwarder_are_blind(
    hub: HubStack,
) -> None:
    well(hub)

    ran = run(hub, "doctor", "--deployed", "--output", "json")

    bad = [one for one in ran.json["looks"] if one["state"] in {"blind", "unknown"}]
    assert ran.code == 3
    assert ran.json["version"] == "1.2.3"
    schema = json.loads(Path("docs/schemas/deployed-health.json").read_text(encoding="utf-8"))
    jsonschema.validate(ran.json, schema)
    assert ran.json["account"] == ACCOUNT
    assert ran.json["blind_spots"] == len(bad) > 10
    assert {one["area"] for one in bad} == {"region"}
    assert {one["said"].split(":")[0] for one in bad} == {"there is no forwarder"}
    assert REGION not in {one["where"] for one in bad}


def test_the_table_names_the_places_of_one_trouble_together(hub: HubStack) -> None:
    ran = run(hub, "doctor", "--deployed")

    assert ran.code == 3
    (regions,) = (one for one in ran.stdout.splitlines() if one.startswith("blind     region"))
    assert "us-east-1, us-east-2" in regions
    assert "blind spots, of" in ran.stderr


def test_a_region_whose_calls_no_trail_records_is_blind(hub: HubStack) -> None:
    assert blind(hub, "trail")[REGION] == "no trail records read events and write events"


def test_a_stopped_trail_is_no_trail(hub: HubStack) -> None:
    hub.watch()
    hub.client("cloudtrail").stop_logging(Name="all")

    assert REGION in blind(hub, "trail")


def test_a_trail_of_changes_alone_does_not_show_who_looks_around(hub: HubStack) -> None:
    hub.watch()
    hub.client("cloudtrail").put_event_selectors(
        TrailName="all",
        EventSelectors=[{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}],
    )

    assert blind(hub, "trail")[REGION] == "no trail records read events"


def test_a_disabled_rule_is_blind_on_either_bus(hub: HubStack) -> None:
    events = hub.client("events")
    events.disable_rule(Name=hub.physical("ForwarderChange1"))
    events.disable_rule(Name=hub.physical("RoutingSignal1"), EventBusName="vedette")

    found = [one["said"] for one in looks(hub) if one["area"] == "rules"]

    assert [one.partition(" (")[0] for one in found] == [
        "ForwarderChange1 is DISABLED",
        "RoutingSignal1 is DISABLED",
    ]


def test_a_rule_for_reads_that_was_enabled_for_writes_alone_is_blind(hub: HubStack) -> None:
    name = hub.physical("ForwarderDetectAny1")
    hub.client("events").put_rule(Name=name, State="ENABLED", EventPattern='{"source":["aws.s3"]}')

    assert "ForwarderDetectAny1 is ENABLED " in blind(hub, "rules")[REGION]


def test_a_deleted_rule_and_one_without_target_are_blind(hub: HubStack) -> None:
    events, change, signal = (
        hub.client("events"),
        hub.physical("ForwarderChange1"),
        hub.physical("ForwarderSignal1"),
    )
    events.remove_targets(Rule=change, Ids=["Target"])
    events.remove_targets(Rule=signal, Ids=["Target"])
    events.delete_rule(Name=signal)

    found = [one["said"].partition(" (")[0] for one in looks(hub) if one["area"] == "rules"]

    assert found == ["ForwarderChange1 has no target", "ForwarderSignal1 is gone"]


def test_messages_that_could_not_be_handled_are_a_blind_spot_with_its_remedy(
    hub: HubStack,
) -> None:
    hub.send("DetectEventsDeadLetters", "{}", "{}")
    hub.send("UntoldQueue", "{}")

    found = {one["where"]: one for one in looks(hub) if one["area"] == "queue"}

    assert found[f"detect, failed ({REGION})"]["said"] == "2 messages, of unknown age"
    assert found[f"detect, failed ({REGION})"]["remedy"].endswith("vedette redrive")
    assert "reconcile" in found[f"alerts, unsent ({REGION})"]["remedy"]
    assert found[f"change ({REGION})"]["said"] == "empty"


def test_a_queue_whose_oldest_message_is_old_is_stuck(stand_in: StandIn) -> None:
    hub = HubStack(stand_in, fed=False)
    hub.send("ChangeEventsQueue", "{}")
    hub.client("cloudwatch").put_metric_data(
        Namespace="AWS/SQS",
        MetricData=[
            {
                "MetricName": "ApproximateAgeOfOldestMessage",
                "Dimensions": [
                    {
                        "Name": "QueueName",
                        "Value": hub.physical("ChangeEventsQueue").rpartition("/")[2],
                    }
                ],
                "Value": 7_200.0,
                "Timestamp": datetime.now(UTC) - timedelta(minutes=2),
            }
        ],
    )

    assert blind(hub, "queue") == {f"change ({REGION})": "1 messages, the oldest 2:00:00 old"}


def test_topics_that_nobody_hears_or_has_not_confirmed_are_told(hub: HubStack) -> None:
    found = blind(hub, "topic")

    assert set(found) == {"alerts", "escalation", "health"}
    assert set(found.values()) == {"nobody is subscribed"}


def test_what_has_not_happened_for_days_is_overdue(hub: HubStack) -> None:
    well(hub)
    old = (datetime.now(UTC) - timedelta(days=5)).isoformat()
    hub.mark(PLANNED_MARK, old)
    for kind in KINDS:
        hub.mark(returned_mark(kind), old, "other")
        sent = int((datetime.now(UTC) - timedelta(hours=5)).timestamp())
        hub.mark(sent_mark(kind), datetime.now(UTC).isoformat(), f'[["id", {sent}]]')

    assert "is overdue" in blind(hub, "schedule")["the daily sweep"]
    assert set(blind(hub, "canary")) == set(KINDS)


def test_a_function_that_is_no_longer_fed_is_blind(hub: HubStack) -> None:
    hub.starve("Detect")

    assert blind(hub, "function") == {"detect": "nothing feeds it"}


def test_a_member_account_of_which_nothing_tells_is_unknown(stand_in: StandIn) -> None:
    hub = HubStack(stand_in, (ACCOUNT, MEMBER))

    (found,) = (one for one in looks(hub) if one["where"] == MEMBER)

    assert found["state"] == "unknown"
    assert "no StackSet VedetteMember" in found["said"]


def test_a_member_account_is_seen_where_its_stack_stands(stand_in: StandIn) -> None:
    hub = HubStack(stand_in, (ACCOUNT, MEMBER))
    body = json.dumps(
        {"Resources": {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {}}}}}
    )
    hub.stacks.create_stack_set(StackSetName="VedetteMember", TemplateBody=body)

    assert blind(hub, "account") == {MEMBER: f"no forwarder in {REGION}"}

    hub.stacks.create_stack_instances(
        StackSetName="VedetteMember", Accounts=[MEMBER], Regions=[REGION]
    )

    assert blind(hub, "account") == {}
    assert MEMBER in {one["where"] for one in looks(hub) if one["state"] == "ok"}


def test_accounts_of_the_organisation_that_are_not_watched_are_blind_spots(hub: HubStack) -> None:
    organisation = hub.client("organizations")
    organisation.create_organization(FeatureSet="ALL")
    organisation.create_account(AccountName="other", Email="other@example.com")

    assert list(blind(hub, "account").values()) == [
        "it belongs to the organisation and is not watched"
    ]


def test_what_doctor_may_not_ask_is_unknown_and_not_well(hub: HubStack) -> None:
    well(hub)
    hub.stand_in.faults.deny("sqs:GetQueueAttributes")
    hub.stand_in.faults.deny("events:DescribeRule")

    found = {(one["area"], one["state"]) for one in looks(hub)}

    assert {("queue", "unknown"), ("rules", "unknown")} <= found
    assert ("queue", "ok") not in found
    assert ("rules", "ok") not in found


def test_without_a_hub_it_says_where_it_looked(stand_in: StandIn) -> None:
    place = ("--region", REGION, "--endpoint-url", stand_in.endpoint_url)
    ran = vedette("doctor", "--deployed", *place)

    assert ran.code == 2
    assert f"There is no stack Vedette in {REGION}" in ran.stderr


def test_destroy_asks_and_touches_nothing_where_nobody_answers(hub: HubStack) -> None:
    ran = run(hub, "destroy")

    assert ran.code == 2
    assert "say --yes" in ran.stderr
    assert "stays:   AWS::DynamoDB::Table" in ran.stderr
    assert hub.physical("TablesState")


def test_destroy_removes_the_stack_and_says_how_to_remove_what_stays(hub: HubStack) -> None:
    table = hub.physical("TablesState")

    ran = run(hub, "destroy", "--yes")

    assert ran.code == 0, ran.stderr
    assert f"aws dynamodb delete-table --table-name {table} --region {REGION}" in ran.stdout
    with pytest.raises(hub.stacks.exceptions.ClientError, match="does not exist"):
        hub.stacks.describe_stacks(StackName="Vedette")
