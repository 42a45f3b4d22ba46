"""What the duties of a reconciliation work with."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from vedette.alerting.facts import Accounts
from vedette.alerting.sender import Sender
from vedette.findings.store import FindingStore
from vedette.operations.dispatch_announcing import Announcer
from vedette.operations.dispatch_texts import RuleTexts
from vedette.operations.reconcile_marks import Marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The means of one reconciliation, which happens at `now`.

    A critical finding is escalated if it is not acknowledged within `escalate_after`; a first look
    is told once nothing has been added to it for `first_look_quiet`.
    """

    store: FindingStore
    marks: Marks
    sender: Sender
    announcer: Announcer
    accounts: Accounts
    texts: RuleTexts
    now: datetime
    escalate_after: timedelta
    first_look_quiet: timedelta = timedelta(minutes=10)
