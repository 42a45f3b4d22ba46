"""The result of a hunt, in the shape that every output writes and `--output json` publishes."""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from vedette.findings.attack import tactics_of, techniques_of
from vedette.findings.case import TACTICS, Case
from vedette.findings.match import Match
from vedette.findings.severity import Severity
from vedette.reporting.digest_report import DigestReport
from vedette.reporting.hunt_lines import published
from vedette.reporting.text import visible_json

SHOWN_PROBLEMS = 100
MOST_ENTRIES = 200
MOST_NAMES = 50


class FileProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Something in a file that could not be looked at."""

    file: str
    reason: str


class CaseEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A match in a case, and how often it was repeated; `match` is the first of them."""

    match: Match
    count: int
    first: str | None
    last: str | None
    event_ids: tuple[str, ...]


class ReportedCase(msgspec.Struct, frozen=True, kw_only=True):
    """One story: who did what from when to when, and how bad the worst of it is.

    `actors` are the principals who began it, `principals` all that took part. `path` names the
    ATT&CK tactics in the order in which they were first seen. `entries` are in order of time;
    beyond 200 the least severe ones are left out and counted in `left_out`.
    """

    id: str
    title: str
    severity: Severity
    first: str | None
    last: str | None
    actors: tuple[str, ...]
    principals: tuple[str, ...]
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    source_ips: tuple[str, ...]
    resources: tuple[str, ...]
    path: tuple[str, ...]
    techniques: tuple[str, ...]
    matches: int
    entries: tuple[CaseEntry, ...]
    left_out: int = 0


class HuntReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a hunt tells.

    `dark` gives the rules that did not run since nothing tells what they ask, with the reason;
    `refused` those that could not be loaded; `remarks` what limits were reached. `problems` is
    bounded, `problem_count` is not. `matches` counts all, `unique` those that differ. `digests` is
    null unless they were validated.
    """

    report_version: Literal[1] = 1
    vedette: str
    files: int
    bytes: int
    events: int
    seconds: float
    rules: int
    matches: int
    severities: dict[Severity, int]
    cases: tuple[ReportedCase, ...]
    dark: dict[str, str] = {}
    refused: tuple[str, ...] = ()
    for_other_logs: int = 0
    problems: tuple[FileProblem, ...] = ()
    problem_count: int = 0
    remarks: tuple[str, ...] = ()
    digests: DigestReport | None = None

    @property
    def complete(self) -> bool:
        """Tell whether everything could be looked at, by all rules."""
        validated = self.digests is None or self.digests.complete
        return validated and not self.problem_count and not self.refused


def reported_case(case: Case) -> ReportedCase:
    """Return a case as it is reported; the `detail` of its sightings are entries."""
    entries: list[CaseEntry] = [one.detail for one in case.timeline]
    matches = [one.match for one in entries]
    worst_first = sorted(range(len(entries)), key=lambda place: _badness(entries[place]))
    shown = sorted(worst_first[:MOST_ENTRIES])
    return ReportedCase(
        id=case.id,
        title=matches[worst_first[0]].title,
        severity=case.severity,
        first=min((one.first for one in entries if one.first), default=None),
        last=max((one.last for one in entries if one.last), default=None),
        actors=_names(case.actors),
        principals=_names((*case.actors, *(one.principal for one in matches))),
        accounts=_names(case.accounts),
        regions=_names(case.regions),
        source_ips=_names(one.source_ip for one in matches),
        resources=_names(name for one in case.timeline for name in one.touched),
        path=case.path,
        techniques=tuple(sorted({each for one in matches for each in techniques_of(one.tags)})),
        matches=sum(one.count for one in entries),
        entries=tuple(entries[place] for place in shown),
        left_out=len(entries) - len(shown),
    )


def _badness(entry: CaseEntry) -> tuple[int, int]:
    """Order by severity, and what is equally bad by how far the attack has come."""
    tactics = tactics_of(entry.match.tags)
    return (-entry.match.severity.rank, -max(map(TACTICS.index, tactics), default=0))


def _names(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))[:MOST_NAMES]


def story(report: HuntReport, principal: str | None) -> HuntReport:
    """Leave in a report the story of one principal, in order of time.

    Without a name it is the first principal of the worst case.
    """
    cases = report.cases
    if principal is None and cases:
        first = set(cases[0].actors[:1])
        cases = tuple(one for one in cases if first & set(one.principals)) or cases[:1]
    in_order = tuple(sorted(cases, key=lambda one: (one.first or "", one.id)))
    return msgspec.structs.replace(report, cases=in_order)


def to_json(report: HuntReport) -> str:
    """Return the report as JSON text."""
    written = msgspec.json.encode(report, order="sorted").decode("utf-8", "replace")
    return visible_json(msgspec.json.format(written, indent=2)) + "\n"


def schema() -> dict[str, Any]:
    """Return the JSON schema of the report."""
    return msgspec.json.schema(HuntReport)


def schema_text() -> str:
    """Return the schema as it is published in `docs/schemas/hunt.json`."""
    return published(schema())
