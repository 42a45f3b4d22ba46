"""The result of an audit, in the shape that every output writes and `--output json` publishes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from vedette.findings.finding import Control, Finding
from vedette.findings.rule_text import RuleText
from vedette.findings.severity import Severity
from vedette.findings.suppression import Suppression
from vedette.findings.verdict import Verdict
from vedette.resources.coverage import Coverage, Note

REPORT_VERSION = 1


class Part(BaseModel):
    """Base of the report's parts."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Score(Part):
    """How many judgements passed; `percent` is PASSED among PASSED and FAILED, None if none is.

    Suppressed findings count in none of the three.
    """

    passed: int = 0
    failed: int = 0
    unknown: int = 0

    @property
    def percent(self) -> float | None:
        """Return the share that passed, 0 to 100."""
        judged = self.passed + self.failed
        return 100 * self.passed / judged if judged else None


class ScoreEntry(Score):
    """A score with its percentage written out."""

    score: float | None = None


class FrameworkScore(Part):
    """Controls of one framework, by what the rules that serve them say.

    `met`: a rule judged and none failed; `failed`: a rule failed; `unknown`: nothing failed but
    something could not be read; `not_assessed`: no rule that ran serves it or had a resource.
    """

    name: str
    version: str
    met: int = 0
    failed: int = 0
    unknown: int = 0
    not_assessed: int = 0
    score: float | None = None


class FixFirst(Part):
    """One of the things to fix first: a rule, and how many resources fail it."""

    rule: str
    title: str
    severity: Severity
    resources: int


class Summary(Part):
    """All verdicts counted, suppressed ones apart."""

    verdicts: Mapping[Verdict, int]
    failed_by_severity: Mapping[Severity, int]
    suppressed: int
    rules: int
    resources: int
    score: float | None
    services: Mapping[str, ScoreEntry]
    frameworks: Mapping[str, FrameworkScore]
    fix_first: tuple[FixFirst, ...]


class ReportedRule(RuleText):
    """A rule's documentation, once per rule and not per finding."""

    severity: Severity
    service: str
    controls: tuple[Control, ...]


class SuppressionUse(Part):
    """A suppression of the configuration, how many findings it covered, and whether it expired."""

    suppression: Suppression
    matched: int
    expired: bool


class Comparison(Part):
    """What changed since an older report: ids of new and still open findings, and what is fixed.

    `not_judged` holds findings of the older report that this audit did not look at.
    """

    with_as_of: datetime
    new: tuple[str, ...]
    still_open: tuple[str, ...]
    fixed: tuple[Finding, ...]
    not_judged: tuple[Finding, ...] = ()


class AuditReport(Part):
    """Everything that one audit found, and what it could not look at."""

    report_version: Literal[1] = 1
    vedette: str = Field(description="Version of Vedette that wrote the report.")
    as_of: datetime = Field(description="When the resources were read.")
    account: str
    partition: str
    regions: tuple[str, ...]
    summary: Summary
    coverage: tuple[Coverage, ...]
    notes: tuple[Note, ...]
    suppressions: tuple[SuppressionUse, ...]
    comparison: Comparison | None = None
    rules: Mapping[str, ReportedRule]
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """Tell whether everything could be read and judged."""
        return not self.summary.verdicts.get(Verdict.UNKNOWN) and all(
            one.complete for one in self.coverage
        )

    def failed_at_least(self, severity: Severity) -> int:
        """Count failed findings of at least this severity that are not suppressed."""
        counts = self.summary.failed_by_severity
        return sum(count for one, count in counts.items() if one.rank >= severity.rank)
