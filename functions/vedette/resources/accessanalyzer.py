"""Snapshots of IAM Access Analyzer."""

from typing import ClassVar

from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.resource import Resource, Value

EXTERNAL_ACCESS = frozenset({"ACCOUNT", "ORGANIZATION"})


class Analyzer(Value):
    """One analyzer: its type and status as Access Analyzer names them.

    Source: IAM Access Analyzer API Reference, AnalyzerSummary.
    """

    name: str
    kind: str
    status: str

    @property
    def finds_external_access(self) -> bool:
        """Tell whether it looks for access from outside, and works."""
        return self.kind in EXTERNAL_ACCESS and self.status == "ACTIVE"


class AccessAnalyzerRegion(Resource):
    """Access Analyzer in one region; its id is the account's."""

    type: ClassVar[str] = "AWS::::Account"
    service: ClassVar[str] = "accessanalyzer"

    analyzers: Fact[tuple[Analyzer, ...]] = NOT_COLLECTED
