"""The audit report as one HTML file that needs nothing else: no server, no network, no scripts."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import islice
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from vedette.findings.finding import Finding
from vedette.findings.severity import Severity
from vedette.findings.verdict import Verdict
from vedette.reporting.audit_report import AuditReport, Summary
from vedette.reporting.grouping import by_reason, by_rule, gaps, open_findings, service_of
from vedette.reporting.text import (
    blocks,
    bounded_printable,
    counted,
    day,
    grade,
    json_text,
    listed,
    one_line,
    percentage,
    scope,
)

MOST_FINDINGS: Final = 5_000
TEXT_LIMIT: Final = 4_000
EVIDENCE_LIMIT: Final = 1_500
SHORT_EVIDENCE: Final = 100
MOST_TAGS: Final = 50
TAG_LIMIT: Final = 400


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of the bar of severities: where it begins and how wide it is, in percent."""

    severity: Severity
    count: int
    start: float
    width: float


def to_html(report: AuditReport) -> str:
    """Return the page. Findings beyond 5,000 are left out, the least severe ones, and it says so.

    The page forbids itself every request by its Content-Security-Policy, which names its own
    style and script by their hashes.
    """
    style, script = asset("report.css"), asset("report.js")
    template = environment().get_template("report.html.j2")
    return template.render(
        report=report,
        style=Markup(style),  # noqa: S704  (our own file)
        script=Markup(script),  # noqa: S704  (our own file)
        style_hash=csp_hash(style),
        script_hash=csp_hash(script),
        **_view(report),
    )


def csp_hash(source: str) -> str:
    """Return the hash by which a Content-Security-Policy names an inline style or script."""
    digest = hashlib.sha256(source.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def severity_bar(counts: Mapping[Severity, int]) -> list[Segment]:
    """Return the severities that occur, worst first, as parts of a bar 100 wide."""
    total = sum(counts.values())
    segments: list[Segment] = []
    start = 0.0
    for severity in reversed(Severity):
        if count := counts.get(severity, 0):
            width = 100 * count / total
            segments.append(Segment(severity, count, round(start, 2), round(width, 2)))
            start += width
    return segments


def evidence_text(finding: Finding) -> str:
    """Return the evidence as JSON, on one line if it is short, cut to 1,500 characters."""
    short = json_text(finding.evidence)
    text = short if len(short) <= SHORT_EVIDENCE else json_text(finding.evidence, indent=1)
    return bounded_printable(text, EVIDENCE_LIMIT)


def tag_texts(tags: Mapping[str, str]) -> list[str]:
    """Return the tags as texts of bounded number and length."""
    return [
        one_line(f"{key} = {value}", TAG_LIMIT) for key, value in islice(tags.items(), MOST_TAGS)
    ]


def _view(report: AuditReport) -> dict[str, Any]:
    failed, unknown, passed = _within_limit(report)
    every = (*failed, *unknown, *passed)
    listed_ones = [one for one in report.findings if one.suppressed is None]
    return {
        "failed": by_rule(failed),
        "unknown": by_reason(unknown),
        "passed": by_rule(passed),
        "listed": len(every),
        "left_out": len(listed_ones) - len(every),
        "suppressed": [one for one in report.findings if one.suppressed is not None],
        "new": frozenset(report.comparison.new if report.comparison else ()),
        "regions": sorted({one.region for one in every}),
        "services": sorted({service_of(one.rule) for one in every}),
        "scored_services": _scored(report.summary),
        "segments": severity_bar(report.summary.failed_by_severity),
        "gaps": gaps(report.coverage),
        "severities": list(reversed(Severity)),
        "count": {one.value: report.summary.verdicts.get(one, 0) for one in Verdict},
    }


def _within_limit(report: AuditReport) -> Sequence[Sequence[Finding]]:
    room = MOST_FINDINGS
    kept: list[Sequence[Finding]] = []
    for verdict in (Verdict.FAILED, Verdict.UNKNOWN, Verdict.PASSED):
        worst_first = sorted(open_findings(report, verdict), key=lambda one: -one.severity.rank)
        kept.append(worst_first[:room])
        room -= len(kept[-1])
    return kept


def _scored(summary: Summary) -> list[tuple[str, Any]]:
    scored = [(name, one) for name, one in summary.services.items() if one.score is not None]
    return sorted(scored, key=lambda entry: (entry[1].score, entry[0]))


def asset(name: str) -> str:
    """Return one of our own files that a page carries."""
    return resources.files("vedette.reporting").joinpath("templates", name).read_text("utf-8")


def environment() -> Environment:
    """Return what renders pages: everything is escaped, printable and bounded."""
    environment = Environment(
        loader=PackageLoader("vedette.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        blocks=blocks,
        day=day,
        evidence=evidence_text,
        listed=listed,
        percentage=percentage,
        grade=grade,
        scope=scope,
        tag_texts=tag_texts,
    )
    environment.globals.update(counted=counted)
    return environment


def _shown(value: object) -> object:
    """Make every text that the template writes printable and bounded, before it is escaped."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return bounded_printable(value, TEXT_LIMIT)
    return value
