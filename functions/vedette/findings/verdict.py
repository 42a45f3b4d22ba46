"""What a rule answers about one resource."""

from enum import StrEnum


class Verdict(StrEnum):
    """A rule's answer. UNKNOWN means that a fact it needs could not be read: never a pass."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"
