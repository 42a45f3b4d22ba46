"""A signal: what another service of AWS found, in one shape for all services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from vedette.detection.event.record import text_at
from vedette.findings.finding import FindingKind, ResourceReference
from vedette.findings.observation import ANY_REGION, Observation, event_finding_id
from vedette.findings.severity import Severity
from vedette.findings.verdict import Verdict
from vedette.operations.envelopes import Envelope

_LONGEST_TYPE: Final = 200
# Both as GuardDuty writes it into titles, and as ASFF does.
_SAMPLE_TITLE: Final = "[SAMPLE]"
# The least number of each severity, the highest first.
# Source: Amazon GuardDuty User Guide, "Severity levels of GuardDuty findings".
_BY_SCORE: Final = (
    (9, Severity.CRITICAL),
    (7, Severity.HIGH),
    (4, Severity.MEDIUM),
    (1, Severity.LOW),
)


class UnreadableSignalError(Exception):
    """The event of a service lacks what makes it a finding; the message says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What a service found. `key` tells one finding of the service from another.

    `verdict` is FAILED while it stands, PASSED once the service or a person has settled it there,
    and UNKNOWN if the service does not know.
    """

    service: str
    key: str
    kind: str
    title: str
    description: str
    severity: Severity
    account: str
    region: str | None
    verdict: Verdict = Verdict.FAILED
    gone: bool = False
    resource: ResourceReference | None = None
    principal: str | None = None
    source_ip: str | None = None
    is_sample: bool = False
    evidence: Mapping[str, Any] = field(default_factory=dict)


def observed_signal(signal: Signal, envelope: Envelope) -> Observation:
    """Return what a signal says about its finding, at the time at which AWS told it.

    The clock of the service that found it is no good for that: a person who settles a finding does
    not move it.
    """
    return Observation(
        id=event_finding_id(FindingKind.SIGNAL, signal.service, signal.account, signal.key),
        kind=FindingKind.SIGNAL,
        rule=f"{signal.service}/{signal.kind[:_LONGEST_TYPE]}",
        title=signal.title or signal.kind,
        severity=signal.severity,
        account=signal.account,
        region=signal.region or ANY_REGION,
        time=envelope.time,
        reason=signal.description or signal.title or signal.kind,
        verdict=signal.verdict,
        gone=signal.gone,
        resource=signal.resource,
        principal=signal.principal,
        source_ip=signal.source_ip,
        evidence={name: one for name, one in signal.evidence.items() if one not in (None, "", [])},
        is_sample=signal.is_sample or signal.title.startswith(_SAMPLE_TITLE),
        origin=signal.service,
    )


def required(detail: Mapping[str, Any], *path: str) -> str:
    """Return the text at a path. Raises UnreadableSignalError if there is none."""
    found = text_at(detail, *path)
    if found is None:
        raise UnreadableSignalError(f"no {'.'.join(path)}")
    return found


def severity_of_score(score: object) -> Severity:
    """Return the severity of a number from 0 to 10; what is no number counts as medium."""
    if not isinstance(score, int | float) or isinstance(score, bool):
        return Severity.MEDIUM
    return next((one for least, one in _BY_SCORE if score >= least), Severity.INFORMATIONAL)


def severity_named(name: str | None, otherwise: Severity = Severity.MEDIUM) -> Severity:
    """Return the severity of a name, in whatever case."""
    try:
        return Severity((name or "").lower())
    except ValueError:
        return otherwise


def reference(kind: str, arn: str | None, identity: str | None = None) -> ResourceReference | None:
    """Return the reference of a resource that is known by ARN, by id, or not at all."""
    known = arn or identity
    if known is None:
        return None
    return ResourceReference(type=kind, id=identity or last_part(known), arn=known)


def last_part(arn: str) -> str:
    """Return what follows the last `/`, or else the last `:`."""
    return arn.rpartition("/")[2] if "/" in arn else arn.rpartition(":")[2]


def first(value: object) -> Mapping[str, Any]:
    """Return the first object of a list, or an empty one."""
    entries = value if isinstance(value, list) else []
    return next((one for one in entries if isinstance(one, dict)), {})


def objects(value: object, most: int) -> Sequence[Mapping[str, Any]]:
    """Return the objects of a list, in bounded number."""
    entries = value if isinstance(value, list) else []
    return [one for one in entries if isinstance(one, dict)][:most]
