"""Which detections nothing may quiet: an attacker would want them quiet first.

Told by tags alone, so that it holds for rules of whatever origin, and where only compiled rules are
at hand.
"""

from collections.abc import Iterable
from typing import Final

# Tactics of hiding, and the two marks that a rule's author sets.
_TAGS: Final = frozenset(
    {
        "attack.defense-evasion",
        "attack.defense-impairment",
        "attack.impair-defenses",
        "attack.stealth",
        "vedette.iam-escalation",
        "vedette.backup-destruction",
    }
)
# Impairing defences, and destroying what one recovers from.
_TECHNIQUES: Final = ("attack.t1562", "attack.t1490")
# Rules that others wrote do not bear our mark of IAM escalation: they name the tactic and one of
# the techniques by which rights are given (more rights, borrowed rights, another trust).
_ESCALATION: Final = "attack.privilege-escalation"
_GIVING_RIGHTS: Final = ("attack.t1098", "attack.t1548", "attack.t1484")


def never_quieted(tags: Iterable[str]) -> bool:
    """Tell by its tags whether a rule is of evading defences, IAM escalation or lost backups."""
    told = [tag.lower().replace("_", "-") for tag in tags]
    if any(tag in _TAGS or tag.startswith(_TECHNIQUES) for tag in told):
        return True
    return _ESCALATION in told and any(tag.startswith(_GIVING_RIGHTS) for tag in told)
