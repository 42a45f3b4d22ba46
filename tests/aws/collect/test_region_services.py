"""How AWS Config, GuardDuty and Security Hub tell off from denied, and what they watch."""

from typing import Any

import pytest

from tests.aws.collecting import REGION, US, collect, found, pages
from tests.fakes.clients import Answer, FakeClients, raising, refused
from vedette.resources.config import ConfigRegion, RecorderStatus
from vedette.resources.facts import known
from vedette.resources.guardduty import GuardDutyRegion
from vedette.resources.resource import Resource
from vedette.resources.securityhub import SecurityHubRegion


def recorder(**group: Any) -> dict[str, Answer]:
    listed = {"name": "default", "recordingGroup": group}
    return {"describe_configuration_recorders": lambda **_: {"ConfigurationRecorders": [listed]}}


def config(answers: dict[str, Answer], *facts: str) -> ConfigRegion:
    collected = collect(FakeClients(answers=answers), ConfigRegion, *facts)
    return found(collected, ConfigRegion)[US]


@pytest.mark.parametrize(
    ("group", "everything", "iam", "excluded"),
    [
        ({"allSupported": True, "includeGlobalResourceTypes": True}, True, True, set()),
        ({"allSupported": True, "includeGlobalResourceTypes": False}, True, False, set()),
        ({"allSupported": False, "resourceTypes": ["AWS::EC2::VPC"]}, False, False, set()),
        (
            {
                "allSupported": False,
                "resourceTypes": [
                    *("AWS::IAM::User", "AWS::IAM::Role"),
                    *("AWS::IAM::Group", "AWS::IAM::Policy"),
                ],
            },
            False,
            True,
            set(),
        ),
        (
            {
                "allSupported": False,
                "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
                "exclusionByResourceTypes": {"resourceTypes": ["AWS::IAM::Role", "AWS::EC2::VPC"]},
            },
            True,
            False,
            {"AWS::EC2::VPC"},
        ),
    ],
)
def test_a_recorder_tells_what_it_takes(
    group: dict[str, Any], everything: bool, iam: bool, excluded: set[str]
) -> None:
    (one,) = known(config(recorder(**group)).recorders)

    assert (one.takes_every_type, one.takes_global_types) == (everything, iam)
    assert one.excluded == excluded


def test_a_recorder_has_a_status() -> None:
    status = {"name": "default", "recording": True, "lastStatus": "FAILURE"}
    answers = recorder(allSupported=True) | {
        "describe_configuration_recorder_status": lambda **_: {
            "ConfigurationRecordersStatus": [status]
        }
    }

    statuses = known(config(answers, "statuses").statuses)

    assert statuses == {"default": RecorderStatus(recording=True, last_status="FAILURE")}
    assert statuses["default"].has_failed


def test_without_a_recorder_nothing_more_is_asked() -> None:
    none: dict[str, Answer] = {
        "describe_configuration_recorders": lambda **_: {"ConfigurationRecorders": []}
    }

    region = config(none, "statuses", "delivery_channels")

    assert known(region.statuses) == {}
    assert known(region.delivery_channels) == ()


def guardduty(detector: dict[str, Any]) -> GuardDutyRegion:
    source = FakeClients(
        answers={"get_detector": lambda **_: detector},
        pages={"list_detectors": pages("DetectorIds", ["d1"])},
    )
    return found(collect(source, GuardDutyRegion), GuardDutyRegion)[US]


def test_a_detector_tells_the_features_that_are_on() -> None:
    features = [
        {"Name": "S3_DATA_EVENTS", "Status": "ENABLED"},
        {"Name": "RDS_LOGIN_EVENTS", "Status": "DISABLED"},
    ]

    (one,) = known(guardduty({"Status": "ENABLED", "Features": features}).detectors)

    assert one.is_enabled
    assert one.features == {"S3_DATA_EVENTS"}


@pytest.mark.parametrize(
    ("status", "features"), [("ENABLED", {"S3_DATA_EVENTS"}), ("DISABLED", set())]
)
def test_an_answer_without_features_tells_s3_among_the_data_sources(
    status: str, features: set[str]
) -> None:
    sources = {"S3Logs": {"Status": status}}

    (one,) = known(guardduty({"Status": "ENABLED", "DataSources": sources}).detectors)

    assert one.features == features


def hub(answers: dict[str, Answer], standards: list[dict[str, str]]) -> SecurityHubRegion:
    product = f"arn:aws:securityhub:{REGION}:{US}:product-subscription/aws/"
    source = FakeClients(
        answers=answers,
        pages={
            "get_enabled_standards": pages("StandardsSubscriptions", standards),
            "list_enabled_products_for_import": pages(
                "ProductSubscriptions", [f"{product}securityhub"], [f"{product}macie"]
            ),
        },
    )
    return found(collect(source, SecurityHubRegion, "feeds"), SecurityHubRegion)[US]


ON: dict[str, Answer] = {"describe_hub": lambda **_: {"HubArn": "arn"}}


def test_security_hub_that_is_off_is_not_asked_what_feeds_it() -> None:
    region = hub({"describe_hub": raising(refused("InvalidAccessException"))}, [])

    assert known(region.is_enabled) is False
    assert known(region.feeds) == frozenset()


def test_security_hub_names_its_standards_but_those_that_are_going() -> None:
    standards = [
        {"StandardsArn": "arn:cis", "StandardsStatus": "READY"},
        {"StandardsArn": "arn:old", "StandardsStatus": "DELETING"},
    ]

    assert known(hub(ON, standards).feeds) == {"arn:cis"}


def test_security_hub_without_standards_names_products_but_its_own() -> None:
    (product,) = known(hub(ON, []).feeds)

    assert product.endswith("/aws/macie")


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        (ConfigRegion, "describe_configuration_recorders"),
        (GuardDutyRegion, "list_detectors"),
        (SecurityHubRegion, "describe_hub"),
    ],
)
def test_denied_is_not_off(kind: type[Resource], method: str) -> None:
    source = FakeClients(answers={method: raising(refused("AccessDeniedException"))})

    collected = collect(source, kind)

    assert not collected.resources
    assert [one.problem is not None for one in collected.listings] == [True]
