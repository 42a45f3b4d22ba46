import json

import pytest

from tests.detection.patterns.asking import passes, rule
from vedette.detection.conditions import ALWAYS, NEVER, Condition, Not, Text, all_of, any_of
from vedette.detection.patterns.boxes import Box, boxes_of, narrowest
from vedette.detection.patterns.envelope import envelope_of
from vedette.detection.patterns.matchers import values_asked
from vedette.detection.patterns.matching import matches_pattern
from vedette.detection.patterns.packing import LONGEST_PATTERN, packed, pattern_text


def boxes(*conditions: Condition) -> list[Box]:
    return narrowest(box for one in conditions for box in boxes_of(rule(one)))


def named(name: str, *values: str) -> Text:
    return Text(name, "is", values)


CREATE_USER = all_of(named("eventSource", "iam.amazonaws.com"), named("eventName", "CreateUser"))


def test_a_rule_that_names_calls_asks_for_these_calls_alone() -> None:
    patterns = packed(boxes(CREATE_USER), 1)

    assert [pattern_text(one) for one in patterns] == [
        '{"source":[{"prefix":"aws."}],"detail-type":[{"suffix":" via CloudTrail"}],"detail":'
        '{"eventName":[{"equals-ignore-case":"CreateUser"}],'
        '"eventSource":[{"equals-ignore-case":"iam.amazonaws.com"}]}}'
    ]


def test_a_forged_source_never_passes() -> None:
    envelope = envelope_of({"eventSource": "iam.amazonaws.com", "eventName": "CreateUser"})
    (pattern,) = packed(boxes(CREATE_USER), 1)

    assert matches_pattern(pattern, envelope)
    assert not matches_pattern(pattern, envelope | {"source": "my.aws.iam"})


@pytest.mark.parametrize(
    "spelling", ["AWS Console Sign In via CloudTrail", "AWS Console Signin via CloudTrail"]
)
def test_sign_ins_pass_in_both_spellings_of_their_type(spelling: str) -> None:
    (pattern,) = packed(boxes(named("eventName", "ConsoleLogin")), 1)
    event = envelope_of({"eventName": "ConsoleLogin", "eventType": "AwsConsoleSignIn"})

    assert event["detail-type"] == "AWS Console Sign In via CloudTrail"
    assert matches_pattern(pattern, event | {"detail-type": spelling})


def test_calls_that_write_need_no_look_at_calls_that_read() -> None:
    written, both = boxes_of(rule(named("eventName", "GetUser", "DeleteUser")))

    assert written.read_only == {False}
    assert values_asked(written.asked["eventName"]) == frozenset({"deleteuser"})
    assert both.read_only == {True, False}
    assert boxes(Not(Text("readOnly", "is", ("true",)))) == [Box({}, frozenset({False}))]
    assert boxes(Text("readOnly", "is", ("false",))) == [Box({}, frozenset({False}))]


def test_a_derived_field_is_as_wide_as_the_calls_that_have_it() -> None:
    (policy,) = boxes(Text("vedette.policy.opens_to_everyone", "is", ("true",)))
    (person,) = boxes(Text("vedette.principal", "contains", ("alice",)))

    assert policy == Box({}, frozenset({False}))
    assert person == Box()


def test_a_condition_that_never_holds_asks_for_nothing() -> None:
    assert boxes(NEVER) == []
    assert boxes(ALWAYS) == [Box()]
    assert (
        boxes(all_of(Text("readOnly", "is", ("true",)), Text("readOnly", "is", ("false",)))) == []
    )


def test_rules_about_the_same_service_share_a_box() -> None:
    others = all_of(named("eventSource", "iam.amazonaws.com"), named("eventName", "DeleteUser"))

    (box,) = boxes(CREATE_USER, others)

    assert values_asked(box.asked["eventName"]) == frozenset({"createuser", "deleteuser"})


def test_a_box_inside_of_another_is_left_out() -> None:
    assert boxes(CREATE_USER, named("eventName", "CreateUser")) == boxes(
        named("eventName", "CreateUser")
    )


