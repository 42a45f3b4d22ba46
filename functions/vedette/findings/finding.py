"""The one shape in which every capability reports."""

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator

from vedette.findings.bounds import bounded, bounded_text
from vedette.findings.severity import Severity
from vedette.findings.verdict import Verdict

WHOLE_LISTING = "*"


class FindingKind(StrEnum):
    """The capability that reports a finding."""

    POSTURE = "posture"
    DETECTION = "detection"
    SIGNAL = "signal"
    BACKUP = "backup"


class ResourceReference(BaseModel):
    """The resource that a finding is about; `type` is a CloudFormation type name.

    `id` is `*` where the resources of the type could not even be listed. `tags` is None where the
    tags could not be read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str
    id: str
    arn: str
    tags: dict[str, str] | None = None

    @field_validator("id", "arn")
    @classmethod
    def _bounded_name(cls, value: str) -> str:
        return bounded_text(value)

    @field_validator("tags")
    @classmethod
    def _bounded_tags(cls, value: dict[str, str] | None) -> dict[str, str] | None:
        if value is None:
            return None
        return {bounded_text(key): bounded_text(tag) for key, tag in value.items()}


class Control(BaseModel):
    """One control of a framework that a rule serves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    framework: str
    id: str


def parse_control(text: str) -> Control:
    """Read `<framework>:<control id>`, as rules write it."""
    framework, _, number = text.partition(":")
    return Control(framework=framework, id=number)


class Suppressed(BaseModel):
    """Why a finding is suppressed, and until when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: str
    expires: str


class Finding(BaseModel):
    """A rule's verdict about one resource, with the reason and the evidence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kind: FindingKind = FindingKind.POSTURE
    rule: str
    title: str
    verdict: Verdict
    severity: Severity
    account: str
    region: str
    resource: ResourceReference
    reason: str
    controls: tuple[Control, ...] = ()
    evidence: dict[str, JsonValue] = Field(default_factory=dict)
    suppressed: Suppressed | None = None

    @field_validator("reason")
    @classmethod
    def _bounded_reason(cls, value: str) -> str:
        return bounded_text(value)

    @field_validator("evidence", mode="before")
    @classmethod
    def _bounded_evidence(cls, value: Mapping[str, Any]) -> JsonValue:
        return bounded(value)


def finding_id(kind: FindingKind, rule: str, account: str, region: str, subject: str) -> str:
    """Return the deterministic id of a finding: 32 hex digits.

    `subject` is the resource's type and id for posture. The parts are length-prefixed so that no
    two different findings share an id by an attacker's choice of names.
    """
    parts = (kind.value, rule, account, region, subject)
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
