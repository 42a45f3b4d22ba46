"""How keys are found and described."""

from typing import Any

from tests.aws.collecting import REGION, US, collect, found, pages
from tests.fakes.clients import FakeClients, raising, refused
from vedette.resources.facts import known, why_unreadable
from vedette.resources.kms import KmsKey, Rotation

ARN = f"arn:aws:kms:{REGION}:{US}:key/"
SYMMETRIC = {
    "KeyManager": "CUSTOMER",
    "KeyState": "Enabled",
    "KeySpec": "SYMMETRIC_DEFAULT",
    "KeyUsage": "ENCRYPT_DECRYPT",
    "Origin": "AWS_KMS",
}
ASYMMETRIC = {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}
DESCRIPTIONS: dict[str, dict[str, Any]] = {
    "one": {},
    "imported": {"Origin": "EXTERNAL"},
    "signing": ASYMMETRIC,
    "of-aws": {"KeyManager": "AWS"},
}


def describe(*, KeyId: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
    if KeyId == "locked":
        raise refused("AccessDeniedException")
    return {"KeyMetadata": SYMMETRIC | DESCRIPTIONS[KeyId]}


def clients(*keys: str, **answers: Any) -> FakeClients:
    aliases = [
        {"AliasName": "alias/aws/s3", "TargetKeyId": "aws-s3"},
        {"AliasName": "alias/aws/unused"},
        {"AliasName": "alias/awsome", "TargetKeyId": "one"},
    ]
    return FakeClients(
        answers={"describe_key": describe} | answers,
        pages={
            "list_keys": pages("Keys", [{"KeyId": key} for key in keys], [{"KeyId": "aws-s3"}]),
            "list_aliases": pages("Aliases", aliases[:1], aliases[1:]),
        },
    )


def test_keys_of_aws_are_left_out_by_their_alias() -> None:
    collected = collect(clients("one", "signing"), KmsKey, "description")

    assert sorted(found(collected, KmsKey)) == ["one", "signing"]


def test_a_key_that_denies_its_description_leaves_the_others_readable() -> None:
    collected = collect(clients("one", "locked"), KmsKey, "description")

    keys = found(collected, KmsKey)
    assert known(keys["one"].description).can_rotate
    assert "kms:DescribeKey was denied" in (why_unreadable(keys["locked"].description) or "")


def test_rotation_is_asked_only_of_keys_that_can_rotate() -> None:
    asked: list[str] = []

    def rotation(*, KeyId: str) -> dict[str, Any]:  # noqa: N803
        asked.append(KeyId)
        return {"KeyRotationEnabled": True, "RotationPeriodInDays": 90}

    source = clients(*DESCRIPTIONS, get_key_rotation_status=rotation)

    keys = found(collect(source, KmsKey, "description", "rotation"), KmsKey)

    assert asked == ["one"]
    assert known(keys["one"].rotation) == Rotation(enabled=True, period_days=90)
    assert known(keys["signing"].rotation) is None
    assert known(keys["imported"].rotation) is None


def test_a_key_that_does_not_support_rotation_is_no_error() -> None:
    unsupported = raising(refused("UnsupportedOperationException"))
    source = clients("signing", get_key_rotation_status=unsupported)

    collected = collect(source, KmsKey, "rotation")

    assert known(found(collected, KmsKey)["signing"].rotation) is None
    assert all(one.complete for one in collected.coverage)


def test_a_key_by_its_arn_is_not_searched_for() -> None:
    source = FakeClients(answers={"describe_key": describe})

    collected = collect(source, KmsKey, "description", only=f"{ARN}one")

    assert sorted(found(collected, KmsKey)) == ["one"]


def test_a_key_of_another_region_is_not_looked_for_here() -> None:
    elsewhere = f"arn:aws:kms:us-east-1:{US}:key/one"

    collected = collect(FakeClients(), KmsKey, "description", only=elsewhere)

    assert not collected.resources


def test_a_policy_out_of_shape_is_unreadable() -> None:
    source = clients("one", get_key_policy=lambda **_: {"Policy": '{"Statement": "*"}'})

    collected = collect(source, KmsKey, "policy")

    assert "unexpected answer" in (why_unreadable(found(collected, KmsKey)["one"].policy) or "")
