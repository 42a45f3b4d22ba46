"""Writes an audit report as JSON; its schema stands in `docs/schemas/audit.json`."""

import json
from typing import Any

from vedette.reporting.audit_report import AuditReport


def to_json(report: AuditReport) -> str:
    """Return the report as JSON text."""
    return report.model_dump_json(indent=2) + "\n"


def schema() -> dict[str, Any]:
    """Return the JSON schema of the report."""
    return AuditReport.model_json_schema(mode="serialization")


def schema_text() -> str:
    """Return the schema as it is published."""
    return json.dumps(schema(), indent=2, sort_keys=True) + "\n"
