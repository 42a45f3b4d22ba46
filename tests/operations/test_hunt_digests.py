from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.detection.digests.chain import BEGIN, HOUR, REGION, Chain, answer, new_key
from vedette.detection.digests.keys import keys_from_answer
from vedette.detection.digests.store import FolderStore
from vedette.detection.digests.validation import DigestProblem, DigestTrouble, Validation
from vedette.operations import hunt_digests
from vedette.operations.hunt_digests import (
    DigestRequest,
    FoundKeys,
    Span,
    digest_report,
    digests_of,
    folders,
    validate_digests,
)
from vedette.operations.usage import UsageError
from vedette.reporting.digest_report import lines, summary


@dataclass
class KnownKeys:
    """Keys at hand; it keeps what it was asked for."""

    found: FoundKeys
    asked: list[Span] = field(default_factory=list)

    def keys(self, spans: Sequence[Span]) -> FoundKeys:
        self.asked += spans
        return self.found


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    return Chain(tmp_path, new_key()).hours(3)


def test_keys_are_asked_for_by_region_and_time(chain: Chain) -> None:
    keys = KnownKeys(FoundKeys(keys_from_answer(answer(chain.key))))
    store = FolderStore([chain.folder], chain.signatures)

    report = validate_digests(DigestRequest(store=lambda: store, keys=keys))

    assert report.complete
    (span,) = keys.asked
    assert span.region == REGION
    assert span.start <= BEGIN
    assert span.end >= BEGIN + 3 * HOUR


def test_keys_that_could_not_be_had_stand_in_the_report(chain: Chain) -> None:
    problem = DigestProblem("public keys of x", DigestTrouble.UNVERIFIED, "it was denied")
    keys = KnownKeys(FoundKeys(keys_from_answer(answer(chain.key)), [problem]))
    store = FolderStore([chain.folder], chain.signatures)

    report = validate_digests(DigestRequest(store=lambda: store, keys=keys))

    assert not report.complete
    assert list(lines(report)) == ["unverified: public keys of x: it was denied"]


def test_the_worst_stands_first_and_what_is_left_out_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hunt_digests, "MOST_FILES", 3)
    problems = [
        DigestProblem(trouble, trouble, "because")
        for trouble in (DigestTrouble.GAP, DigestTrouble.UNVERIFIED, DigestTrouble.CHANGED)
    ]

    report = digest_report(
        Validation(digests=2, valid_digests=1, valid=["a", "b"], problems=problems)
    )

    assert [one.state for one in report.files] == ["changed", "gap", "unverified"]
    assert report.left_out == 2
    assert report.states == {"changed": 1, "gap": 1, "unverified": 1, "valid": 2}
    assert (report.tampered, report.not_validated) == (1, 2)
    assert "TAMPERED: 1 changed or missing" in summary(report)


def test_nothing_validated_is_not_complete() -> None:
    report = digest_report(Validation())

    assert not report.complete
    assert not report.tampered


@pytest.mark.parametrize(
    ("prefix", "digests"),
    [
        ("AWSLogs/1/CloudTrail/", "AWSLogs/1/CloudTrail-Digest/"),
        ("a/AWSLogs/1/CloudTrail/eu-west-1/2026/", "a/AWSLogs/1/CloudTrail-Digest/eu-west-1/2026/"),
        ("AWSLogs/1/", None),
        ("AWSLogs/1/CloudTrail-Digest/", None),
    ],
)
def test_digests_stand_beside_logs(prefix: str, digests: str | None) -> None:
    assert digests_of(prefix) == digests


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file or folder"):
        folders([tmp_path / "absent"])
