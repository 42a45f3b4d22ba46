"""Reads GuardDuty's detector: one call in a region where it is off, two where there is one."""

from collections.abc import Iterator

from vedette.aws.collect.collector import Collector
from vedette.aws.collect.reader import Answer, Reader
from vedette.aws.collect.whole_account import whole_account
from vedette.resources.facts import Fact
from vedette.resources.guardduty import Detector, GuardDutyRegion

LIST = "guardduty:ListDetectors"
GET = "guardduty:GetDetector"
ON = "ENABLED"
S3_LOGS = "S3_DATA_EVENTS"


def find_region(reader: Reader, _only: frozenset[str] | None) -> Iterator[GuardDutyRegion]:
    """Yield the region with its detectors (AWS allows one)."""
    detectors = tuple(
        _detector(one, reader.call(GET, DetectorId=one))
        for one in reader.pages(LIST, "DetectorIds", MaxResults=50)
    )
    yield whole_account(GuardDutyRegion, reader, detectors=Fact.of(detectors))


def _detector(detector_id: str, answer: Answer) -> Detector:
    return Detector(
        id=detector_id, is_enabled=answer["Status"] == ON, features=frozenset(_features(answer))
    )


def _features(answer: Answer) -> Iterator[str]:
    """Yield what is on; S3 alone is told by the older data sources too, where features are not."""
    if "Features" not in answer:
        if answer["DataSources"]["S3Logs"]["Status"] == ON:
            yield S3_LOGS
        return
    for feature in answer["Features"]:
        if feature["Status"] == ON:
            yield feature["Name"]


COLLECTORS = (Collector(kind=GuardDutyRegion, calls=(LIST, GET), find=find_region),)
