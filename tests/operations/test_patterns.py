import gzip
import json
from pathlib import Path

import pytest

from vedette.detection.conditions import Condition, Not, Text, all_of
from vedette.detection.ir import CompiledRule, CompiledRules
from vedette.detection.patterns.envelope import envelope_of
from vedette.detection.patterns.packing import LONGEST_PATTERN
from vedette.findings.severity import Severity
from vedette.operations.hunt_rules import RuleChoice
from vedette.operations.pattern_shares import shares_of
from vedette.operations.patterns import (
    MOST_PATTERNS,
    READS_TOO,
    SIGNALS,
    WRITES,
    EventPattern,
    detection_patterns,
    region_patterns,
    signal_patterns,
    widest_rules,
)
from vedette.operations.usage import UsageError

PLACES = """
version: 1
detection:
  indicators:
    addresses: [198.51.100.7]
"""


def compiled(*conditions: Condition) -> CompiledRules:
    return CompiledRules(
        rules=tuple(
            CompiledRule(
                id=f"test/rule_{number}",
                title="A rule",
                level=Severity.LOW,
                condition=condition,
                selections={},
            )
            for number, condition in enumerate(conditions)
        )
    )


def call(name: str, *, reads: bool, source: str = "iam") -> dict[str, object]:
    return {
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "eventType": "AwsApiCall",
        "readOnly": reads,
        "managementEvent": True,
    }


def named(*names: str) -> Condition:
    return all_of(Text("eventSource", "is", ("iam.amazonaws.com",)), Text("eventName", "is", names))


@pytest.fixture(scope="module")
def shipped() -> tuple[EventPattern, ...]:
    return region_patterns()


def test_the_patterns_of_a_region_fit_into_eventbridge(shipped: tuple[EventPattern, ...]) -> None:
    assert 0 < len(shipped) <= MOST_PATTERNS
    assert len({one.name for one in shipped}) == len(shipped)
    for one in shipped:
        assert len(one.text) <= LONGEST_PATTERN
        assert json.loads(one.text) == one.pattern
    assert {one.queue for one in shipped} == {"detect", "change", "signal"}


def test_the_patterns_fit_even_if_every_rule_can_see(tmp_path: Path) -> None:
    configuration = tmp_path / "vedette.yml"
    configuration.write_text(PLACES)

    several = region_patterns(configuration)

    assert len(several) <= MOST_PATTERNS
    assert all(len(one.text) <= LONGEST_PATTERN for one in several)


def test_every_pattern_takes_events_of_aws_alone(shipped: tuple[EventPattern, ...]) -> None:
    for one in shipped:
        sources = one.pattern["source"]
        assert sources == [{"prefix": "aws."}] or all(each.startswith("aws.") for each in sources)


def test_the_same_rules_give_the_same_patterns(shipped: tuple[EventPattern, ...]) -> None:
    assert region_patterns() == shipped


def test_calls_that_read_are_asked_for_in_the_state_that_shows_them() -> None:
    several = list(detection_patterns(compiled(named("GetUser", "CreateUser"))))

    states = {one.name: one.state for one in several}
    assert states == {"detect-any-1": READS_TOO, "detect-writes-1": WRITES}

    def through(name: str, *, reads: bool) -> list[str]:
        event = envelope_of(call(name, reads=reads))
        return [one.name for one in several if one.lets_through(event)]

    assert through("GetUser", reads=True) == ["detect-any-1"]
    assert through("CreateUser", reads=False) == ["detect-writes-1"]
    assert through("GetRole", reads=True) == []


def test_the_default_state_shows_no_management_event_that_reads() -> None:
    patterns = detection_patterns(compiled(Not(Text("readOnly", "is", ("true",)))))
    # Reads come in for the canary's sake alone.
    (pattern,) = (one for one in patterns if one.state == WRITES)
    written, read = call("PutThing", reads=False), call("GetThing", reads=True)

    assert pattern.state == WRITES
    assert pattern.lets_through(envelope_of(written))
    assert not pattern.lets_through(envelope_of(read))
    assert pattern.lets_through(envelope_of(read | {"managementEvent": False}))


