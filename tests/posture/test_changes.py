from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from vedette.configuration.yaml_file import YamlError
from vedette.posture.changes import LONGEST_ID, MOST_IDS, ChangeMap, Resolution, Unchanged
from vedette.posture.changes_catalogue import load_change_map
from vedette.posture.changes_model import ChangesFile, without_version
from vedette.resources.keys import ResourceKey

ACCOUNT, REGION = "111122223333", "eu-west-1"
SOURCE = "example.amazonaws.com"
THING = "AWS::Example::Thing"


def change_map(events: dict[str, Any] | None = None, **kind: Any) -> ChangeMap:
    given_events = {"names": ["PutThing"], "id": "request.thingId"} | (events or {})
    written = {
        "sources": [SOURCE],
        "versioned": True,
        "resources": [{"type": THING, "events": [given_events], **kind}],
        "examples": [{"event": {"eventName": "PutThing"}, "changes": {THING: ["*"]}}],
    }
    return ChangeMap(files={"example": ChangesFile.model_validate(written)})


def event(parameters: Any = None, **members: Any) -> dict[str, Any]:
    return {
        "eventSource": SOURCE,
        "eventName": "PutThing",
        "awsRegion": REGION,
        "recipientAccountId": ACCOUNT,
        "requestParameters": parameters,
    } | members


def ids(found: Resolution) -> set[str | None]:
    return {key.id for key in found.keys}


def test_an_event_names_the_resource_that_it_changed() -> None:
    found = change_map().resolve(event({"thingId": "t-1"}))

    key = ResourceKey(type=THING, id="t-1", account=ACCOUNT, region=REGION)
    assert found == (frozenset({key}), None)
    assert str(key) == "AWS::Example::Thing t-1"


@pytest.mark.parametrize(
    "parameters",
    [
        {"ThingId": "t-1"},
        {"PutThingRequest": {"ThingId": "t-1"}},
        {"thingId": ["t-1"]},
        {"thingId": {"tag": 1, "content": "t-1"}},
        {"PutThingReq": {"ThingId": [{"tag": 1, "content": "t-1"}]}},
        {"thingId": {"items": ["t-1"]}},
    ],
)
def test_an_id_is_found_in_every_shape_that_parameters_take(parameters: Any) -> None:
    assert ids(change_map().resolve(event(parameters))) == {"t-1"}


def test_a_path_goes_through_sets_of_items() -> None:
    found = change_map({"id": "response.thingSet.thingId"}).resolve(
        event(responseElements={"thingSet": {"items": [{"thingId": "a"}, {"thingId": "b"}]}})
    )

    assert ids(found) == {"a", "b"}


@pytest.mark.parametrize(
    "parameters",
    [
        None,
        {},
        {"thingId": None},
        {"thingId": ""},
        {"thingId": 7},
        {"thingId": {"name": "t-1"}},
        {"thingId": ["t-1", 7]},
        {"thingId": "x" * (LONGEST_ID + 1)},
        {"thingId": "alias/t-1"},
        {"omitted": True},
        "t-1",
    ],
)
def test_what_cannot_be_told_is_every_resource_of_the_type(parameters: Any) -> None:
    found = change_map(alias="alias/").resolve(event(parameters))

    key = ResourceKey(type=THING, id=None, account=ACCOUNT, region=REGION)
    assert found.keys == {key}
    assert str(key) == "AWS::Example::Thing *"


def test_an_event_that_names_a_thousand_resources_stands_for_the_type() -> None:
    few, many = [f"t-{n}" for n in range(MOST_IDS)], [f"t-{n}" for n in range(1_000)]

    assert ids(change_map().resolve(event({"thingId": few}))) == set(few)
    assert ids(change_map().resolve(event({"thingId": many}))) == {None}


def test_endless_parameters_are_not_searched_to_their_end() -> None:
    deep: Any = {"thingId": "t-1"}
    for _ in range(5_000):
        deep = [deep]

    assert ids(change_map().resolve(event(deep))) == {None}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (None, Unchanged.NOT_A_RECORD),
        ([], Unchanged.NOT_A_RECORD),
        ({}, Unchanged.NOT_IN_MAP),
        (event(eventName="GetThing"), Unchanged.NOT_IN_MAP),
        (event(eventSource=["example.amazonaws.com"]), Unchanged.NOT_IN_MAP),
        (event(errorCode="AccessDenied"), Unchanged.FAILED),
        (event(errorCode="Client.DryRunOperation"), Unchanged.FAILED),
        (event(readOnly=True), Unchanged.READ_ONLY),
        (event(awsRegion=None), Unchanged.NO_PLACE),
        (event(recipientAccountId=None), Unchanged.NO_PLACE),
        (event(awsRegion="x" * 1_000), Unchanged.NO_PLACE),
    ],
)
def test_a_record_that_changed_nothing_says_why(record: Any, reason: Unchanged) -> None:
    assert change_map().resolve(record) == (frozenset(), reason)


def test_the_caller_s_account_stands_in_for_a_missing_recipient() -> None:
    record = event({"thingId": "t-1"}, recipientAccountId=None)
    record["userIdentity"] = {"accountId": "444455556666"}

    assert {key.account for key in change_map().resolve(record).keys} == {"444455556666"}


