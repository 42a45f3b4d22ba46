"""Turns matches of detection rules into observations, from which findings are made.

One observation tells of one event, and says of it only what its record says. So all that follows
from several events is the same in whatever order and however often they are delivered.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from vedette.detection.correlate.correlator import MemoryMatch
from vedette.detection.event.record import text_at
from vedette.detection.ir import CompiledCorrelation
from vedette.findings.finding import FindingKind, ResourceReference
from vedette.findings.observation import (
    ANY_REGION,
    EPISODE_WINDOW,
    Observation,
    Outcome,
    event_finding_id,
)
from vedette.operations.detect_memory import Told, packed_id
from vedette.operations.hunt_sightings import EventTelling, RuleTelling

_ACCOUNT: Final = "recipientAccountId"
_SHOWN: Final = 200
_TYPE_PREFIX: Final = "AWS::"


def observation_of(
    event: EventTelling, telling: RuleTelling, quieted_by: tuple[str, ...], account: str
) -> Observation:
    """Return what the match of a rule on one event is to a finding, in the event's account.

    Raises ValueError for an event of which nobody knows the time.
    """
    match, described = event.match(telling, quieted_by), event.described
    if event.second is None:
        raise ValueError("the event bears no usable time")
    return Observation(
        id=event_finding_id(
            FindingKind.DETECTION, telling.rule.id, account, _dedup_key(event, telling)
        ),
        kind=FindingKind.DETECTION,
        rule=telling.rule.id,
        title=telling.rule.title,
        severity=match.severity,
        account=account,
        region=described.region or ANY_REGION,
        time=datetime.fromtimestamp(event.second, UTC),
        reason=_reason(match.event_name, match.principal, match.source_ip, match.outcome),
        resource=_resource(event.record),
        principal=match.principal,
        source_ip=match.source_ip,
        outcome=Outcome(described.outcome),
        evidence=_evidence(event, telling, quieted_by),
        tags=telling.rule.tags,
        event_ids=(canonical(event.event_id),),
        window=_window(telling),
    )


def observations_of(
    found: MemoryMatch, telling: RuleTelling, told: Mapping[str, Told]
) -> Iterator[Observation]:
    """Yield what a match of several events is to a finding: one observation for each event.

    `told` is what is known of the events, by id. Of an event of which nothing is known, it counts
    that it took part.
    """
    group = dict(found.group)
    account = group.get(_ACCOUNT) or _first(one.account for one in told.values())
    grouped = _grouped_principal(group)
    for event_id in found.event_ids:
        one = told.get(event_id) or _unknown(found)
        yield Observation(
            id=event_finding_id(
                FindingKind.DETECTION,
                found.rule,
                group.get(_ACCOUNT, ANY_REGION),
                _text([value for _, value in found.group]),
            ),
            kind=FindingKind.DETECTION,
            rule=found.rule,
            title=telling.rule.title,
            severity=telling.severity(one.outcome, quieted=one.quieted),
            account=account or ANY_REGION,
            region=one.region or ANY_REGION,
            time=datetime.fromtimestamp(one.second, UTC),
            reason=_reason_of_several(telling, found.group),
            principal=one.principal or grouped,
            source_ip=one.source_ip,
            outcome=Outcome(one.outcome) if one.outcome else None,
            evidence={"group": group, "event_id": event_id},
            tags=telling.rule.tags,
            event_ids=(canonical(event_id),),
            window=_window(telling),
        )


def canonical(event_id: str) -> str:
    """Return the name under which an event counts, the same whether a record or a hit tells it."""
    return packed_id(event_id).hex()


def _dedup_key(event: EventTelling, telling: RuleTelling) -> str:
    if telling.dedup_fields:
        return _text([sorted(event.texts(one)) for one in telling.dedup_fields])
    return _text([event.described.principal or event.event_id])


def _text(parts: Sequence[object]) -> str:
    """Write parts so that no choice of names makes two different ones alike."""
    return msgspec.json.encode(parts).decode()


def _window(telling: RuleTelling) -> timedelta:
    """Return how long what repeats joins the finding: never shorter than what makes one match."""
    window = timedelta(seconds=telling.window) if telling.dedup_fields else EPISODE_WINDOW
    rule = telling.rule
    return max(window, timedelta(seconds=_timespan(rule)))


def _timespan(rule: object) -> int:
    return rule.timespan if isinstance(rule, CompiledCorrelation) else 0


def _reason(name: str | None, who: str | None, where: str | None, outcome: str | None) -> str:
    ended = {"success": "succeeded", "denied": "was denied"}.get(outcome or "", "failed")
    return f"{name or 'A call'} by {who or 'somebody unknown'} from {where or 'nowhere'} {ended}."


def _reason_of_several(telling: RuleTelling, group: Sequence[tuple[str, str]]) -> str:
    named = ", ".join(f"{name} = {value[:_SHOWN]}" for name, value in group)
    what = "This was new" if telling.remembers else "Several events together"
    return f"{what}: {named}." if named else f"{what}."


def _evidence(
    event: EventTelling, telling: RuleTelling, quieted_by: tuple[str, ...]
) -> dict[str, Any]:
    described = event.described
    told = {
        "event": described.event_name,
        "service": described.event_source,
        "event_id": event.event_id,
        "identity": described.identity,
        "user_agent": described.user_agent,
        "error_code": described.error_code,
        **{name: list(event.texts(name)) for name in telling.dedup_fields},
        "quieted_by": list(quieted_by),
    }
    return {name: value for name, value in told.items() if value}


def _resource(record: Mapping[str, Any]) -> ResourceReference | None:
    """Return the first resource that the record itself names by ARN and type."""
    named = record.get("resources")
    for one in named if isinstance(named, list) else ():
        arn, kind = text_at(one, "ARN"), text_at(one, "type")
        if arn is not None and kind is not None and kind.startswith(_TYPE_PREFIX):
            return ResourceReference(type=kind[:_SHOWN], id=arn.rpartition(":")[2], arn=arn)
    return None


def _grouped_principal(group: Mapping[str, str]) -> str | None:
    return group.get("vedette.principal") or group.get("userIdentity.arn")


def _unknown(found: MemoryMatch) -> Told:
    return Told(found.time, None, False, None, None, None, None)


def _first(names: Iterator[str | None]) -> str | None:
    return min((one for one in names if one), default=None)
