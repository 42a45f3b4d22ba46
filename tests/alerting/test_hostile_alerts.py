"""Whatever an attacker writes into names and reasons, messages stay what they are meant to be."""

import json
import re
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.alerting.tracked_findings import ACCOUNT, NOON, detection, posture
from vedette.alerting.facts import Accounts, Guidance
from vedette.alerting.finding_message import Escalation, finding_message
from vedette.alerting.message import ATTRIBUTE_LIMIT, SIZE_LIMIT, Message
from vedette.alerting.summary import SummaryKind, summary_message
from vedette.findings.finding import ResourceReference
from vedette.findings.observation import Observation
from vedette.findings.severity import Severity
from vedette.findings.tracked import TrackedFinding, TransitionKind

BITS: Final = st.sampled_from(
    [
        "\n",
        "\r\n",
        "\x00",
        "\x1b[31m",
        "\u202e",
        "\u2028",
        "\ud800",
        "`",
        "```",
        "*",
        "_",
        "<!channel>",
        "<https://evil.example|click>",
        "[click](https://evil.example)",
        "@here",
        "http://evil.example",
        "www.evil.example",
        "&lt;",
        '"',
        "\\",
        "{",
        "🙂",
        "ﷺ" * 200,
        "A" * 2_000,
        "Bcc: x@evil.example",
    ]
)
TEXTS: Final = st.one_of(st.text(max_size=60), st.lists(BITS, max_size=8).map("".join))
CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
QUOTED: Final = '\\"'
CODE: Final = re.compile(r"`[^`\n]*`")


@st.composite
def hostile(draw: st.DrawFn) -> TrackedFinding:
    """Return a finding all texts of which are an attacker's, as the table would hold it."""
    told = Observation(
        id="0123456789abcdef0123456789abcdef",
        kind=detection().kind,
        rule=draw(TEXTS),
        title=draw(TEXTS),
        severity=draw(st.sampled_from(list(Severity))),
        account=draw(st.sampled_from([ACCOUNT, "evil\naccount"])),
        region=draw(TEXTS),
        time=NOON,
        reason=draw(TEXTS),
        resource=ResourceReference(
            type=draw(TEXTS),
            id=draw(TEXTS),
            arn=draw(TEXTS),
            tags=draw(st.dictionaries(TEXTS, TEXTS, max_size=3)),
        ),
        principal=draw(TEXTS),
        source_ip=draw(TEXTS),
        evidence=draw(st.dictionaries(TEXTS, st.one_of(TEXTS, st.lists(TEXTS)), max_size=30)),
        event_ids=("one",),
        origin=draw(st.none() | TEXTS),
    )
    taken: dict[str, Any] = {
        name: getattr(told, name)
        for name in ("rule", "title", "severity", "account", "region", "reason", "resource")
    }
    kind = draw(st.sampled_from(list(TransitionKind)))
    return detection(
        kind,
        **taken,
        evidence=told.evidence,
        principal=told.principal,
        principals=tuple(draw(st.lists(TEXTS, max_size=4))),
        source_ips=(told.source_ip or "",),
        origin=told.origin,
    )


def hold(message: Message) -> None:
    """Assert what holds for every message."""
    assert len(message.subject) <= 99
    assert re.fullmatch(r"\[[ -~]*", message.subject)
    assert not CONTROL.search(message.text)
    assert "://" not in message.text
    assert "www." not in message.text.lower()
    bodies = message.bodies()
    attributes = sum(len(name) + len(value) + 6 for name, value in message.attributes.items())
    assert len(bodies.encode()) + attributes <= SIZE_LIMIT
    assert set(json.loads(bodies)) == {"default", "email", "sms"}
    assert json.loads(json.loads(bodies)["default"])["id"] == message.id
    assert len(message.attributes) <= 10
    for value in message.attributes.values():
        assert 1 <= len(value) <= ATTRIBUTE_LIMIT
        assert re.fullmatch(r"[ -~]+", value)
    hold_in_chat(json.loads(message.chat_body()))


def hold_in_chat(chat: dict[str, Any]) -> None:
    """Assert that nothing foreign is markup, a link or a mention."""
    content = chat["content"]
    assert (chat["version"], chat["source"]) == ("1.0", "custom")
    assert 1 <= len(content["title"]) <= 200
    assert 1 <= len(content["description"]) <= 2_900
    assert all(len(one) <= 250 for one in content["nextSteps"])
    for text in (content["title"], content["description"]):
        assert not CONTROL.search(text)
        assert not {"<", ">"} & set(text)
        assert "://" not in text
        bare = CODE.sub("", text)
        assert "`" not in bare
        assert "@" not in bare
        assert "[" not in bare
    assert "\n" not in content["title"]
    assert len(json.dumps(chat).encode()) <= SIZE_LIMIT


@settings(max_examples=300, deadline=None)
@given(hostile(), TEXTS)
def test_whatever_the_texts_a_message_keeps_its_bounds(finding: TrackedFinding, name: str) -> None:
    hold(finding_message(finding, Accounts({ACCOUNT: name} if name else {})))


@settings(max_examples=100, deadline=None)
@given(hostile())
def test_whatever_the_texts_an_escalation_keeps_its_bounds(finding: TrackedFinding) -> None:
    waited = Escalation(unacknowledged=timedelta(hours=1), at=NOON)

    hold(finding_message(finding, Accounts(), escalation=waited))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(hostile(), min_size=1, max_size=40, unique_by=id), st.sampled_from(list(SummaryKind))
)
def test_whatever_the_texts_a_summary_keeps_its_bounds(
    findings: list[TrackedFinding], kind: SummaryKind
) -> None:
    hold(summary_message(kind, findings, Accounts()))


LARGE: Final = pytest.mark.parametrize("one", ["\ufdfa", "\U0001f642", '"', "\\", "\x00", "`", "&"])


@LARGE
def test_the_largest_summary_fits(one: str) -> None:
    long = one * 900
    findings = [
        posture(id=f"{number:032x}", rule=long, title=long + str(number), region=long, account=long)
        for number in range(5_000)
    ]

    hold(summary_message(SummaryKind.BASELINE, findings, Accounts()))


@LARGE
def test_the_largest_finding_fits(one: str) -> None:
    long = one * 1_000
    finding = posture(
        title=long,
        rule=long,
        reason=long,
        account=long,
        region=long,
        principals=(long,) * 50,
        source_ips=(long,) * 50,
        regions=(long,) * 50,
        evidence={f"{long}{number}": [long] * 50 for number in range(50)},
        resource=ResourceReference(type=long, id=long, arn=long),
    )

    hold(finding_message(finding, Accounts({long: long}), Guidance(why=long * 9, fix=long * 9)))


def test_the_largest_finding_fits_without_what_can_be_looked_up() -> None:
    tags = {str(number) + QUOTED * 450: QUOTED * 500 for number in range(50)}
    resource = ResourceReference(type="AWS::S3::Bucket", id="b", arn="arn:aws:s3:::b", tags=tags)
    message = finding_message(posture(resource=resource), Accounts())

    hold(message)
    told = message.document["finding"]
    assert isinstance(told, dict)
    assert told["resource"] == "left out: too long"
    assert told["severity"] == "high"


def test_a_mention_in_a_title_reaches_nobody() -> None:
    message = finding_message(detection(title="<!channel> @here [x](https://evil)"), Accounts())

    title = json.loads(message.chat_body())["content"]["title"]

    assert title == "🔴 CRITICAL · Opened: &lt;!channel&gt; (at)here x(https(:)//evil)"
