import json

import pytest
from pydantic import JsonValue, ValidationError

from tests.findings.observing import ACCEPTED, BUCKET, NOON, event, verdict
from vedette.findings.finding import Finding, FindingKind, finding_id
from vedette.findings.observation import MOST_EVIDENCE, event_finding_id, observed
from vedette.findings.severity import Severity
from vedette.findings.verdict import Verdict


def test_a_rules_verdict_is_observed_at_the_time_of_the_read() -> None:
    finding = Finding(
        id="bucket-finding",
        rule="s3/bucket_blocks_public_access",
        title="Bucket blocks public access",
        verdict=Verdict.FAILED,
        severity=Severity.HIGH,
        account="111122223333",
        region="eu-west-1",
        resource=BUCKET,
        reason="It is public.",
        evidence={"public": True},
        suppressed=ACCEPTED,
    )

    assert observed(finding, NOON, baseline=True) == verdict(0, suppressed=ACCEPTED, baseline=True)


@pytest.mark.parametrize(
    "evidence",
    [
        {"names": ["x" * 900] * 50},
        {f"entry {place}": "x" * 900 for place in range(50)},
        {"deep": {str(place): ["x" * 900] * 50 for place in range(50)}},
        {"x" * 150 + str(place): {"a": [["y" * 900] * 40]} for place in range(50)},
    ],
)
def test_evidence_is_cut_to_a_size_that_every_store_takes(evidence: dict[str, JsonValue]) -> None:
    kept = verdict(0, evidence=evidence).evidence

    assert len(json.dumps(kept)) < MOST_EVIDENCE + 2_000
    assert kept != evidence
    assert next(iter(kept)) == next(iter(evidence))


def test_evidence_that_fits_is_kept_as_it_is() -> None:
    evidence: dict[str, JsonValue] = {"policy": {"Statement": [{"Effect": "Allow"}]}, "ports": [22]}

    assert verdict(0, evidence=evidence).evidence == evidence


def test_half_characters_are_replaced() -> None:
    told = event(0, principal="a\ud800", reason="\udfff", evidence={"k\ud800": ["v\ud800"]})

    assert (told.principal, told.reason, told.evidence) == ("a?", "?", {"k?": ["v?"]})


@pytest.mark.parametrize("changed", [{"time": NOON.replace(tzinfo=None)}, {"source_ips": ()}])
def test_what_is_no_observation_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        event(0, **changed)


def test_a_finding_of_events_is_the_same_in_every_region() -> None:
    one = event_finding_id(FindingKind.DETECTION, "rule", "111122223333", "alice")

    assert one == event_finding_id(FindingKind.DETECTION, "rule", "111122223333", "alice")
    assert one != event_finding_id(FindingKind.SIGNAL, "rule", "111122223333", "alice")
    assert one != finding_id(FindingKind.DETECTION, "rule", "111122223333", "eu-west-1", "alice")
