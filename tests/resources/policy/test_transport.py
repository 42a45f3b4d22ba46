from typing import Any

import pytest

from tests.resources.policy.policies import BUCKET, OBJECTS, OWNER, deny, policy
from vedette.resources.arn import ArnError
from vedette.resources.policy.transport import denies_insecure_transport

PLAIN = {"Bool": {"aws:SecureTransport": "false"}}


def refuses(*statements: dict[str, Any], resource: str = BUCKET) -> bool:
    return denies_insecure_transport(policy(*statements), resource)


@pytest.mark.parametrize(
    "statement",
    [
        deny(Principal="*", Condition=PLAIN),
        deny(Principal={"AWS": "*"}, Condition={"Bool": {"AWS:securetransport": False}}),
        deny(
            "*", ["*"], Principal="*", Condition={"BoolIfExists": {"aws:SecureTransport": "False"}}
        ),
        deny(resource=[f"{BUCKET}*"], Principal="*", Condition=PLAIN),
    ],
    ids=str,
)
def test_a_deny_of_plain_http_for_everyone_and_everything_is_recognised(
    statement: dict[str, Any],
) -> None:
    assert refuses(statement)


def test_bucket_and_objects_may_stand_in_two_statements() -> None:
    bucket = deny(resource=[BUCKET], Principal="*", Condition=PLAIN)
    objects = deny(resource=[OBJECTS], Principal="*", Condition=PLAIN)

    assert refuses(bucket, objects)
    assert not refuses(bucket)
    assert not refuses(objects)


@pytest.mark.parametrize(
    "statement",
    [
        deny(Principal="*", Condition={"Bool": {"aws:SecureTransport": "true"}}),
        deny(Principal="*", Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
        deny(Principal="*"),
        deny(Principal="*", Condition=PLAIN | {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
        deny(Principal={"AWS": OWNER}, Condition=PLAIN),
        deny(NotPrincipal={"AWS": OWNER}, Condition=PLAIN),
        deny(Condition=PLAIN),
        deny(["s3:GetObject", "s3:PutObject"], Principal="*", Condition=PLAIN),
        deny(
            resource=["arn:aws:s3:::another", "arn:aws:s3:::another/*"],
            Principal="*",
            Condition=PLAIN,
        ),
        deny(Principal="*", Condition=PLAIN) | {"Effect": "Allow"},
    ],
    ids=str,
)
def test_anything_less_is_not(statement: dict[str, Any]) -> None:
    assert not refuses(statement)


def test_a_topic_has_no_objects_and_its_own_actions() -> None:
    topic = f"arn:aws:sns:eu-west-1:{OWNER}:alerts"

    assert refuses(deny("sns:*", [topic], Principal="*", Condition=PLAIN), resource=topic)
    assert not refuses(deny("s3:*", [topic], Principal="*", Condition=PLAIN), resource=topic)


def test_a_resource_must_be_an_arn() -> None:
    with pytest.raises(ArnError):
        refuses(resource="ledger")
