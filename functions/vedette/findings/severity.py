"""How bad a finding is."""

from enum import StrEnum


class Severity(StrEnum):
    """Severity of a rule and of its findings, ordered by `rank`."""

    INFORMATIONAL = "informational"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Return 0 for informational up to 4 for critical."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
