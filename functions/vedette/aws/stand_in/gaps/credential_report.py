"""The IAM credential report, as AWS writes it.

moto leaves out the root user, dates the report to 2015 and marks absent passwords differently.
Source: IAM User Guide, "Generate credential reports for your AWS account".
"""

import csv
import io
from datetime import UTC, datetime
from typing import Any

from vedette.aws.stand_in.call import Answer
from vedette.aws.stand_in.gaps.exchange import Exchange, Gap
from vedette.aws.stand_in.gaps.state import Columns, Root

ROOT = "<root_account>"
NOTHING, UNUSED, UNSUPPORTED = "N/A", "no_information", "not_supported"
KEY_COLUMNS = ("active", "last_rotated", "last_used_date", "last_used_region", "last_used_service")
CERTIFICATE_COLUMNS = ("active", "last_rotated")
KEYS, CERTIFICATES = 2, 2
COLUMNS = (
    "user",
    "arn",
    "user_creation_time",
    "password_enabled",
    "password_last_used",
    "password_last_changed",
    "password_next_rotation",
    "mfa_active",
    *(f"access_key_{n}_{column}" for n in range(1, KEYS + 1) for column in KEY_COLUMNS),
    *(f"cert_{n}_{column}" for n in range(1, CERTIFICATES + 1) for column in CERTIFICATE_COLUMNS),
)


def cell(value: str | bool | datetime) -> str:
    """Write a value as the report does."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    return str(value).lower() if isinstance(value, bool) else value


def _get_credential_report(exchange: Exchange) -> Answer:
    answer = exchange.forward()
    if not answer.succeeded:
        return answer
    return exchange.reply(
        {
            "Content": _report(exchange),
            "ReportFormat": "text/csv",
            "GeneratedTime": datetime.now(UTC),
        }
    )


def _report(exchange: Exchange) -> bytes:
    stored = exchange.state.credentials[exchange.call.account]
    root = exchange.state.roots[exchange.call.account]
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerow({**_root_row(exchange, root), **stored[ROOT]})
    for user in exchange.global_backend("iam").users.values():
        writer.writerow({**_user_row(user), **stored[user.name]})
    return text.getvalue().encode()


def _root_row(exchange: Exchange, root: Root) -> Columns:
    created = cell(datetime(2020, 1, 1, tzinfo=UTC))
    row = {
        "user": ROOT,
        "arn": f"arn:{exchange.partition}:iam::{exchange.call.account}:root",
        "user_creation_time": created,
        "password_enabled": UNSUPPORTED,
        "password_last_used": UNUSED,
        "password_last_changed": UNSUPPORTED,
        "password_next_rotation": UNSUPPORTED,
        "mfa_active": cell(root.mfa != "none"),
        **_certificates(0),
    }
    for number in range(1, KEYS + 1):
        row |= _key(number, active=number <= root.access_keys, rotated=created)
    return row


def _user_row(user: Any) -> Columns:
    created = cell(_utc(user.create_date))
    row = {
        "user": user.name,
        "arn": user.arn,
        "user_creation_time": created,
        "password_enabled": cell(bool(user.password)),
        "password_last_used": _password_last_used(user),
        "password_last_changed": created if user.password else NOTHING,
        "password_next_rotation": NOTHING,
        "mfa_active": cell(bool(user.mfa_devices)),
        **_certificates(len(user.signing_certificates)),
    }
    for number in range(1, KEYS + 1):
        key = user.access_keys[number - 1] if number <= len(user.access_keys) else None
        row |= _key_of_user(number, key)
    return row


def _password_last_used(user: Any) -> str:
    if not user.password:
        return NOTHING
    return cell(_utc(user.password_last_used)) if user.password_last_used else UNUSED


def _key_of_user(number: int, key: Any) -> Columns:
    if key is None:
        return _key(number, active=False, rotated=NOTHING)
    columns = _key(number, active=key.status == "Active", rotated=cell(_utc(key.create_date)))
    if key.last_used is not None:
        prefix = f"access_key_{number}_last_used"
        columns[f"{prefix}_date"] = cell(_utc(key.last_used.timestamp))
        columns[f"{prefix}_region"] = key.last_used.region
        columns[f"{prefix}_service"] = key.last_used.service
    return columns


def _key(number: int, *, active: bool, rotated: str) -> Columns:
    cells = (cell(active), rotated if active else NOTHING, NOTHING, NOTHING, NOTHING)
    return {
        f"access_key_{number}_{column}": value
        for column, value in zip(KEY_COLUMNS, cells, strict=True)
    }


def _certificates(count: int) -> Columns:
    row = {}
    for number in range(1, CERTIFICATES + 1):
        row[f"cert_{number}_active"] = cell(number <= count)
        row[f"cert_{number}_last_rotated"] = NOTHING
    return row


def _utc(moment: datetime) -> datetime:
    """Say that it is UTC, which moto's dates are without saying so."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


GAPS: dict[str, Gap] = {"iam:GetCredentialReport": _get_credential_report}