def test_denied_reads_are_filtered_at_the_source() -> None:
    denied = Text("errorCode", "contains", ("AccessDenied", "Unauthorized"))
    (pattern,) = detection_patterns(compiled(denied))

    def passes(code: str | None) -> bool:
        event = call("ListUsers", reads=True) | ({"errorCode": code} if code else {})
        return pattern.lets_through(envelope_of(event))

    assert pattern.state == READS_TOO
    assert passes("AccessDenied")
    assert passes("Client.UnauthorizedOperation")
    assert passes("VpceAccessDenied")
    assert not passes("ThrottlingException")
    assert not passes(None)


def test_a_rule_of_which_nothing_can_be_asked_is_named() -> None:
    tool = Text("userAgent", "contains", ("pacu/",))

    assert widest_rules(compiled(named("GetUser"), tool)) == ("test/rule_1",)
    assert widest_rules(compiled(Text("readOnly", "is", ("false",)))) == ()


def test_without_detections_there_is_nothing_to_detect() -> None:
    assert list(detection_patterns(CompiledRules())) == []


@pytest.mark.parametrize(
    ("source", "kind"), [(source, kind) for source, kinds in SIGNALS.items() for kind in kinds]
)
def test_what_other_services_find_goes_to_the_signal_queue(source: str, kind: str) -> None:
    (pattern,) = signal_patterns()
    event = {"source": source, "detail-type": kind, "detail": {"severity": 8}}

    assert pattern.queue == "signal"
    assert pattern.lets_through(event)
    assert not pattern.lets_through(event | {"source": "custom.guardduty"})
    assert not pattern.lets_through(event | {"detail-type": "Anything"})


def test_a_folder_of_rules_of_one_s_own_adds_to_the_patterns(tmp_path: Path) -> None:
    detections = tmp_path / "detection" / "impact"
    detections.mkdir(parents=True)
    (detections / "thing_deleted.yml").write_text(
        "title: Thing deleted\n"
        "logsource: {product: aws, service: cloudtrail}\n"
        "detection:\n"
        "  call: {eventSource: thing.amazonaws.com, eventName: DeleteThing}\n"
        "  condition: call\n"
    )
    changes = tmp_path / "changes"
    changes.mkdir()
    (changes / "thing.yml").write_text(
        "sources: [thing.amazonaws.com]\n"
        "resources:\n"
        "  - type: AWS::Thing::Thing\n"
        "    events: [{names: [PutThing], id: request.thingId}]\n"
        "examples:\n"
        "  - {event: {eventName: PutThing}, changes: {AWS::Thing::Thing: ['*']}}\n"
    )

    several = region_patterns(None, RuleChoice(directories=(tmp_path,), built_in=False))

    queues = {
        name: [
            one.queue
            for one in several
            if one.lets_through(envelope_of(call(name, reads=False, source="thing")))
        ]
        for name in ("DeleteThing", "PutThing", "CreateThing")
    }
    assert queues == {"DeleteThing": ["detect"], "PutThing": ["change"], "CreateThing": []}


def test_a_log_tells_which_share_of_it_passes(tmp_path: Path) -> None:
    several = tuple(detection_patterns(compiled(named("CreateUser"), named("GetUser"))))
    records = [
        call("CreateUser", reads=False),
        call("GetUser", reads=True),
        call("GetRole", reads=True),
        call("GetRole", reads=True),
    ]
    log = tmp_path / "log.json.gz"
    log.write_bytes(gzip.compress(json.dumps({"Records": records}).encode()))
    (tmp_path / "cut.json").write_text('{"Records": [')

    shares = shares_of(several, tmp_path)

    assert shares.events == 4
    assert shares.by_pattern == {"detect-any-1": 1, "detect-writes-1": 1}
    assert shares.by_queue == {"detect": 2}
    assert shares.share(2) == 0.5
    assert len(shares.problems) == 1
    assert "cut.json" in shares.problems[0]


def test_an_empty_log_has_no_shares(tmp_path: Path) -> None:
    assert shares_of((), tmp_path).share(0) == 0.0
    with pytest.raises(UsageError):
        shares_of((), tmp_path / "absent")
