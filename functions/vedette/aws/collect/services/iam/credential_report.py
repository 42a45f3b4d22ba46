"""Reads the credential report: passwords, keys and MFA of every user in one file.

Sources: IAM User Guide, "Generate credential reports for your AWS account" (columns, and that a
report serves for four hours); IAM API Reference, GenerateCredentialReport and GetCredentialReport
(states and errors).
"""

import csv
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from vedette.aws.collect.reader import Answer, Reader
from vedette.aws.errors import Problem, ReadError
from vedette.resources.iam_credentials import AccessKey, Credentials

GENERATE = "iam:GenerateCredentialReport"
GET = "iam:GetCredentialReport"
REPORT_CALLS = (GENERATE, GET)
ROOT = "<root_account>"
NOT_THERE = ("ReportNotPresent", "ReportExpired", "ReportInProgress")
PAUSES = (0.2, 0.5, 1, 2, 4, 8, 8, 8, 8, 8, 8, 8)
NO_DATE = frozenset({"N/A", "no_information", "not_supported", ""})
LEADING_COLUMNS = 2

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CredentialReport:
    """The credentials by user name, the root user's under `<root_account>`."""

    rows: Mapping[str, Row]
    reported: datetime

    def credentials(self, user: str) -> Credentials | None:
        """Return what the report says of a user, or None if it does not know the user.

        Raises ValueError or LookupError where the row is not as AWS documents it.
        """
        row = self.rows.get(user)
        return None if row is None else parse_row(row, self.reported)


def read_report(reader: Reader) -> CredentialReport:
    """Return the account's credential report, read once for all collectors."""
    return reader.once("iam credential report", fetch_report)


def fetch_report(reader: Reader, pause: Callable[[float], None] = time.sleep) -> CredentialReport:
    """Take the report that AWS has, or ask for a new one and wait for it: about a minute at most.

    Raises ReadError if there is none by then.
    """
    for seconds in PAUSES:
        answer = reader.optional(GET, *NOT_THERE)
        if answer is not None:
            return _report(answer)
        if reader.call(GENERATE).get("State") != "COMPLETE":
            pause(seconds)
    raise ReadError(GET, Problem.FAILED, "ReportInProgress", "AWS took too long to write it")


def parse_report(text: str) -> dict[str, Row]:
    """Read the report's lines by user name."""
    lines = [line.removesuffix("\r") for line in text.split("\n") if line.strip()]
    columns = lines[0].split(",")
    rows = [dict(zip(columns, _cells(line, len(columns)), strict=True)) for line in lines[1:]]
    return {row["user"]: row for row in rows}


def parse_row(row: Row, reported: datetime | None) -> Credentials:
    """Read one user's line. Raises ValueError or LookupError where it is out of shape."""
    return Credentials(
        password_enabled=_password_enabled(row),
        password_changed=_date(row["password_last_changed"]),
        password_last_used=_date(row["password_last_used"]),
        mfa_active=_truth(row["mfa_active"]),
        access_keys=tuple(key for number in (1, 2) if (key := _key(row, number)) is not None),
        reported=reported,
    )


def _report(answer: Answer) -> CredentialReport:
    """Take an answer apart. As a ReadError, a failure is remembered and not repeated per user."""
    try:
        rows = parse_report(answer["Content"].decode("utf-8"))
    except (LookupError, ValueError) as error:
        name = type(error).__name__
        raise ReadError(GET, Problem.FAILED, f"unexpected answer, {name}") from error
    return CredentialReport(rows, answer["GeneratedTime"])


def _cells(line: str, columns: int) -> list[str]:
    """Split a line, also if a comma in the user's name or path is not in quotes.

    Names may hold commas and paths quotes as well, but neither name nor the columns after the ARN
    hold `arn:`, so the ARN's beginning shows where the name ends.
    """
    cells = next(csv.reader([line]))
    if len(cells) == columns:
        return cells
    name_and_arn, *rest = line.rsplit(",", columns - LEADING_COLUMNS)
    name, _, arn = name_and_arn.partition(",arn:")
    return [name, f"arn:{arn}", *rest]


def _password_enabled(row: Row) -> bool:
    """Tell whether there is a password; the report does not say so of the root user's."""
    told = row["password_enabled"]
    return row["user"] == ROOT if told == "not_supported" else _truth(told)


def _key(row: Row, number: int) -> AccessKey | None:
    """Return the key of this number; None if there is none, which is where it has no date."""
    active = _truth(row[f"access_key_{number}_active"])
    created = _date(row[f"access_key_{number}_last_rotated"])
    if created is None:
        if active:
            raise ValueError(f"access key {number} is active and has no date")
        return None
    last_used = _date(row[f"access_key_{number}_last_used_date"])
    return AccessKey(number=number, active=active, created=created, last_used=last_used)


def _truth(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()]


def _date(text: str) -> datetime | None:
    if text in NO_DATE:
        return None
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError("a time in the credential report has no zone")
    return when.astimezone(UTC)
