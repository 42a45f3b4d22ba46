from typing import Any

import pytest

from vedette.resources.cloudtrail import Trail
from vedette.resources.cloudwatch import Metric, MetricAlarm, MetricFilter
from vedette.resources.coverage import Listing
from vedette.resources.facts import Fact, UnreadableFactError
from vedette.resources.inventory import Inventory
from vedette.resources.monitored_events import (
    Samples,
    api_calls,
    failed_sign_ins,
    root_usage,
    sign_ins_without_mfa,
    unauthorized_calls,
)
from vedette.resources.monitoring import Watch, any_call, sample_trail, watch_over
from vedette.resources.trail_events import EventSelection

ACCOUNT = "444455556666"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:security"
DELETIONS = api_calls("kms.amazonaws.com", "DisableKey", "ScheduleKeyDeletion")
BOTH = any_call("DisableKey", "ScheduleKeyDeletion")
METRIC = Metric(namespace="Security", name="m0")
DENIED: Fact[Any] = Fact.unreadable("AccessDenied")


def watch(*trails: Trail, events: Samples = DELETIONS) -> Watch:
    return watch_over(events, ACCOUNT, Inventory(trails))


def alarm(*actions: str, enabled: bool = True) -> MetricAlarm:
    return MetricAlarm(name="a", metrics=(METRIC,), actions_enabled=enabled, actions=actions)


def test_events_are_watched_when_a_filter_with_an_alarm_matches_them() -> None:
    found = watch(sample_trail(BOTH))

    assert found.missing == ()
    assert found.by == ("m0 -> m0",)


def test_filters_of_several_trails_share_the_work() -> None:
    one, other = sample_trail(any_call("DisableKey")), sample_trail(any_call("ScheduleKeyDeletion"))

    assert watch(one).missing == ("ScheduleKeyDeletion",)
    assert watch(one, other).missing == ()


@pytest.mark.parametrize(
    "restriction",
    [
        "$.awsRegion = eu-west-1",
        "$.sourceIPAddress = 192.0.2.*",
        "$.userIdentity.type = IAMUser",
        "$.userIdentity.type = AssumedRole",
        "$.errorCode = *",
        "$.requestParameters.keyId = key-1",
        "$.userIdentity.invokedBy = *",
        "$.recipientAccountId = 999988887777",
    ],
)
def test_a_filter_that_takes_some_of_the_events_only_is_not_enough(restriction: str) -> None:
    pattern = f"{{ ($.eventName = DisableKey) && {restriction} }}"

    assert watch(sample_trail(BOTH)).missing == ()
    assert watch(sample_trail(pattern)).missing == ("DisableKey", "ScheduleKeyDeletion")


@pytest.mark.parametrize(
    "exclusion",
    [
        "$.userIdentity.arn != arn:aws:iam::111122223333:role/deployment",
        "$.userIdentity.invokedBy NOT EXISTS",
        "$.errorCode NOT EXISTS",
        "$.sourceIPAddress != 10.*",
        "$.userIdentity.type != AWSService",
        f"$.recipientAccountId = {ACCOUNT}",
        f"$.userIdentity.accountId = {ACCOUNT}",
        "$.readOnly IS FALSE",
    ],
)
def test_a_filter_may_leave_noise_out(exclusion: str) -> None:
    names = "($.eventName = DisableKey || $.eventName = ScheduleKeyDeletion)"

    assert watch(sample_trail(f"{{ {names} && {exclusion} }}")).missing == ()


def test_an_exclusion_by_what_differs_from_event_to_event_is_undecided() -> None:
    names = "($.eventName = DisableKey || $.eventName = ScheduleKeyDeletion)"
    trail = sample_trail(f"{{ {names} && $.requestParameters.keyId != test }}")

    with pytest.raises(UnreadableFactError, match="leaves it open"):
        watch(trail)


def test_an_undecided_filter_does_not_hide_an_event_that_nobody_watches() -> None:
    trail = sample_trail("{ $.eventName = DisableKey && $.requestParameters.keyId != test }")

    assert "ScheduleKeyDeletion" in watch(trail).missing


def test_a_filter_on_parts_of_the_log_events_is_undecided() -> None:
    restricted = MetricFilter(name="f", pattern=BOTH, metrics=(METRIC,), is_restricted=True)

    with pytest.raises(UnreadableFactError):
        watch(sample_trail(BOTH, metric_filters=(restricted,)))


@pytest.mark.parametrize("pattern", ["DisableKey", "[a, b]", "{ broken", ""])
def test_a_pattern_that_is_not_for_json_events_matches_nothing(pattern: str) -> None:
    assert watch(sample_trail(pattern)).missing == ("DisableKey", "ScheduleKeyDeletion")


