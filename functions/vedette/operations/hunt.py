"""The hunt: choose rules, go through the logs, tell the matches and the stories they make."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from vedette.configuration.loader import load_configuration
from vedette.detection.correlate.baseline import Baseline, BaselineError, from_json, learned
from vedette.detection.correlate.baseline import to_json as baseline_json
from vedette.detection.correlate.plan import plan_of
from vedette.detection.ir import to_json as rules_json
from vedette.findings.case import SessionLink
from vedette.findings.match import TracedMatch
from vedette.findings.severity import Severity
from vedette.operations.hunt_files import FileOutcome, HuntPlan
from vedette.operations.hunt_logs import LogSource, worth_reading
from vedette.operations.hunt_memory import memory_match, tellings_of
from vedette.operations.hunt_rules import HuntRules, RuleChoice, load_hunt_rules
from vedette.operations.hunt_sightings import Wanted
from vedette.operations.hunt_workers import Hunters
from vedette.operations.private_files import write_private
from vedette.operations.usage import UsageError
from vedette.reporting.hunt_lines import match_lines
from vedette.reporting.hunt_report import FileProblem

MOST_PROBLEMS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HuntRequest:
    """What to hunt through, by which rules, and which matches to tell.

    `baseline` is a file that `learn` wrote before; `learn` is written from what this hunt sees,
    and what stood in it before stays known.
    """

    source: LogSource
    choice: RuleChoice = field(default_factory=RuleChoice)
    configuration: Path | None = None
    since: datetime | None = None
    until: datetime | None = None
    wanted: Wanted = field(default_factory=Wanted)
    workers: int = 1
    baseline: Path | None = None
    learn: Path | None = None


@dataclass(frozen=True, slots=True)
class HuntProgress:
    """How far a hunt is: bytes as they are stored, and events."""

    bytes_done: int
    bytes_total: int
    events: int
    matches: int


@dataclass(slots=True, kw_only=True)
class Hunted:
    """What a hunt looked at. `problems` is bounded; `problem_count` counts all of them."""

    rules: HuntRules
    files: int = 0
    bytes: int = 0
    events: int = 0
    matches: int = 0
    seconds: float = 0.0
    problems: list[FileProblem] = field(default_factory=list)
    problem_count: int = 0
    severities: Counter[Severity] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Tell whether everything could be looked at, by all rules."""
        return not self.problem_count and not self.rules.refused

    def matches_at_least(self, severity: Severity) -> int:
        """Count the matches of at least this severity."""
        return sum(count for one, count in self.severities.items() if one.rank >= severity.rank)


class Receiver(Protocol):
    """Takes matches while the hunt goes on: as lines of JSON, or traced, to tell stories."""

    @property
    def as_lines(self) -> bool:
        """Tell which of both it takes."""
        ...

    def take_lines(self, lines: bytes) -> None:
        """Take matches as JSON, one a line."""
        ...

    def take_match(self, traced: TracedMatch) -> None:
        """Take one match, with what stories are told by."""
        ...

    def take_link(self, link: SessionLink) -> None:
        """Take note that somebody was given credentials."""
        ...


OnProgress = Callable[[HuntProgress], None]


def no_progress(_: HuntProgress) -> None:
    """Show nothing."""


def hunt(request: HuntRequest, receiver: Receiver, on_progress: OnProgress = no_progress) -> Hunted:
    """Hunt through logs, and give each match to the receiver as soon as it is found.

    Matches of rules with memory come last. All rules are loaded before the first file is read.
    Raises UserError for what cannot begin; a file that cannot be read is told in the outcome.
    """
    rules = load_hunt_rules(request.choice, load_configuration(request.configuration))
    before = _read_baseline(request.baseline or request.learn, required=bool(request.baseline))
    return _Hunt(request, receiver, rules, before).run(on_progress)


class _Hunt:
    def __init__(
        self, request: HuntRequest, receiver: Receiver, rules: HuntRules, before: Baseline
    ) -> None:
        self._request = request
        self._receiver = receiver
        self._rules = rules
        self._plan = plan_of(rules.compiled)
        self._before = before
        known, said = before.fitting(self._plan)
        self._hunted = Hunted(rules=rules, remarks=said)
        self._hunters = Hunters(self._hunt_plan(), request.workers, known)

    def run(self, on_progress: OnProgress) -> Hunted:
        hunted = self._hunted
        files = worth_reading(self._request.source.files(), self._request.since)
        if not files:
            raise UsageError("There are no log files there (.json, .jsonl or .ndjson, also .gz).")
        total = sum(file.size for file in files)
        started = time.monotonic()
        for outcome in self._hunters.outcomes(files):
            self._take(outcome)
            on_progress(HuntProgress(hunted.bytes, total, hunted.events, hunted.matches))
        self._learn()
        self._judge_memory()
        hunted.seconds = time.monotonic() - started
        return hunted

    def _hunt_plan(self) -> HuntPlan:
        request = self._request
        return HuntPlan(
            compiled=rules_json(self._rules.compiled),
            world=self._rules.world,
            source=request.source,
            since=_second(request.since),
            until=_second(request.until),
            wanted=request.wanted,
            as_lines=self._receiver.as_lines,
        )

    def _take(self, outcome: FileOutcome) -> None:
        hunted = self._hunted
        hunted.files += 1
        hunted.bytes += outcome.size
        hunted.events += outcome.events
        hunted.matches += outcome.matches
        hunted.severities.update(outcome.severities)
        for reason in outcome.problems:
            hunted.problem_count += 1
            if len(hunted.problems) < MOST_PROBLEMS:
                hunted.problems.append(FileProblem(file=outcome.name, reason=reason))
        if outcome.lines:
            self._receiver.take_lines(outcome.lines)
        for traced in outcome.traced:
            self._receiver.take_match(traced)
        for link in outcome.links:
            self._receiver.take_link(link)

    def _learn(self) -> None:
        if self._request.learn is None:
            return
        self._hunters.correlator.settle()
        after = learned(self._plan, self._hunters.correlator.batch, self._before)
        write_private(self._request.learn, baseline_json(after).decode())

    def _judge_memory(self) -> None:
        compiled = self._rules.compiled
        tellings = tellings_of(compiled)
        judged = self._hunters.correlator.finish()
        self._hunted.remarks += judged.problems
        for found in judged.matches:
            traced = memory_match(tellings[found.rule], found)
            if not self._request.wanted.fits(traced.match):
                continue
            self._hunted.matches += 1
            self._hunted.severities[traced.match.severity] += 1
            if self._receiver.as_lines:
                self._receiver.take_lines(match_lines([traced.match]))
            else:
                self._receiver.take_match(traced)


def _read_baseline(path: Path | None, *, required: bool) -> Baseline:
    if path is None or not (required or path.exists()):
        return Baseline()
    try:
        text = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}).") from error
    try:
        return from_json(text)
    except BaselineError as error:
        raise UsageError(f"{path}: {error}") from error


def _second(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
