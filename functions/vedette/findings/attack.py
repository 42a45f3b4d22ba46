"""MITRE ATT&CK as Sigma's tags name it: tactics in the order of an attack, and techniques.

Source: attack.mitre.org, Enterprise matrix; Sigma specification, appendix on tags.
"""

import re
from collections.abc import Iterable
from typing import Final

TACTICS: Final = {
    "reconnaissance": "Reconnaissance",
    "resource-development": "Resource Development",
    "initial-access": "Initial Access",
    "execution": "Execution",
    "persistence": "Persistence",
    "privilege-escalation": "Privilege Escalation",
    "defense-evasion": "Defense Evasion",
    "stealth": "Stealth",
    "defense-impairment": "Defense Impairment",
    "credential-access": "Credential Access",
    "discovery": "Discovery",
    "lateral-movement": "Lateral Movement",
    "collection": "Collection",
    "command-and-control": "Command and Control",
    "exfiltration": "Exfiltration",
    "impact": "Impact",
}
_TECHNIQUE: Final = re.compile(r"attack\.(t\d{4}(?:\.\d{3})?)", re.IGNORECASE)


def tactics_of(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the tactics that tags name, in the order of an attack."""
    named = {tag.lower().removeprefix("attack.").replace("_", "-") for tag in tags}
    return tuple(one for one in TACTICS if one in named)


def techniques_of(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the techniques that tags name, such as T1078.004, sorted."""
    found = (_TECHNIQUE.fullmatch(tag) for tag in tags)
    return tuple(sorted({one[1].upper() for one in found if one is not None}))
