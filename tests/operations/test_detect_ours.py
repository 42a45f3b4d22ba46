"""What Vedette does itself raises nothing; whoever pretends to be Vedette does."""

from typing import Any

import pytest

from tests.operations.detecting import World, compiled, failed
from tests.operations.hunting import ACCOUNT, event, rules
from vedette.detection.ir import CompiledRules
from vedette.operations.canary import returned_mark
from vedette.operations.detect_ours import Ours

OTHER = "999988887777"
DENIED = """\
title: Denied
logsource: {product: aws, service: cloudtrail}
detection:
  denied: {errorCode: AccessDenied}
  condition: denied
level: low
"""
CANARY_ROLE = f"arn:aws:iam::{ACCOUNT}:role/vedette/Hub-Canary-1"
BUCKET = "hub-canary"
OURS = Ours(
    accounts=frozenset({ACCOUNT}),
    audit_role="vedette/vedette-audit",
    canary_role=CANARY_ROLE,
    canary_bucket=BUCKET,
)


@pytest.fixture(scope="module")
def denials(tmp_path_factory: pytest.TempPathFactory) -> CompiledRules:
    return compiled(rules(tmp_path_factory.mktemp("rules"), denied=DENIED))


@pytest.fixture
def world(denials: CompiledRules) -> World:
    return World(denials, ours=OURS)


def as_role(arn: str, account: str = ACCOUNT) -> dict[str, Any]:
    name = arn.rpartition("/")[2]
    return {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::{account}:assumed-role/{name}/session",
        "accountId": account,
        "sessionContext": {"sessionIssuer": {"type": "Role", "arn": arn}},
    }


def read_as(arn: str, account: str = ACCOUNT, **members: Any) -> dict[str, Any]:
    """Return the record of a read that was denied."""
    told = {"eventName": "GetKeyPolicy", "errorCode": "AccessDenied", "readOnly": True} | members
    return event(1, userIdentity=as_role(arn, account), **told)


def canary(name: str = "GetBucketTagging", number: int = 1, **members: Any) -> dict[str, Any]:
    told = {
        "eventName": name,
        "eventSource": "s3.amazonaws.com",
        "requestParameters": {"bucketName": BUCKET},
        "requestID": f"REQUEST{number}",
        "readOnly": name.startswith("Get"),
        "errorCode": "AccessDenied",
        "userIdentity": as_role(CANARY_ROLE),
    }
    return event(number, **(told | members))


def test_a_denied_read_of_the_audit_role_raises_nothing(world: World) -> None:
    world.deliver(read_as(f"arn:aws:iam::{ACCOUNT}:role/vedette/vedette-audit"))

    assert world.tracked == []


@pytest.mark.parametrize(
    "record",
    [
        read_as(f"arn:aws:iam::{ACCOUNT}:role/vedette-audit"),
        read_as(f"arn:aws:iam::{ACCOUNT}:role/vedette/vedette-audit-2"),
        read_as(f"arn:aws:iam::{OTHER}:role/vedette/vedette-audit", account=OTHER),
        read_as(f"arn:aws:iam::{OTHER}:role/vedette/vedette-audit", account=ACCOUNT),
        read_as(f"arn:aws:iam::{ACCOUNT}:role/vedette/vedette-audit", readOnly=False),
        read_as(f"arn:aws:iam::{ACCOUNT}:role/vedette/vedette-audit", readOnly="true"),
    ],
    ids=["other path", "longer name", "other account", "other issuer", "write", "read by word"],
)
def test_what_only_looks_like_the_audit_role_s_read_is_loud(
    world: World, record: dict[str, Any]
) -> None:
    world.deliver(record)

    assert len(world.tracked) == 1


def test_the_canary_s_calls_are_marked_by_their_request_and_raise_nothing(world: World) -> None:
    world.deliver(canary(number=1), canary("PutBucketOwnershipControls", number=2))

    assert world.tracked == []
    assert {name: detail for name, (_, detail) in world.marks.marks.items()} == {
        returned_mark("denied_read"): "REQUEST1",
        returned_mark("write"): "REQUEST2",
    }


@pytest.mark.parametrize(
    "record",
    [
        canary(userIdentity=as_role(f"arn:aws:iam::{ACCOUNT}:role/vedette/Hub-Canary-2")),
        canary(requestParameters={"bucketName": "salaries"}),
        canary(name="GetBucketPolicy"),
    ],
    ids=["another role", "another bucket", "another call"],
)
def test_no_other_call_is_taken_for_the_canary_s(world: World, record: dict[str, Any]) -> None:
    world.deliver(record)

    assert world.marks.marks == {}
    assert len(world.tracked) == 1


def test_without_settings_nothing_is_our_own(denials: CompiledRules) -> None:
    world = World(denials)
    world.deliver(canary(), read_as(f"arn:aws:iam::{ACCOUNT}:role/vedette/vedette-audit"))

    assert len(world.tracked) == 2


def test_a_mark_that_cannot_be_set_fails_its_message_alone(world: World) -> None:
    class Broken:
        def set(self, *_: object) -> bool:
            raise ConnectionError("no table")

    world.marks = Broken()  # type: ignore[assignment]

    answer = world.deliver(canary(), read_as(f"arn:aws:iam::{ACCOUNT}:role/somebody"))

    assert failed(answer) == ["m0"]
    assert len(world.tracked) == 1
