"""Events as the detect queue delivers them, and a detector over stores in memory."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.fakes.findings import MemoryFindings
from tests.operations.hunting import ACCOUNT, only
from vedette.configuration.loader import load_configuration
from vedette.detection.correlate.store import HitStore, MemoryStore
from vedette.detection.derive.settings import DerivationSettings
from vedette.detection.ir import CompiledRules
from vedette.findings.severity import Severity
from vedette.findings.suppression import Suppression
from vedette.findings.tracked import TrackedFinding
from vedette.operations.detect import Content, Detector, Stores
from vedette.operations.detect_ours import Ours
from vedette.operations.hunt_rules import complete, load_catalogue
from vedette.operations.telemetry import Telemetry

Answer = dict[str, list[dict[str, str]]]


class Lines:
    """Takes what a function tells of its work."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str, /) -> None:
        self.text += text

    @property
    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def metric(self, name: str) -> int:
        """Return the sum of a metric."""
        return sum(line.get(name, 0) for line in self.all if "_aws" in line)

    def reasons(self) -> dict[str, int]:
        """Return why messages were refused or failed, and how many."""
        return {line["reason"]: line["count"] for line in self.all if "reason" in line}


class MemoryMarks:
    """Keeps marks in memory."""

    def __init__(self) -> None:
        self.marks: dict[str, tuple[datetime, str]] = {}

    def set(self, name: str, at: datetime, detail: str = "") -> bool:
        if name in self.marks and self.marks[name][0] >= at:
            return False
        self.marks[name] = (at, detail)
        return True


def compiled(folder: Path) -> CompiledRules:
    """Compile a folder of rules as synthesis does."""
    catalogue = load_catalogue(only(folder), load_configuration(None))
    assert not catalogue.refused
    return complete(catalogue.compiled)


def envelope(record: Mapping[str, Any], **members: Any) -> dict[str, Any]:
    """Wrap a record as EventBridge does."""
    return {
        "version": "0",
        "id": f"envelope-{record.get('eventID')}",
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.cloudtrail",
        "account": record.get("recipientAccountId", ACCOUNT),
        "time": record.get("eventTime", "2026-11-20T00:00:00Z"),
        "region": record.get("awsRegion", "eu-west-1"),
        "resources": [],
        "detail": dict(record),
    } | members


def batch(bodies: Iterable[Any]) -> dict[str, Any]:
    """Return a batch of SQS with these bodies; texts stay as they are. Ids are m0, m1, …."""
    return {
        "Records": [
            {"messageId": f"m{number}", "body": one if isinstance(one, str) else json.dumps(one)}
            for number, one in enumerate(bodies)
        ]
    }


def failed(answer: Answer) -> list[str]:
    """Return the ids of the messages that failed."""
    return sorted(one["itemIdentifier"] for one in answer["batchItemFailures"])


class World:
    """Stores that several workers share."""

    def __init__(
        self,
        rules: CompiledRules,
        hits: HitStore | None = None,
        ours: Ours | None = None,
        suppressions: Sequence[Suppression] = (),
    ) -> None:
        self.findings = MemoryFindings()
        self.hits = hits or MemoryStore()
        self.marks = MemoryMarks()
        self.lines = Lines()
        self._rules = rules
        self._ours = ours or Ours(accounts=frozenset({ACCOUNT}))
        self._suppressions = suppressions

    def worker(self) -> Detector:
        """Start a function anew."""
        return Detector(
            Content(rules=self._rules, world=DerivationSettings(), suppressions=self._suppressions),
            Stores(findings=self.findings, hits=self.hits, marks=self.marks),
            self._ours,
            Telemetry("detect", self.lines),
        )

    def deliver(self, *records: Mapping[str, Any]) -> Answer:
        """Deliver records in one batch to a worker that just started."""
        return self.worker().handle(batch(envelope(one) for one in records))

    @property
    def tracked(self) -> list[TrackedFinding]:
        """Return all findings."""
        found = [one for each in Severity for one in self.findings.open_by_severity(each)]
        return sorted(found, key=lambda one: one.id)

    @property
    def state(self) -> list[dict[str, Any]]:
        """Return what stands in the table, without the times of our clock and their order."""
        ours = {"opened_at", "status_at", "transition", "version", "told_events"}
        return [
            one.model_dump(exclude=ours) | {"occurrences": one.occurrences} for one in self.tracked
        ]