def test_a_text_inside_of_an_error_code_is_asked_for_as_aws_spells_it() -> None:
    (box,) = boxes(Text("errorCode", "contains", ("AccessDenied",)))
    (lower,) = boxes(Text("errorCode", "contains", ("accessdenied",)))

    asked = [json.loads(one) for one in sorted(box.asked["errorCode"])]
    assert asked == [{"wildcard": "*AccessDenied*"}, {"wildcard": "*accessdenied*"}]
    assert lower.asked["errorCode"] == {'{"exists":true}'}


def test_a_text_inside_of_a_user_agent_can_be_asked_for_only_with_its_case() -> None:
    (cased,) = boxes(Text("userAgent", "contains", ("pacu/",), True))
    (any_case,) = boxes(Text("userAgent", "contains", ("pacu/",)))

    assert cased.asked["userAgent"] == {'{"wildcard":"*pacu/*"}'}
    assert any_case == Box()


def many(count: int) -> list[Box]:
    return boxes(
        *(
            all_of(named("eventSource", f"s{n % 7}.amazonaws.com"), named("eventName", f"GetIt{n}"))
            for n in range(count)
        )
    )


@pytest.mark.parametrize("most", [1, 2, 3, 12])
@pytest.mark.parametrize("count", [1, 40, 800])
def test_patterns_are_short_and_few(most: int, count: int) -> None:
    patterns = packed(many(count), most)

    assert len(patterns) <= most
    assert all(len(pattern_text(one)) <= LONGEST_PATTERN for one in patterns)
    for number in (0, count // 2, count - 1):
        source = f"s{number % 7}.amazonaws.com"
        assert passes(patterns, {"eventSource": source, "eventName": f"GetIt{number}"})


def test_room_that_is_there_is_used_for_names() -> None:
    patterns = packed(many(40), 12)

    assert not passes(patterns, {"eventSource": "s0.amazonaws.com", "eventName": "GetIt41"})


def test_where_names_find_no_room_their_service_passes_and_no_other() -> None:
    patterns = packed(many(400), 1)

    assert passes(patterns, {"eventSource": "s0.amazonaws.com", "eventName": "Other"})
    assert not passes(patterns, {"eventSource": "other.amazonaws.com", "eventName": "Other"})


def test_one_endless_value_does_not_break_the_limit() -> None:
    patterns = packed(boxes(any_of(named("eventName", "Get" + "x" * 5_000))), 1)

    assert all(len(pattern_text(one)) <= LONGEST_PATTERN for one in patterns)
    assert passes(patterns, {"eventSource": "a.amazonaws.com", "eventName": "Get" + "x" * 5_000})


def test_the_same_rules_in_any_order_give_the_same_patterns() -> None:
    forwards, backwards = many(40), list(reversed(many(40)))

    assert packed(forwards, 3) == packed(backwards, 3)


def test_two_lists_of_beginnings_are_not_cut_to_what_both_of_them_say() -> None:
    condition = all_of(
        Text("eventName", "starts", ("Get", "List")),
        Text("eventName", "starts", ("GetUser", "List")),
    )

    patterns = packed(boxes(condition), 1)

    assert passes(patterns, {"eventSource": "a.amazonaws.com", "eventName": "GetUserPolicy"})
    assert passes(patterns, {"eventSource": "a.amazonaws.com", "eventName": "ListUsers"})


def test_a_value_that_two_lists_share_is_asked_for_alone() -> None:
    (box,) = boxes(all_of(named("eventName", "GetUser", "GetRole"), named("eventName", "getuser")))

    assert values_asked(box.asked["eventName"]) == frozenset({"getuser"})


def test_a_box_too_long_for_a_pattern_asks_for_less_and_takes_others_in() -> None:
    agent, code = named("userAgent", "a" * 760), named("errorCode", "c" * 760)
    long = all_of(agent, code, named("eventName", "Get" + "x" * 760))
    short = all_of(agent, code, named("eventSource", "iam.amazonaws.com"))

    patterns = packed(boxes(long, short), 1)

    called = {"userAgent": "a" * 760, "errorCode": "c" * 760, "eventSource": "b.amazonaws.com"}
    assert passes(patterns, called | {"eventName": "Get" + "x" * 760})
    assert passes(patterns, called | {"eventSource": "iam.amazonaws.com", "eventName": "Other"})
    assert not passes(patterns, called | {"errorCode": "d", "eventName": "Get" + "x" * 760})


def test_there_must_be_room_for_a_pattern() -> None:
    with pytest.raises(ValueError, match="no room"):
        packed(many(1), 0)
