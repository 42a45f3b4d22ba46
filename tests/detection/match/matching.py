"""Rules, records and files for the tests of the class matcher."""

from collections.abc import Iterable
from typing import Any

import orjson

from tests.detection.compile.sigma_texts import rule_of
from vedette.detection.ir import CompiledExclusion, CompiledRules, Text
from vedette.detection.match.matcher import Hit, RuleMatcher

STOP = rule_of("sel: {eventName: StopLogging, errorCode: null}\ncondition: sel")
NAMED = rule_of("sel: {requestParameters.name|endswith: prod}\ncondition: sel")
ROOT = rule_of("sel: {userIdentity.type: Root}\ncondition: sel")
ALICE = CompiledExclusion(
    id="alice",
    title="Alice",
    condition=Text("userIdentity.arn", "ends", ("/alice",)),
    selections={},
)
BIG = CompiledExclusion(
    id="big", title="Big", condition=Text("requestParameters.size", "is", ("big",)), selections={}
)


def matcher(*rules: Any, exclusions: Iterable[CompiledExclusion] = (), **more: Any) -> RuleMatcher:
    compiled = CompiledRules(rules=rules or (STOP, NAMED, ROOT), exclusions=tuple(exclusions))
    return RuleMatcher(compiled, **more)


def record(event_name: str = "GetObject", **more: Any) -> dict[str, Any]:
    """Make a record with its members in CloudTrail's order."""
    identity = {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/alice"}
    return {
        "eventVersion": "1.09",
        "userIdentity": identity,
        "eventSource": "cloudtrail.amazonaws.com",
        "eventName": event_name,
        "sourceIPAddress": "10.0.0.1",
        "userAgent": "test",
    } | more


def file(*records: Any) -> bytes:
    return orjson.dumps({"Records": list(records)})


def found(hits: Iterable[Hit]) -> list[tuple[int, list[int]]]:
    return [(hit.position, [rule for rule, _ in hit.rules]) for hit in hits]
