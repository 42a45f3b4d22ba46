"""A match of a detection rule: what `vedette hunt` writes, one line of JSON each."""

from typing import Any, Literal, TypeAlias

import msgspec

from vedette.findings.severity import Severity

Outcome: TypeAlias = Literal["success", "denied", "failed"]


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A rule matched an event, or a rule with memory several events.

    `time` is the event's, in UTC; of several events, the moment at which the condition first held.
    `principal` is the person or workload behind the identity. `event_ids` and `group` are given by
    rules with memory alone; `event_id` and all that describes the event are then those of the
    event at which the condition first held. `quieted_by` names the exclusions that lowered the
    severity to informational. All texts come from the log, so an attacker may have written them.
    """

    rule: str
    sigma_id: str | None
    title: str
    severity: Severity
    time: str | None
    event_id: str | None
    event_name: str | None
    event_source: str | None
    account: str | None
    region: str | None
    principal: str | None
    source_ip: str | None
    outcome: Outcome | None
    file: str | None
    user_agent: str | None = None
    error_code: str | None = None
    identity: str | None = None
    tags: tuple[str, ...] = ()
    quieted_by: tuple[str, ...] = ()
    event_ids: tuple[str, ...] | None = None
    event_count: int = 1
    until: str | None = None
    group: dict[str, str] | None = None


class TracedMatch(msgspec.Struct, frozen=True, kw_only=True):
    """A match with what stories are told by, which the lines of JSON leave out.

    `second` is the time in seconds since 1970. `key` is the access key of the call, `touched` what
    it acted on or made. `repeats` tells which matches repeat one another if they follow within
    `window` seconds.
    """

    match: Match
    second: int | None
    key: str | None = None
    touched: tuple[str, ...] = ()
    repeats: str = ""
    window: int = 3_600


def schema() -> dict[str, Any]:
    """Return the JSON schema of a match, as it is published in `docs/schemas/hunt-match.json`."""
    return msgspec.json.schema(Match)
