"""Reads kept snapshots and older reports from files."""

from pathlib import Path

from pydantic import ValidationError

from vedette.reporting.audit_report import AuditReport
from vedette.resources.errors import UserError
from vedette.resources.snapshot import Snapshot, SnapshotError

SIZE_LIMIT = 2_000_000_000


def read_snapshot(path: Path) -> Snapshot:
    """Read a snapshot file. Raises UserError that names the file."""
    try:
        return Snapshot.from_json(_content(path))
    except SnapshotError as error:
        raise UserError(f"{path}: {error}.") from error


def read_report(path: Path) -> AuditReport:
    """Read a report that `--output json` wrote. Raises UserError that names the file."""
    try:
        return AuditReport.model_validate_json(_content(path))
    except ValidationError as error:
        raise UserError(
            f"{path}: it is not a report of `vedette audit --output json` of this version."
        ) from error


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise UserError(f"{path}: it is larger than {SIZE_LIMIT:,} bytes.")
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}).") from error
