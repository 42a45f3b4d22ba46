"""What the tests of patterns have in common."""

from collections.abc import Mapping, Sequence
from typing import Any

from vedette.detection.conditions import Condition
from vedette.detection.ir import CompiledRule
from vedette.detection.patterns.envelope import envelope_of
from vedette.detection.patterns.matching import matches_pattern
from vedette.findings.severity import Severity


def rule(condition: Condition) -> CompiledRule:
    return CompiledRule(
        id="test/rule", title="A rule", level=Severity.LOW, condition=condition, selections={}
    )


def passes(patterns: Sequence[Mapping[str, Any]], event: Mapping[str, Any]) -> bool:
    envelope = envelope_of(event)
    return any(matches_pattern(one, envelope) for one in patterns)
