"""Tells in one message what a first look found: at an account, with new rules, after an upgrade."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import takewhile
from typing import Final

from vedette.alerting.summary import SummaryKind, summary_message
from vedette.findings.severity import Severity
from vedette.findings.tracked import TrackedFinding
from vedette.operations.reconcile_desk import Desk
from vedette.operations.reconcile_marks import BASELINE_MARK, BASELINE_TOLD_MARK
from vedette.operations.reconcile_telling import Told

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def tell_first_look(desk: Desk, told: Told) -> None:
    """Tell what has been found since the last such message, once it is complete.

    Raises SendError and FindingStoreError.
    """
    mark, last = desk.marks.get(BASELINE_MARK), desk.marks.get(BASELINE_TOLD_MARK)
    since = _NEVER if last is None else last.at
    if mark is None or mark.at <= since or desk.now - mark.at < desk.first_look_quiet:
        return
    # What came after the mark belongs to the next message, whose mark is to come.
    findings = [one for one in _found(desk, since) if one.opened_at <= mark.at]
    if findings:
        desk.announcer.announce(summary_message(SummaryKind.BASELINE, findings, desk.accounts))
    desk.marks.set(BASELINE_TOLD_MARK, mark.at)
    told.first_look += len(findings)


def _found(desk: Desk, since: datetime) -> Iterator[TrackedFinding]:
    for severity in reversed(Severity):
        latest = desk.store.open_by_severity(severity)
        new = takewhile(lambda one: one.opened_at > since, latest)
        yield from (one for one in new if one.baseline)
