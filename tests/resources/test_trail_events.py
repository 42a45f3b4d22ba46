from typing import Any

import pytest

from vedette.resources.trail_events import (
    ALL_MANAGEMENT_EVENTS,
    EventSelection,
    parse_selectors,
    records_management_event,
    records_s3_objects,
    unrecorded_management_events,
)

ALL_BUCKETS = {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}


def basic(**fields: Any) -> tuple[EventSelection, ...]:
    return parse_selectors([{"ReadWriteType": "All", "IncludeManagementEvents": True} | fields], [])


def advanced(*fields: dict[str, Any]) -> tuple[EventSelection, ...]:
    return parse_selectors([], [{"Name": "any", "FieldSelectors": list(fields)}])


def equals(field: str, *values: str) -> dict[str, Any]:
    return {"Field": field, "Equals": list(values)}


MANAGEMENT = equals("eventCategory", "Management")
DATA = equals("eventCategory", "Data")
S3_OBJECTS = equals("resources.type", "AWS::S3::Object")


def test_a_trail_without_selectors_records_all_management_events_and_no_data() -> None:
    selections = parse_selectors([], [])

    assert unrecorded_management_events(selections) == ()
    assert not records_s3_objects(selections, "read")


def test_basic_selectors_say_reading_or_writing() -> None:
    assert unrecorded_management_events(basic(ReadWriteType="WriteOnly")) == ("read events",)
    assert unrecorded_management_events(basic(ReadWriteType="ReadOnly")) == ("write events",)


def test_basic_selectors_can_leave_management_events_out() -> None:
    selections = basic(IncludeManagementEvents=False, DataResources=[ALL_BUCKETS])

    assert unrecorded_management_events(selections) == ("read events", "write events")
    assert records_s3_objects(selections, "write")


def test_sources_left_out_are_told_unless_tolerated() -> None:
    selections = basic(ExcludeManagementEventSources=["kms.amazonaws.com"])

    assert unrecorded_management_events(selections) == (
        "read events of kms.amazonaws.com",
        "write events of kms.amazonaws.com",
    )
    tolerated = frozenset({"kms.amazonaws.com"})
    assert unrecorded_management_events(selections, tolerated) == ()
    assert not records_management_event(selections, "kms.amazonaws.com", "write")
    assert records_management_event(selections, "ec2.amazonaws.com", "write")


def test_a_source_that_another_selector_takes_is_recorded() -> None:
    without_kms = basic(ExcludeManagementEventSources=["kms.amazonaws.com"])
    without_rds = basic(ExcludeManagementEventSources=["rdsdata.amazonaws.com"])

    assert unrecorded_management_events(without_kms + without_rds) == ()


def test_reading_by_one_and_writing_by_another_selector_is_everything() -> None:
    selections = basic(ReadWriteType="ReadOnly") + basic(ReadWriteType="WriteOnly")

    assert unrecorded_management_events(selections) == ()


@pytest.mark.parametrize("value", ["arn:aws:s3", "arn:aws:s3:::", "arn:aws-cn:s3"])
def test_a_basic_selector_takes_all_buckets(value: str) -> None:
    resources = [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::one/", value]}]

    assert records_s3_objects(basic(DataResources=resources), "read")


@pytest.mark.parametrize(
    "resource",
    [
        {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::one/"]},
        {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::one"]},
        {"Type": "AWS::Lambda::Function", "Values": ["arn:aws:lambda"]},
        {"Type": "AWS::S3::Object", "Values": []},
    ],
)
def test_a_basic_selector_of_certain_resources_does_not_take_all_buckets(
    resource: dict[str, Any],
) -> None:
    assert not records_s3_objects(basic(DataResources=[resource]), "read")


def test_an_advanced_selector_of_management_events_takes_them_all() -> None:
    assert advanced(MANAGEMENT) == (ALL_MANAGEMENT_EVENTS,)


def test_an_advanced_selector_says_reading_or_writing() -> None:
    assert unrecorded_management_events(advanced(MANAGEMENT, equals("readOnly", "true"))) == (
        "write events",
    )
    assert unrecorded_management_events(advanced(MANAGEMENT, equals("readOnly", "false"))) == (
        "read events",
    )


def test_an_advanced_selector_can_leave_sources_out() -> None:
    field = {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]}

    (selection,) = advanced(MANAGEMENT, field)

    assert selection.excluded_sources == frozenset({"kms.amazonaws.com"})


@pytest.mark.parametrize(
    "field",
    [
        equals("eventSource", "ec2.amazonaws.com"),
        {"Field": "eventSource", "NotStartsWith": ["kms"]},
        {"Field": "eventName", "NotEquals": ["Decrypt"]},
        {"Field": "userIdentity.arn", "NotStartsWith": ["arn:aws:iam::111122223333:role/x"]},
    ],
)
def test_an_advanced_selector_of_some_management_events_is_not_all_of_them(
    field: dict[str, Any],
) -> None:
    assert advanced(MANAGEMENT, field) == ()


def test_an_advanced_selector_takes_all_objects() -> None:
    everything = advanced(DATA, S3_OBJECTS)
    by_prefix = advanced(
        DATA, S3_OBJECTS, {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::"]}
    )

    assert everything == by_prefix
    assert records_s3_objects(everything, "read")
    assert records_s3_objects(everything, "write")


@pytest.mark.parametrize(
    "field",
    [
        {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::one/"]},
        {"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::noise/"]},
        {"Field": "resources.ARN", "NotEquals": ["arn:aws:s3:::noise/key"]},
        equals("eventName", "PutObject"),
    ],
)
def test_an_advanced_selector_of_some_objects_is_not_all_of_them(field: dict[str, Any]) -> None:
    assert advanced(DATA, S3_OBJECTS, field) == ()


def test_other_categories_and_types_select_nothing_of_ours() -> None:
    assert advanced(equals("eventCategory", "NetworkActivity")) == ()
    assert advanced(DATA, equals("resources.type", "AWS::Lambda::Function")) == ()
    assert advanced() == ()
