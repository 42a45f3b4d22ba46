"""Whatever a condition matches passes the patterns that are made of it."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.detection.patterns.asking import passes, rule
from vedette.detection.conditions import AllOf, AnyOf, Condition, Exists, Not, Null, Pattern, Text
from vedette.detection.match.naive import holds
from vedette.detection.patterns.boxes import WRITES, boxes_of
from vedette.detection.patterns.envelope import is_left_out_by_default
from vedette.detection.patterns.packing import packed

VALUES = {
    "eventSource": ("iam.amazonaws.com", "s3.amazonaws.com", "IAM.amazonaws.com"),
    "eventName": ("CreateUser", "GetUser", "getuser", "ListBuckets", "StopQuery", "Decrypt"),
    "errorCode": ("AccessDenied", "Client.UnauthorizedOperation", "accessdenied", "NoSuchEntity"),
    "userIdentity.type": ("Root", "IAMUser"),
    "userIdentity.principalId": ("AROA:i-0abc", "AROA:alice", "AROA:I-9"),
    "userAgent": ("aws-cli/2", "ScoutSuite", "scoutsuite 5", "Boto3/1"),
    "requestParameters.omitted": (True, False, "true", "True"),
    "managementEvent": (True, False),
    "readOnly": (True, False),
    "requestParameters.userName": ("alice",),
}
PARTS = ("i-", "get", "Access", "Denied", "Scout", "USER", "amazonaws", "Unauthorized", "", "*")


def record(values: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in values.items():
        *way, last = name.split(".")
        below = made
        for one in way:
            below = below.setdefault(one, {})
        below[last] = value
    # What a call does by its name CloudTrail does not say otherwise.
    if WRITES.match(str(made.get("eventName", ""))) and "readOnly" in made:
        made["readOnly"] = False
    return made


def texts_for(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([*(str(one) for one in VALUES[name]), *PARTS])


def predicates() -> st.SearchStrategy[Condition]:
    return st.sampled_from(sorted(VALUES)).flatmap(
        lambda name: st.one_of(
            st.builds(
                Text,
                st.just(name),
                st.sampled_from(["is", "starts", "ends", "contains", "like"]),
                st.lists(texts_for(name), min_size=1, max_size=3).map(tuple),
                st.booleans(),
            ),
            st.just(Null(name)),
            st.just(Exists(name)),
            st.just(Pattern(name, "(?i)e")),
            st.just(Text("vedette.policy.opens_to_everyone", "is", ("true",))),
        )
    )


CONDITIONS = st.recursive(
    predicates(),
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda some: AllOf(tuple(some)))
        | st.lists(inner, max_size=4).map(lambda some: AnyOf(tuple(some)))
        | inner.map(Not)
    ),
    max_leaves=8,
)
RECORDS = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in VALUES.items()}
).map(record)


@settings(max_examples=400, deadline=None)
@given(
    conditions=st.lists(CONDITIONS, min_size=1, max_size=4), event=RECORDS, most=st.integers(1, 3)
)
@example(
    conditions=[
        Text("errorCode", "contains", ("",)),
        AllOf(
            (Text("errorCode", "is", ("AccessDenied",)), Text("eventName", "is", ("CreateUser",)))
        ),
    ],
    event={"errorCode": "AccessDenied"},
    most=1,
)
def test_whatever_a_condition_matches_passes_a_pattern(
    conditions: list[Condition], event: dict[str, Any], most: int
) -> None:
    boxes = [box for one in conditions for box in boxes_of(rule(one))]
    writing = [box for box in boxes if box.read_only == {False}]
    others = [box for box in boxes if box.read_only != {False}]
    patterns = packed(others, most) if others else []
    if not is_left_out_by_default(event):
        patterns += packed(writing, most) if writing else []

    if any(holds(one, event, {}) for one in conditions):
        assert passes(patterns, event)
