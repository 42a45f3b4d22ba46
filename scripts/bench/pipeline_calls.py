"""How many AWS calls the functions make for an event, for a finding, and for each run."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from scripts.bench.pipeline_world import Function, Handled, World, batch, streamed
from vedette.detection.patterns.envelope import envelope_of

FINDINGS_WRITES = ("dynamodb:TransactWriteItems findings", "dynamodb:UpdateItem findings")
WRITES = (*FINDINGS_WRITES, "dynamodb:UpdateItem state", "dynamodb:PutItem state")
# Somebody stops the trail of each account so many times: fewer than tell people again (ten).
TIMES = 5
Figures: TypeAlias = dict[str, Any]


def counted_calls(world: World, accounts: Sequence[str]) -> Figures:
    """Count the calls of detection and of the alerts, for findings in so many accounts."""
    return {
        "detect": _detect(world, accounts),
        "dispatch, one finding": _dispatch(world),
        "reconcile, nothing to do": _reconcile(world),
    }


def writes(handled: Handled) -> int:
    """Return how many calls write to a table."""
    return handled.count(*WRITES)


def _detect(world: World, accounts: Sequence[str]) -> Figures:
    with world.function("detect") as detect:
        # The first call notes since when rules with memory observe.
        detect.handle(batch([]))
        quiet = _looked_at(detect, accounts, range(TIMES))
        first = _stopped(detect, accounts, range(1))
        opened = len(world.findings())
        again = _stopped(detect, accounts, range(1, TIMES))
    return {
        "events that match nothing": {"calls": dict(quiet.calls), "writes": writes(quiet)},
        "opened": {
            "findings": opened,
            "calls": dict(first.calls),
            "writes of findings for each": first.count(*FINDINGS_WRITES) / opened,
        },
        "repeated": {
            "events": len(accounts) * (TIMES - 1),
            "findings": opened,
            "new findings": len(world.findings()) - opened,
            "calls": dict(again.calls),
            "calls for each event": round(
                sum(again.calls.values()) / len(accounts) / (TIMES - 1), 2
            ),
            "writes of findings for each": again.count(*FINDINGS_WRITES) / opened,
        },
    }


def _stopped(detect: Function, accounts: Sequence[str], times: range) -> Handled:
    return detect.handle(batch(map(envelope_of, trails_stopped(accounts, times))))


def _looked_at(detect: Function, accounts: Sequence[str], times: range) -> Handled:
    """Let the same people make calls that no rule asks for."""
    stopped = trails_stopped(accounts, times)
    quiet = ({**one, "eventName": "GetWidget", "readOnly": True} for one in stopped)
    return detect.handle(batch(map(envelope_of, quiet)))


def _dispatch(world: World) -> Figures:
    with world.function("dispatch") as dispatch:
        handled = dispatch.handle(streamed(world.findings()[:1]))
    return {"calls": dict(handled.calls), "answer": handled.answer}


def _reconcile(world: World) -> Figures:
    with world.function("reconcile") as reconcile:
        reconcile.handle({})
        handled = reconcile.handle({})
    return {"calls": dict(handled.calls)}


def trails_stopped(accounts: Sequence[str], times: range) -> Iterator[Mapping[str, Any]]:
    """Yield the records of trails that are stopped, one in each account at each of these times."""
    for number in times:
        for account in accounts:
            yield {
                "eventVersion": "1.09",
                "userIdentity": {
                    "type": "IAMUser",
                    "arn": f"arn:aws:iam::{account}:user/eve",
                    "accountId": account,
                    "userName": "eve",
                },
                "eventTime": f"2026-05-01T10:{number:02d}:00Z",
                "eventSource": "cloudtrail.amazonaws.com",
                "eventName": "StopLogging",
                "awsRegion": "eu-west-1",
                "sourceIPAddress": "198.51.100.7",
                "userAgent": "aws-cli/2.30.0",
                "requestParameters": {"name": "audit"},
                "responseElements": None,
                "requestID": f"00000000-0000-4000-8{number:03d}-{account}",
                "eventID": f"00000000-0000-4000-9{number:03d}-{account}",
                "readOnly": False,
                "eventType": "AwsApiCall",
                "managementEvent": True,
                "recipientAccountId": account,
                "eventCategory": "Management",
            }
