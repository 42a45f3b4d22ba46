"""Tells what stayed unsaid: by itself what must be, the rest together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from vedette.alerting.finding_message import finding_message
from vedette.alerting.routing import MOST_A_MINUTE, Route, digest_is_due, route_of
from vedette.alerting.sender import MessageRefusedError
from vedette.alerting.summary import SummaryKind, summary_message
from vedette.findings.tracked import TrackedFinding
from vedette.operations.reconcile_desk import Desk

# What is younger is about to be dispatched.
GRACE: Final = timedelta(minutes=5)


@dataclass(slots=True)
class Told:
    """How much was told, and which findings' messages were refused and why."""

    announced: int = 0
    first_look: int = 0
    escalated: int = 0
    refused: list[str] = field(default_factory=list)


def unannounced(desk: Desk) -> dict[Route, list[TrackedFinding]]:
    """Return what stayed unsaid by the way it is to be told, the worst and oldest first."""
    found: dict[Route, list[TrackedFinding]] = {route: [] for route in Route}
    for one in desk.store.unannounced(desk.now - GRACE):
        found[route_of(one.severity)].append(one)
    for some in found.values():
        some.sort(key=lambda one: -one.severity.rank)
    return found


def tell_alone(desk: Desk, findings: Iterable[TrackedFinding], told: Told) -> None:
    """Tell of each by itself, as it is now. Raises SendError and FindingStoreError."""
    for one in findings:
        current = desk.store.get(one.id)
        if current is None or not current.unannounced or current.transition is None:
            continue
        message = finding_message(current, desk.accounts, desk.texts.guidance(current))
        try:
            desk.announcer.announce(message)
        except MessageRefusedError as error:
            told.refused.append(f"finding {one.id}: {error}")
            continue
        desk.store.mark_announced(one.id, current.transition.version)
        told.announced += 1


def tell_medium(desk: Desk, findings: Sequence[TrackedFinding], told: Told) -> None:
    """Tell of each by itself, or of all together if there are many."""
    if len(findings) > MOST_A_MINUTE:
        _tell_together(desk, SummaryKind.FLOOD, findings, told)
    else:
        tell_alone(desk, findings, told)


def tell_digest(desk: Desk, findings: Sequence[TrackedFinding], told: Told) -> None:
    """Tell of small things together, once the oldest of them is a day old."""
    if digest_is_due(findings, desk.now):
        _tell_together(desk, SummaryKind.DIGEST, findings, told)


def _tell_together(
    desk: Desk, kind: SummaryKind, findings: Sequence[TrackedFinding], told: Told
) -> None:
    known = desk.store.get_many(one.id for one in findings).values()
    # One that has got worse in the meantime is told by itself.
    routes = {route_of(one.severity) for one in findings}
    current = [one for one in known if one.unannounced and route_of(one.severity) in routes]
    if not current:
        return
    desk.announcer.announce(summary_message(kind, current, desk.accounts))
    for one in current:
        if one.transition is not None:
            desk.store.mark_announced(one.id, one.transition.version)
            told.announced += 1
