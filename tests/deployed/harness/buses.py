"""Event buses: what AWS and others put on them goes to the targets of the rules that match.

Source: Amazon EventBridge User Guide: PutEvents, event patterns, rule state, targets and their
permissions, dead-letter queues, sending events between buses.
"""

import json
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from moto.backends import get_backend

from tests.deployed.harness.endpoint import Endpoint
from tests.deployed.harness.iam.accesses import bus_arn
from tests.deployed.harness.iam.authorizer import ASSUME_ROLE
from tests.deployed.harness.iam.policies import Access
from tests.deployed.harness.iam.principals import Principal, role, service
from tests.deployed.harness.memory import put_message
from vedette.aws.stand_in.call import Answer, Call
from vedette.aws.stand_in.wire import parameters, reply
from vedette.detection.patterns.matching import matches_pattern

EVENTBRIDGE: Final = "events.amazonaws.com"
PUT_EVENTS: Final = "events:PutEvents"
SEND: Final = "sqs:SendMessage"
ALL_READS: Final = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
RESERVED: Final = "aws."
# Source: Amazon EventBridge API Reference, PutEventsResultEntry.
NOT_YOURS: Final = "NotAuthorizedForSourceException"

Envelope = Mapping[str, Any]


class UnsupportedTargetError(Exception):
    """A rule has a target that the harness does not serve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bus:
    """Where an event stands."""

    account: str
    region: str
    name: str = "default"

    @property
    def arn(self) -> str:
        return f"arn:aws:events:{self.region}:{self.account}:event-bus/{self.name}"

    @classmethod
    def of_arn(cls, arn: str) -> "Bus":
        _, _, _, region, account, name = arn.split(":")
        return cls(account=account, region=region, name=name.partition("/")[2])


class Buses:
    """Delivers events. `counts` has what came of them, by what happened."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self.counts: Counter[str] = Counter()
        endpoint.services[PUT_EVENTS] = self._put_events

    def emit(self, envelope: Envelope, *, bus: str = "default") -> None:
        """Put an event on a bus of its account and region, as AWS itself does."""
        place = Bus(account=envelope["account"], region=envelope["region"], name=bus)
        self._route(envelope, place, forwarded=False)

    def _put_events(self, who: Principal, call: Call) -> Answer:
        entries = [self._put(who, call, one) for one in parameters(call)["Entries"]]
        failed = sum("ErrorCode" in one for one in entries)
        return reply(call, {"FailedEntryCount": failed, "Entries": entries})

    def _put(self, who: Principal, call: Call, entry: Mapping[str, Any]) -> dict[str, str]:
        if entry["Source"].startswith(RESERVED):
            self.counts["refused: reserved source"] += 1
            return {"ErrorCode": NOT_YOURS, "ErrorMessage": "Not authorized for the source."}
        envelope = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": entry["DetailType"],
            "source": entry["Source"],
            # The account of whoever calls, which no caller can choose.
            "account": who.account or call.account,
            "time": "2026-01-01T00:00:00Z",
            "region": call.region,
            "resources": entry.get("Resources", []),
            "detail": json.loads(entry["Detail"]),
        }
        place = Bus.of_arn(bus_arn(call, entry.get("EventBusName") or "default"))
        self._route(envelope, place, forwarded=False)
        return {"EventId": envelope["id"]}

    def _route(self, envelope: Envelope, bus: Bus, *, forwarded: bool) -> None:
        backend = get_backend("events")[bus.account][bus.region]
        matched = False
        for rule in list(backend.event_buses[bus.name].rules.values()):
            if _lets_through(rule, envelope):
                matched = True
                for target in rule.targets:
                    self._send(envelope, rule.arn, target, forwarded=forwarded)
        self.counts["matched" if matched else "unmatched"] += 1

    def _send(
        self, envelope: Envelope, rule: str, target: Mapping[str, Any], *, forwarded: bool
    ) -> None:
        arn = target["Arn"]
        kind = arn.split(":")[2]
        if kind == "sqs":
            delivered = self._send_to_queue(envelope, rule, arn)
        elif kind == "events":
            delivered = self._forward(envelope, target, forwarded=forwarded)
        else:
            raise UnsupportedTargetError(arn)
        self.counts["delivered" if delivered else "undelivered"] += 1
        if not delivered and (letters := target.get("DeadLetterConfig")):
            self._send_to_queue(envelope, rule, letters["Arn"])

    def _send_to_queue(self, envelope: Envelope, rule: str, arn: str) -> bool:
        account = rule.split(":")[4]
        context = {"aws:sourcearn": rule, "aws:sourceaccount": account}
        access = Access(action=SEND, resource=arn)
        if not self._endpoint.authorizer.permits(service(EVENTBRIDGE, account), access, context):
            return False
        put_message(arn, json.dumps(envelope))
        return True

    def _forward(self, envelope: Envelope, target: Mapping[str, Any], *, forwarded: bool) -> bool:
        if forwarded:
            # What was forwarded is not forwarded again, and nobody is told.
            self.counts["not forwarded twice"] += 1
            return True
        permits = self._endpoint.authorizer.permits
        assumed = Access(action=ASSUME_ROLE, resource=target["RoleArn"])
        access = Access(action=PUT_EVENTS, resource=target["Arn"])
        who = role(target["RoleArn"])
        if not (permits(service(EVENTBRIDGE, who.account), assumed) and permits(who, access)):
            return False
        self._route(envelope, Bus.of_arn(target["Arn"]), forwarded=True)
        return True


def _lets_through(rule: Any, envelope: Envelope) -> bool:
    if rule.state == "DISABLED" or (rule.state != ALL_READS and _only_reads(envelope)):
        return False
    return matches_pattern(json.loads(rule.event_pattern.dump()), envelope)


def _only_reads(envelope: Envelope) -> bool:
    """Tell whether it is a management event that only reads: an enabled rule does not see it."""
    record = envelope["detail"]
    return record.get("readOnly") is True and record.get("managementEvent") is not False
