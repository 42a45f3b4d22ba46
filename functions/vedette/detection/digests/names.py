"""What the names of digests and log files tell: account, region and time of delivery.

Source: AWS CloudTrail User Guide, "CloudTrail log file name format" and "CloudTrail digest file
structure". Names come with the files, so they are no more to be trusted than these.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

DIGEST_MARK: Final = "_CloudTrail-Digest_"
LOG_MARK: Final = "_CloudTrail_"
# A region becomes part of a host name, so nothing else may pass for one.
_REGION: Final = r"[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}"
_LOG: Final = re.compile(rf"^([0-9]{{12}})_CloudTrail_({_REGION})_([0-9]{{8}}T[0-9]{{4}})")
_DIGEST: Final = re.compile(
    rf"^([0-9]{{12}})_CloudTrail-Digest_({_REGION})_.*_([0-9]{{8}}T[0-9]{{4}})[0-9]{{2}}Z"
)


@dataclass(frozen=True, slots=True)
class LogName:
    """A log file by its name; `delivered` is the minute of delivery, in UTC."""

    account: str
    region: str
    delivered: datetime


@dataclass(frozen=True, slots=True)
class DigestName:
    """A digest by its name; `end` is the minute in which its hour ends, in UTC."""

    account: str
    region: str
    end: datetime


def parse_log_name(name: str) -> LogName | None:
    """Read the name of a log file, without its folders; None if it is not of AWS's making."""
    found = _LOG.match(name)
    minute = _minute(found[3]) if found else None
    return LogName(found[1], found[2], minute) if found and minute else None


def parse_digest_name(name: str) -> DigestName | None:
    """Read the name of a digest, without its folders; None if it is not of AWS's making."""
    found = _DIGEST.match(name)
    minute = _minute(found[3]) if found else None
    return DigestName(found[1], found[2], minute) if found and minute else None


def base_name(path: str) -> str:
    """Return the last part of a path or key, whichever way its separators lean."""
    return path.replace("\\", "/").rpartition("/")[2]


def _minute(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M").replace(tzinfo=UTC)
    except ValueError:
        return None
