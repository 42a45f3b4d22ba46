"""EventBridge rules as they are now.

Source: Amazon EventBridge API Reference, DescribeRule, ListTargetsByRule.
"""

from dataclasses import dataclass
from typing import Final

from vedette.aws.collect.reader import Reader

DESCRIBE: Final = "events:DescribeRule"
TARGETS: Final = "events:ListTargetsByRule"
CALLS: Final = frozenset({DESCRIBE, TARGETS})
_GONE: Final = "ResourceNotFoundException"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleNow:
    """The state of a rule, None if somebody deleted it, and how many targets it has."""

    name: str
    state: str | None
    targets: int


def rule_now(reader: Reader, physical: str, bus: str | None) -> RuleNow:
    """Return a rule on a bus (None: the default one) by its name, before which the bus may stand.

    Raises ReadError.
    """
    name = physical.rpartition("|")[2]
    on = {"EventBusName": bus} if bus else {}
    answer = reader.optional(DESCRIBE, _GONE, Name=name, **on)
    if answer is None:
        return RuleNow(name=name, state=None, targets=0)
    targets = sum(1 for _ in reader.pages(TARGETS, "Targets", Rule=name, **on))
    return RuleNow(name=name, state=answer.get("State", ""), targets=targets)
