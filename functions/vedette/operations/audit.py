"""The on-demand audit: choose rules, read the account (or a snapshot), judge, report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from vedette import __version__
from vedette.aws.collect.driver import Progress, no_progress
from vedette.configuration.frameworks import load_frameworks
from vedette.configuration.loader import LoadedConfiguration, load_configuration
from vedette.findings.finding import Finding
from vedette.findings.frameworks import Framework
from vedette.operations.account_reading import AccountReading, ReadingOptions
from vedette.operations.report_building import ReportBuilder, reported_rules
from vedette.operations.selection import (
    Named,
    Selection,
    named_resources,
    plan_for,
    require_known_controls,
    rules_for,
    select_rules,
)
from vedette.operations.snapshot_files import read_report
from vedette.operations.usage import UsageError
from vedette.posture.catalogue import CataloguedRule, load_posture_rules
from vedette.posture.engine import PostureSettings, evaluate
from vedette.posture.rule import Parameters
from vedette.reporting.audit_report import AuditReport
from vedette.reporting.comparison import compare
from vedette.resources.resource import GLOBAL_REGION
from vedette.resources.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRequest:
    """What to audit, by which rules, and how to read it; `snapshot` takes the place of AWS."""

    selection: Selection = field(default_factory=Selection)
    reading: ReadingOptions = field(default_factory=ReadingOptions)
    rule_directories: Sequence[Path] = ()
    built_in: bool = True
    configuration: Path | None = None
    snapshot: Snapshot | None = None
    include_passed: bool = False
    compare_with: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """The report, and the snapshot it was judged from."""

    report: AuditReport
    snapshot: Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The rules, frameworks and settings of one audit, loaded and valid."""

    rules: Sequence[CataloguedRule]
    frameworks: Mapping[str, Framework]
    configuration: LoadedConfiguration
    settings: PostureSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What an audit judged: rules, regions and, if it was restricted to them, resources."""

    rules: frozenset[str]
    regions: frozenset[str]
    resources: frozenset[str]

    def covers(self, finding: Finding) -> bool:
        """Tell whether the audit looked at what a finding of an older report is about."""
        return (
            finding.rule in self.rules
            and finding.region in self.regions
            and (not self.resources or finding.resource.arn in self.resources)
        )


def audit(request: AuditRequest, progress: Progress = no_progress) -> Audited:
    """Audit an account.

    All content is loaded and checked before the first call to AWS. Raises ContentError, YamlError,
    UsageError or SessionError, whose messages say what to do.
    """
    content = load_content(request)
    older = read_report(request.compare_with) if request.compare_with else None
    if request.snapshot is not None:
        named = named_resources(request.selection, request.snapshot.account)
        rules = rules_for(content.rules, named)
        snapshot = restricted(request.snapshot, request.reading.regions, named)
    else:
        reading = AccountReading(request.reading)
        named = named_resources(request.selection, reading.identity.account)
        rules = rules_for(content.rules, named)
        snapshot = reading.snapshot(plan_for(rules, named), named, progress)
    _require_found(snapshot, named)
    report, judged = build_report(request, content, rules, snapshot)
    if older is not None:
        _require_same_account(older, snapshot)
        comparison = compare(older, report, judged.covers)
        report = report.model_copy(update={"comparison": comparison})
    return Audited(report=report, snapshot=snapshot)


def load_content(request: AuditRequest) -> Content:
    """Load rules, frameworks and configuration, and choose the rules."""
    every = load_posture_rules(directories=request.rule_directories, built_in=request.built_in)
    frameworks = load_frameworks(directories=request.rule_directories)
    configuration = load_configuration(request.configuration)
    require_known_controls(every, frameworks)
    models = {rule.id: rule.rule.parameters for rule in every}
    parameters = cast("Mapping[str, Parameters]", configuration.parameters_of(models))
    return Content(
        rules=select_rules(every, request.selection, frameworks),
        frameworks=frameworks,
        configuration=configuration,
        settings=PostureSettings(
            parameters=parameters,
            trusted_accounts=configuration.configuration.accounts.known,
        ),
    )


def build_report(
    request: AuditRequest, content: Content, rules: Sequence[CataloguedRule], snapshot: Snapshot
) -> tuple[AuditReport, Judged]:
    """Judge a snapshot; return the report, and what it judged."""
    suppressions = content.configuration.configuration.suppressions
    builder = ReportBuilder(suppressions, snapshot.as_of, include_passed=request.include_passed)
    for outcome in evaluate(rules, snapshot, content.settings):
        builder.add(outcome)
    report = AuditReport(
        vedette=__version__,
        as_of=snapshot.as_of,
        account=snapshot.account,
        partition=snapshot.partition,
        regions=snapshot.regions,
        summary=builder.summary(rules, content.frameworks),
        coverage=snapshot.coverage,
        notes=snapshot.notes,
        suppressions=builder.suppression_uses(),
        rules=reported_rules(rules),
        findings=builder.sorted_findings(),
    )
    return report, Judged(
        rules=frozenset(one for rule in rules for one in (rule.id, *rule.rule.formerly)),
        regions=frozenset(snapshot.regions) | {GLOBAL_REGION},
        resources=frozenset(request.selection.resources),
    )


def restricted(snapshot: Snapshot, regions: Sequence[str], named: Named) -> Snapshot:
    """Leave in a snapshot only these regions (global ones stay) and the named resources."""
    if unknown := sorted(set(regions) - set(snapshot.regions)):
        raise UsageError(f"The snapshot does not hold the region {', '.join(unknown)}.")
    return snapshot.narrowed(
        tuple(regions) or snapshot.regions,
        lambda one: one.id in named.ids.get(type(one), {one.id}),
    )


def _require_same_account(older: AuditReport, snapshot: Snapshot) -> None:
    if older.account != snapshot.account:
        raise UsageError(
            f"--compare: the older report is about account {older.account}, this audit about "
            f"{snapshot.account}."
        )


def _require_found(snapshot: Snapshot, named: Named) -> None:
    for kind, ids in named.ids.items():
        if snapshot.inventory.unlisted(kind):
            continue
        found = {one.id for one in snapshot.inventory.readable(kind)}
        if missing := sorted(ids - found):
            raise UsageError(f"--resource: there is no {kind.type} called {', '.join(missing)}.")
