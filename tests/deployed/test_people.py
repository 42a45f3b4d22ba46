"""People acknowledge and suppress through the API, in the name that IAM gives them."""

import json

from tests.deployed.harness.iam.policies import Statement
from tests.deployed.harness.iam.principals import Principal
from tests.deployed.harness.stack import ACCOUNT
from tests.deployed.world import World

STOPPED = "defense_evasion/trail_stopped_or_deleted"


def person(*routes: str) -> Principal:
    """Return somebody who may call these routes (`GET/findings`), or none."""
    allowed: Statement = {
        "Effect": "Allow",
        "Action": "execute-api:Invoke",
        "Resource": [f"arn:aws:execute-api:*:{ACCOUNT}:*/$default/{one}" for one in routes],
    }
    return Principal(
        kind="role",
        arn=f"arn:aws:iam::{ACCOUNT}:role/analyst",
        account=ACCOUNT,
        statements=(allowed,) if routes else (),
    )


def found(world: World) -> str:
    world.happen(world.event("cloudtrail", "StopLogging", {"name": "main"}))
    world.settle()
    (finding,) = world.findings(STOPPED)
    return str(finding["pk"]).partition("#")[2]


def test_a_person_acknowledges_a_finding_in_their_own_name(world: World) -> None:
    finding = found(world)
    analyst = person("*")
    path = f"/findings/{finding}/ack"
    answer = world.deployment.api.call(analyst, "POST", path, {"reason": "I am on it."})
    assert answer.status == 200, answer.body
    (state,) = world.findings(STOPPED)
    assert state["status"] == "acknowledged"
    assert analyst.arn in json.dumps(answer.body)


def test_whoever_may_only_read_cannot_acknowledge(world: World) -> None:
    finding = found(world)
    reader = person("GET/findings", "GET/findings/*")
    listed = world.deployment.api.call(reader, "GET", "/findings")
    assert finding in json.dumps(listed.body)
    path = f"/findings/{finding}/ack"
    assert world.deployment.api.call(reader, "POST", path, {"reason": "x"}).status == 403
    (state,) = world.findings(STOPPED)
    assert state["status"] == "open"


def test_whoever_signs_nothing_sees_nothing(world: World) -> None:
    assert world.deployment.api.call(None, "GET", "/findings").status == 403
    assert world.deployment.api.call(person(), "GET", "/findings").status == 403
