"""Reads AWS Config's recorders in three calls a region.

Source: AWS Config API Reference, ConfigurationRecorder, RecordingGroup.
"""

from collections.abc import Iterator

from vedette.aws.collect.collector import Collector, fact
from vedette.aws.collect.reader import Answer, Reader
from vedette.aws.collect.whole_account import whole_account
from vedette.resources.config import (
    GLOBAL_TYPES,
    ConfigAccount,
    ConfigRecorder,
    ConfigRegion,
    RecorderStatus,
)
from vedette.resources.facts import Fact, known

RECORDERS = "config:DescribeConfigurationRecorders"
STATUSES = "config:DescribeConfigurationRecorderStatus"
CHANNELS = "config:DescribeDeliveryChannels"
EXCLUSION = "EXCLUSION_BY_RESOURCE_TYPES"


def find_region(reader: Reader, _only: frozenset[str] | None) -> Iterator[ConfigRegion]:
    """Yield the region with its recorders."""
    listed = reader.call(RECORDERS)["ConfigurationRecorders"]
    recorders = tuple(_recorder(one) for one in listed)
    yield whole_account(ConfigRegion, reader, recorders=Fact.of(recorders))


def find_account(reader: Reader, _only: frozenset[str] | None) -> Iterator[ConfigAccount]:
    """Yield the account."""
    yield whole_account(ConfigAccount, reader)


def _recorder(listed: Answer) -> ConfigRecorder:
    group = listed["recordingGroup"]
    if (group.get("recordingStrategy") or {}).get("useOnly") == EXCLUSION:
        return _recorder_but(listed["name"], group["exclusionByResourceTypes"]["resourceTypes"])
    every = group.get("allSupported", False)
    chosen = frozenset(group.get("resourceTypes") or ())
    return ConfigRecorder(
        name=listed["name"],
        takes_every_type=every,
        takes_global_types=chosen >= GLOBAL_TYPES
        or (every and group.get("includeGlobalResourceTypes", False)),
    )


def _recorder_but(name: str, excluded: list[str]) -> ConfigRecorder:
    return ConfigRecorder(
        name=name,
        takes_every_type=True,
        takes_global_types=GLOBAL_TYPES.isdisjoint(excluded),
        excluded=frozenset(excluded) - GLOBAL_TYPES,
    )


def _statuses(reader: Reader, region: ConfigRegion) -> dict[str, RecorderStatus]:
    if not known(region.recorders):
        return {}
    listed = reader.call(STATUSES)["ConfigurationRecordersStatus"]
    return {
        one["name"]: RecorderStatus(recording=one["recording"], last_status=one.get("lastStatus"))
        for one in listed
    }


def _channels(reader: Reader, region: ConfigRegion) -> tuple[str, ...]:
    if not known(region.recorders):
        return ()
    return tuple(one["name"] for one in reader.call(CHANNELS)["DeliveryChannels"])


REGIONS = Collector(
    kind=ConfigRegion,
    calls=(RECORDERS,),
    find=find_region,
    details=(
        fact("statuses", STATUSES, read=_statuses),
        fact("delivery_channels", CHANNELS, read=_channels),
    ),
)
ACCOUNT = Collector(kind=ConfigAccount, calls=(), find=find_account, is_global=True)
COLLECTORS = (REGIONS, ACCOUNT)
