"""What one statement gives to somebody."""

from collections.abc import Sequence
from dataclasses import dataclass

from vedette.resources.policy.matching import Patterns

_SHOWN = 5
_SHOWN_LENGTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Actions that one statement allows, less those that denials surely take back."""

    statement: str
    actions: Patterns
    denied: tuple[Patterns, ...] = ()

    def allows(self, *actions: str) -> bool:
        """Say whether any of these actions (patterns too) is granted."""
        return any(
            self.actions.overlaps(action) and not any(one.covers(action) for one in self.denied)
            for action in actions
        )

    def __str__(self) -> str:
        """Describe the grant in a bounded text: its actions and its statement."""
        texts = [text[:_SHOWN_LENGTH] for text in self.actions.texts[:_SHOWN]]
        more = len(self.actions.texts) - len(texts)
        named = ", ".join(texts) + (f" and {more} more" if more else "")
        but = "everything but " if self.actions.negated else ""
        return f"{but}{named} ({self.statement})"


def say(grants: Sequence[Grant]) -> str:
    """Describe grants in one bounded text, for a reason."""
    shown = "; ".join(map(str, grants[:_SHOWN]))
    more = len(grants) - _SHOWN
    return f"{shown}; and {more} more" if more > 0 else shown
