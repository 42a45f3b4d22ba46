"""What changed between two audits."""

from collections.abc import Callable

from vedette.findings.finding import Finding
from vedette.findings.verdict import Verdict
from vedette.reporting.audit_report import AuditReport, Comparison


def compare(old: AuditReport, new: AuditReport, looked_at: Callable[[Finding], bool]) -> Comparison:
    """Say which FAILED findings are new, fixed and still open.

    `looked_at` tells whether the new audit judged what an old finding is about; an old finding is
    fixed only then. A finding that is UNKNOWN now is still open: not being able to look fixes
    nothing, nor does accepting it.
    """
    before = {one.id: one for one in old.findings if one.verdict is Verdict.FAILED}
    failed_now = {
        one.id for one in new.findings if one.verdict is Verdict.FAILED and one.suppressed is None
    }
    open_now = {one.id for one in new.findings if one.verdict is not Verdict.PASSED}
    closed = [one for one_id, one in before.items() if one_id not in open_now]
    return Comparison(
        with_as_of=old.as_of,
        new=tuple(one.id for one in new.findings if one.id in failed_now - before.keys()),
        still_open=tuple(one_id for one_id in before if one_id in open_now),
        fixed=tuple(one for one in closed if looked_at(one)),
        not_judged=tuple(one for one in closed if not looked_at(one)),
    )