def test_a_version_of_the_api_behind_a_name_does_not_count() -> None:
    found = change_map().resolve(event({"thingId": "t-1"}, eventName="PutThing20150331v2"))

    assert ids(found) == {"t-1"}
    assert without_version("ListDistributions2020_05_31") == "ListDistributions"
    assert without_version("DescribeV2") == "DescribeV2"


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("arn:aws:example:eu-west-1:111122223333:thing/t-1", {"arn": "thing/"}, "t-1"),
        ("arn:aws-cn:example:cn-north-1:111122223333:thing/t-1", {"arn": "thing/"}, "t-1"),
        ("arn:aws:x:::thing/t-1:live", {"arn": "thing/", "until": ":"}, "t-1"),
        ("arn:aws:x:::other/t-1", {"arn": "thing/"}, None),
        ("arn:aws:x:::thing/t-1", {}, None),
        ("arn:nonsense", {"arn": ""}, None),
        ("arn:aws:iam::aws:policy/p", {"whole_arn": True}, "arn:aws:iam::aws:policy/p"),
        ("p", {"whole_arn": True}, None),
        ("t-1", {"only_arns": True, "arn": "thing/"}, None),
        ("https://sqs.eu-west-1.amazonaws.com/111122223333/t-1", {}, "t-1"),
        ("T-1", {"lower_case": True}, "t-1"),
        ("x-1", {"begins": "t-"}, None),
    ],
)
def test_a_text_becomes_the_id_of_a_snapshot(
    text: str, kind: dict[str, Any], expected: str | None
) -> None:
    assert ids(change_map(**kind).resolve(event({"thingId": text}))) == {expected}


def test_resources_of_other_types_are_passed_over_where_types_are_mixed() -> None:
    found = change_map({"mixed": True}, begins="t-")

    assert ids(found.resolve(event({"thingId": ["t-1", "x-1"]}))) == {"t-1"}
    assert found.resolve(event({"thingId": ["x-1"]})) == (frozenset(), Unchanged.OTHER_TYPES)
    assert ids(found.resolve(event({}))) == {None}


def test_an_optional_id_changes_nothing_where_it_is_absent() -> None:
    found = change_map({"optional": True})

    assert found.resolve(event({})) == (frozenset(), Unchanged.OTHER_TYPES)
    assert ids(found.resolve(event({"thingId": 7}))) == {None}


def test_the_first_place_that_names_anything_counts() -> None:
    found = change_map({"id": ["request.thingId", "response.thing.id", "caller"]})
    user = {"type": "IAMUser", "userName": "alice"}

    answered = event({}, responseElements={"thing": {"id": "t-2"}}, userIdentity=user)
    assert ids(found.resolve(event({"thingId": "t-1"}, userIdentity=user))) == {"t-1"}
    assert ids(found.resolve(answered)) == {"t-2"}
    assert ids(found.resolve(event(userIdentity=user))) == {"alice"}
    assert ids(found.resolve(event(userIdentity={"type": "Root", "userName": "alice"}))) == {None}


def test_two_places_may_count_together() -> None:
    found = change_map({"id": ["request.thingId and request.newThingId", "request.thingId"]})

    assert ids(found.resolve(event({"thingId": "a", "newThingId": "b"}))) == {"a", "b"}
    assert ids(found.resolve(event({"thingId": "a"}))) == {"a"}


def test_the_region_is_that_of_the_resource() -> None:
    elsewhere = change_map({"region": "request.location"})
    record = event({"thingId": "t-1", "location": "us-west-2"})

    assert {key.region for key in elsewhere.resolve(record).keys} == {"us-west-2"}
    assert {key.region for key in elsewhere.resolve(event({"thingId": "t"})).keys} == {REGION}
    assert {key.region for key in change_map(region="global").resolve(record).keys} == {"global"}


def test_the_map_reads_the_same_from_json() -> None:
    found = load_change_map()

    again = ChangeMap.model_validate_json(found.model_dump_json())

    assert again.event_names() == found.event_names()
    record = event({"bucketName": "b"}, eventSource="s3.amazonaws.com", eventName="PutBucketAcl")
    assert again.resolve(record) == found.resolve(record)
    assert again.resolve(record).keys


@pytest.mark.parametrize(
    ("events", "kind"),
    [
        ({}, {"type": "AWS::::Account"}),
        ({}, {"service": "s3"}),
        ({}, {"resources": "all"}),
        ({"id": "requestParameters.thingId"}, {}),
        ({"id": "request.thingId and elsewhere"}, {}),
        ({"region": "awsRegion"}, {}),
        ({"names": ["put thing"]}, {}),
        ({"names": []}, {}),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(
    events: dict[str, Any], kind: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        change_map(events, **kind)


def test_a_broken_file_is_named_with_its_line(tmp_path: Any) -> None:
    folder = tmp_path / "changes"
    folder.mkdir()
    (folder / "thing.yml").write_text("sources: [example.amazonaws.com]\nresources: []\n")

    with pytest.raises(YamlError, match=r"thing\.yml:2: resources"):
        load_change_map(directories=[tmp_path], built_in=False)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just("arn:aws:a:b:c:d"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["thingId", "items", "content", "Request"]), inner)
    ),
    max_leaves=20,
)


@given(parameters=JSON, response=JSON, place=JSON)
def test_no_record_makes_the_resolver_raise_or_stay_silent(
    parameters: Any, response: Any, place: Any
) -> None:
    found = change_map({"id": ["request.thingId", "response.thingId", "resources.ARN"]}).resolve(
        event(parameters, responseElements=response, resources=place, awsRegion=place)
    )

    assert bool(found.keys) is (found.unchanged is None)