@pytest.mark.parametrize(
    "facts",
    [
        {"alarms": ()},
        {"alarms": (alarm(),)},
        {"alarms": (alarm(TOPIC, enabled=False),)},
        {"alarms": (alarm(TOPIC),), "subscriptions": {TOPIC: 0}},
        {"alarms": (alarm("arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:x"),)},
        {"alarms": (alarm("not an arn"),)},
        {"alarms": (alarm(TOPIC).model_copy(update={"metrics": ()}),)},
    ],
)
def test_an_alarm_that_tells_nobody_does_not_count(facts: dict[str, Any]) -> None:
    found = watch(sample_trail(BOTH, **facts))

    assert found.missing == ("DisableKey", "ScheduleKeyDeletion")
    assert found.reason.startswith("Nobody is told of: DisableKey, ScheduleKeyDeletion.")


@pytest.mark.parametrize(
    "action",
    [
        "arn:aws:lambda:eu-west-1:111122223333:function:tell",
        "arn:aws:ssm:eu-west-1:111122223333:opsitem:1",
        "arn:aws:ssm-incidents::111122223333:response-plan/security",
    ],
)
def test_an_alarm_may_tell_by_other_means_than_a_topic(action: str) -> None:
    assert watch(sample_trail(BOTH, alarms=(alarm(action),), subscriptions={})).missing == ()


def test_a_topic_of_another_account_is_undecided() -> None:
    foreign = "arn:aws:sns:eu-west-1:999988887777:central"

    with pytest.raises(UnreadableFactError, match="another account"):
        watch(sample_trail(BOTH, alarms=(alarm(foreign),), subscriptions={}))


@pytest.mark.parametrize(
    "facts", [{"is_logging": False}, {"is_multi_region": False}, {"log_group": None}]
)
def test_only_multi_region_trails_that_log_to_a_log_group_count(facts: dict[str, Any]) -> None:
    found = watch(sample_trail(BOTH, **facts))

    assert found.missing == ("DisableKey", "ScheduleKeyDeletion")
    assert found.reason.startswith("No multi-region trail")


def test_events_that_the_trail_leaves_out_are_not_watched() -> None:
    without_kms = EventSelection(
        category="management",
        access=frozenset({"read", "write"}),
        excluded_sources=frozenset({"kms.amazonaws.com"}),
    )
    reading = EventSelection(category="management", access=frozenset({"read"}))

    for selection in (without_kms, reading):
        found = watch(sample_trail(BOTH, selections=(selection,)))
        assert found.missing == ("DisableKey", "ScheduleKeyDeletion")


@pytest.mark.parametrize(
    "fact",
    ["is_logging", "is_multi_region", "log_group", "selections", "metric_filters", "alarms"],
)
def test_what_could_not_be_read_is_unknown_unless_another_trail_decides(fact: str) -> None:
    unread = sample_trail(BOTH, **{fact: DENIED})

    with pytest.raises(UnreadableFactError, match="AccessDenied"):
        watch(unread)
    assert watch(unread, sample_trail(BOTH)).missing == ()


def test_trails_that_could_not_be_listed_are_unknown_unless_others_decide() -> None:
    listings = [Listing(kind="Trail", region="eu-west-1", problem="AccessDenied")]

    with pytest.raises(UnreadableFactError, match="AccessDenied"):
        watch_over(DELETIONS, ACCOUNT, Inventory([], listings))
    found = watch_over(DELETIONS, ACCOUNT, Inventory([sample_trail(BOTH)], listings))
    assert found.missing == ()


def test_an_account_without_trails_is_watched_by_nobody() -> None:
    found = watch_over(DELETIONS, ACCOUNT, Inventory([], [Listing(kind="Trail", region="x")]))

    assert found.missing == ("DisableKey", "ScheduleKeyDeletion")


@pytest.mark.parametrize(
    ("events", "pattern"),
    [
        (
            unauthorized_calls(),
            '{ ($.errorCode ="*UnauthorizedOperation") || ($.errorCode ="AccessDenied*") && '
            '($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket") }',
        ),
        (
            sign_ins_without_mfa(),
            '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && '
            '($.userIdentity.type = "IAMUser") && '
            '($.responseElements.ConsoleLogin = "Success") }',
        ),
        (
            root_usage(),
            '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && '
            '$.eventType != "AwsServiceEvent" }',
        ),
        (
            failed_sign_ins(),
            '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
        ),
        (
            DELETIONS,
            "{($.eventSource = kms.amazonaws.com) && "
            "(($.eventName=DisableKey)||($.eventName=ScheduleKeyDeletion)) }",
        ),
    ],
)
def test_the_patterns_that_cis_prints_are_enough(events: Samples, pattern: str) -> None:
    assert watch(sample_trail(pattern), events=events).missing == ()


def test_a_long_list_of_missing_events_is_cut_in_the_reason() -> None:
    events = api_calls("ec2.amazonaws.com", *(f"Call{number}" for number in range(20)))

    found = watch(sample_trail(), events=events)

    assert len(found.missing) == 20
    assert found.reason.endswith("Call7 and more.")
