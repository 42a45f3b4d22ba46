"""The facts of a finding as people read them: what, where, who, when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from vedette.alerting.text import shown
from vedette.alerting.words import kind_of, reasons_of
from vedette.findings.finding import WHOLE_LISTING
from vedette.findings.tracked import VEDETTE, TrackedFinding, TransitionKind

LINE_LIMIT: Final = 600
NAME_LIMIT: Final = 200
_SSO: Final = "sso:"
_ACCOUNT: Final = "account:"
_MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """What a rule says about its findings: why they matter, and how to put it right."""

    why: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Accounts:
    """What we call our accounts, by their ids."""

    names: Mapping[str, str] = field(default_factory=dict)

    def named(self, account: str) -> str:
        """Return `name (id)`, or the id of an account without a name."""
        name = self.names.get(account)
        known = shown(account, NAME_LIMIT)
        return known if name is None else f"{shown(name, NAME_LIMIT)} ({known})"

    def short(self, account: str) -> str:
        """Return the name, or else the id."""
        return shown(self.names.get(account, account), NAME_LIMIT)


def facts_of(finding: TrackedFinding, accounts: Accounts) -> list[tuple[str, str]]:
    """Return what is known, each with its label; what is not known is left out."""
    told = (
        (what_label(finding), shown(finding.reason, LINE_LIMIT)),
        ("Because", reasons_of(finding)),
        ("Where", where(finding)),
        ("ARN", "" if finding.resource is None else shown(finding.resource.arn, LINE_LIMIT)),
        ("Account", accounts.named(finding.account)),
        ("Region", _several(finding.regions or (finding.region,))),
        ("Who", who(finding)),
        ("From", _several(finding.source_ips)),
        ("When", when(finding)),
        ("Events", str(finding.events) if finding.events.count else ""),
        ("Severity", finding.severity.value),
        ("Status", finding.status.value),
        ("Decided by", decided_by(finding)),
        ("Rule", shown(finding.rule, NAME_LIMIT)),
        ("Service", shown(finding.origin or "", NAME_LIMIT)),
    )
    return [(label, text) for label, text in told if text]


def what_label(finding: TrackedFinding) -> str:
    """Return the label of the reason, which tells of the past if the finding is resolved."""
    return "What was" if kind_of(finding) is TransitionKind.RESOLVED else "What"


def where(finding: TrackedFinding) -> str:
    """Name the resource and its type."""
    if finding.resource is None:
        return ""
    kind = shown(finding.resource.type, NAME_LIMIT)
    if finding.resource.id == WHOLE_LISTING:
        return f"all of {kind}"
    return f"{shown(finding.resource.id, LINE_LIMIT)} ({kind})"


def who(finding: TrackedFinding) -> str:
    """Name who acted, the latest first: of a session through IAM Identity Center the person."""
    first = (finding.principal,) if finding.principal else ()
    others = tuple(one for one in finding.principals if one != finding.principal)
    return _several(tuple(person(one) for one in (*first, *others)))


def person(principal: str) -> str:
    """Return a principal in words."""
    if principal.startswith(_SSO):
        return f"{principal.removeprefix(_SSO)} (through IAM Identity Center)"
    if principal.startswith(_ACCOUNT):
        account, _, identity = principal.removeprefix(_ACCOUNT).partition(":")
        return f"somebody of account {account}" + (f" ({identity})" if identity else "")
    return "somebody without credentials" if principal == "anonymous" else principal


def decided_by(finding: TrackedFinding) -> str:
    """Name who took the step, if it was a person."""
    actor = VEDETTE if finding.transition is None else finding.transition.actor
    return "" if actor == VEDETTE else shown(actor, LINE_LIMIT)


def when(finding: TrackedFinding) -> str:
    """Tell the times of the current episode."""
    if kind_of(finding) is TransitionKind.RESOLVED and finding.transition is not None:
        return f"{instant(finding.transition.at)}, first seen {instant(finding.first_seen)}"
    if finding.episode_start == finding.last_seen:
        return instant(finding.last_seen)
    return f"{instant(finding.last_seen)}, since {instant(finding.episode_start)}"


def instant(time: datetime) -> str:
    """Write a time to the second, in UTC."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _several(names: tuple[str, ...]) -> str:
    told = ", ".join(shown(one, NAME_LIMIT) for one in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{told} and {more:,} more" if more > 0 else told
