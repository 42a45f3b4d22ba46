"""`vedette doctor`: can we read what an audit would read?"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vedette.aws.collect.catalogue import collectors
from vedette.aws.collect.driver import Plan, Progress, no_progress
from vedette.configuration.frameworks import load_frameworks
from vedette.configuration.loader import load_configuration
from vedette.operations.account_reading import AccountReading, ReadingOptions
from vedette.operations.selection import Named
from vedette.posture.catalogue import load_posture_rules
from vedette.resources.coverage import Coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What works and what does not; `coverage` tells of listings in the regions looked at."""

    caller: str
    account: str
    regions: Sequence[str]
    rules: int
    frameworks: int
    configuration: str
    coverage: Sequence[Coverage]

    @property
    def healthy(self) -> bool:
        """Tell whether every listing worked."""
        return all(one.complete for one in self.coverage)


def diagnose(
    reading: ReadingOptions,
    *,
    rule_directories: Sequence[Path] = (),
    configuration: Path | None = None,
    progress: Progress = no_progress,
) -> Diagnosis:
    """Load all content, ask AWS who we are, and try one listing of every kind.

    Raises UserError if the content is broken or AWS does not know us.
    """
    rules = load_posture_rules(directories=rule_directories)
    frameworks = load_frameworks(directories=rule_directories)
    loaded = load_configuration(configuration)
    loaded.parameters_of({rule.id: rule.rule.parameters for rule in rules})
    account = AccountReading(reading)
    plan = Plan(facts={one.kind: frozenset() for one in collectors()})
    snapshot = account.snapshot(plan, Named(ids={}), progress)
    return Diagnosis(
        caller=account.identity.arn,
        account=account.identity.account,
        regions=snapshot.regions,
        rules=len(rules),
        frameworks=len(frameworks),
        configuration=str(loaded.file.path) if loaded.file else "defaults",
        coverage=snapshot.coverage,
    )
