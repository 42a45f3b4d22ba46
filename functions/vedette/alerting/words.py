"""What alerts say of transitions, reasons and severities."""

from collections.abc import Mapping
from typing import Final

from vedette.findings.attack import tactics_of
from vedette.findings.finding import FindingKind
from vedette.findings.severity import Severity
from vedette.findings.tracked import Because, TrackedFinding, TransitionKind

_HEADLINES: Final[Mapping[TransitionKind, str]] = {
    TransitionKind.OPENED: "Opened",
    TransitionKind.REOPENED: "Back again",
    TransitionKind.SEVERITY_RAISED: "More severe",
    TransitionKind.REALERTED: "It goes on",
    TransitionKind.ACKNOWLEDGED: "Acknowledged",
    TransitionKind.CONTAINED: "Contained",
    TransitionKind.RESOLVED: "Resolved",
    TransitionKind.SUPPRESSED: "Suppressed",
    TransitionKind.RESPONSE: "Response",
}

# The title of a posture rule is the good state, which does not hold.
_POSTURE: Final[Mapping[TransitionKind, str]] = {
    TransitionKind.OPENED: "Fails",
    TransitionKind.REOPENED: "Fails again",
    TransitionKind.SEVERITY_RAISED: "Fails worse",
}

REASONS: Final[Mapping[Because, str]] = {
    Because.SUCCESS_AFTER_DENIALS: "after refusals a call succeeded",
    Because.NEW_PRINCIPAL: "another principal does it too",
    Because.NEW_REGION: "it happens in another region too",
    Because.TEN_TIMES_THE_VOLUME: "there are ten times as many events as were told",
    Because.FAILED_AGAIN: "it had been put right and is wrong again",
    Because.NEW_EPISODE: "it had been over and has begun anew",
    Because.AFTER_CONTAINMENT: "it went on after it was contained",
    Because.SUPPRESSION_EXPIRED: "its suppression has expired",
    Because.SUPPRESSION_LIFTED: "its suppression was lifted",
    Because.PASSED: "it has been put right",
    Because.RESOURCE_GONE: "the resource is gone",
    Because.BY_A_PERSON: "a person decided so",
    Because.BY_CONFIGURATION: "the configuration says so",
}

_TACTICS: Final[Mapping[str, str]] = {
    "reconnaissance": "Somebody gathers from outside what an attack could use.",
    "resource-development": "Somebody prepares means for an attack.",
    "initial-access": "Somebody may have found a way into the account.",
    "execution": "Somebody runs code or commands of their own in the account.",
    "persistence": "Somebody makes sure to get in again, even once they are found out.",
    "privilege-escalation": "Somebody gets at rights that they were not given.",
    "defense-evasion": "Somebody sees to it that what they do is not noticed.",
    "stealth": "Somebody hides what they do.",
    "defense-impairment": "Somebody switches off what protects or watches the account.",
    "credential-access": "Somebody collects secrets with which to get further.",
    "discovery": "Somebody looks around for what is worth taking.",
    "lateral-movement": "Somebody moves from one account or machine to the next.",
    "collection": "Somebody gathers what may be taken away.",
    "command-and-control": "Something in the account takes orders from outside.",
    "exfiltration": "What belongs to us may be on its way out.",
    "impact": "Somebody destroys, encrypts or takes over what we need.",
}

_SEVERITIES: Final[Mapping[Severity, str]] = {
    Severity.CRITICAL: "As it stands, the account or what is in it may be lost: act now.",
    Severity.HIGH: "It is a direct way to damage: act today.",
    Severity.MEDIUM: "It helps an attacker who has got in: plan to put it right.",
    Severity.LOW: "It weakens the defence a little: put it right when you are there anyway.",
    Severity.INFORMATIONAL: "Good to know; nothing needs to be done about it alone.",
}


def kind_of(finding: TrackedFinding) -> TransitionKind:
    """Return the transition that people are told of."""
    return TransitionKind.OPENED if finding.transition is None else finding.transition.kind


def headline_of(finding: TrackedFinding) -> str:
    """Return the words before a finding's title that tell what became of it."""
    kind = kind_of(finding)
    special = _POSTURE if finding.kind is FindingKind.POSTURE else {}
    return special.get(kind, _HEADLINES[kind])


def reasons_of(finding: TrackedFinding) -> str:
    """Tell why it alerts again or is over; an empty text if there is nothing to tell."""
    because = () if finding.transition is None else finding.transition.because
    return "; ".join(REASONS[one] for one in because)


def why_it_matters(finding: TrackedFinding) -> str:
    """Tell what a finding means where its rule does not: by the tactics it names, or how bad."""
    told = [_TACTICS[one] for one in tactics_of(finding.tags)]
    if finding.kind is FindingKind.SIGNAL and finding.origin:
        told.append("A service of AWS reported it, which knows more about it.")
    return " ".join((*told, _SEVERITIES[finding.severity]))
