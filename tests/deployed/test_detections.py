"""What somebody tries, from the event to the finding and the alert."""

from datetime import timedelta

from tests.deployed.harness.stack import ACCOUNT
from tests.deployed.world import World

STOPPED = "defense_evasion/trail_stopped_or_deleted"
ROOT = "initial_access/root_signed_in"
BURST = "discovery/calls_denied_in_a_burst"


def test_a_trail_that_is_stopped_is_one_finding_and_one_alert(world: World) -> None:
    world.happen(world.event("cloudtrail", "StopLogging", {"name": "main"}))
    world.settle()
    (finding,) = world.findings(STOPPED)
    assert finding["severity"] == "high"
    (alert,) = (one for one in world.alerts() if one["finding"]["rule"] == STOPPED)
    assert alert["transition"]["kind"] == "opened"
    assert alert["finding"]["principal"] == f"arn:aws:iam::{ACCOUNT}:user/mallory"


def test_the_root_user_at_the_console_is_one_finding(world: World) -> None:
    root = {
        "type": "Root",
        "principalId": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:root",
        "accountId": ACCOUNT,
    }
    world.happen(
        world.event(
            "signin",
            "ConsoleLogin",
            userIdentity=root,
            eventType="AwsConsoleSignIn",
            responseElements={"ConsoleLogin": "Success"},
            additionalEventData={"MFAUsed": "Yes"},
        )
    )
    world.settle()
    assert len(world.findings(ROOT)) == 1


def test_a_burst_of_denied_reads_is_counted_across_batches_and_processes(world: World) -> None:
    detect = world.deployment.functions.named(".detect.")
    for part in range(3):
        events = [
            world.denied("DescribeInstances", later=timedelta(seconds=part * 60 + number))
            for number in range(18)
        ]
        world.happen(*events)
        world.settle()
        # What was counted is not in the memory of the function: the next batch gets a cold one.
        world.deployment.functions.kill(world.deployment.functions.role_of(detect))
    assert world.deployment.functions.starts[detect.properties["Handler"]] >= 3
    assert len(world.findings(BURST)) == 1


def test_our_own_denied_reads_raise_nothing(world: World) -> None:
    audit = world.deployment.stack.find("AWS::IAM::Role", "AuditRole").attribute("Arn")
    ours = {
        "type": "AssumedRole",
        "principalId": "AROAEXAMPLE:vedette",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/vedette-audit/vedette",
        "accountId": ACCOUNT,
        "sessionContext": {"sessionIssuer": {"type": "Role", "arn": audit, "accountId": ACCOUNT}},
    }
    world.happen(*(world.denied(userIdentity=ours) for _ in range(50)))
    world.settle()
    assert world.count("detect", "Events") >= 50
    assert world.findings() == []
