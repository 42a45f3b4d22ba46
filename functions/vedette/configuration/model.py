"""What stands in `vedette.yml`."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from vedette.findings.suppression import Suppression

ACCOUNT_ID = r"^\d{12}$"


class Section(BaseModel):
    """Base of the configuration's sections."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Accounts(Section):
    """Accounts that are our own or that we trust: sharing with them is no finding."""

    trusted: tuple[str, ...] = Field(
        default=(),
        description="Account ids (12 digits, in quotes) with which resources may be shared.",
        json_schema_extra={"items": {"type": "string", "pattern": ACCOUNT_ID}},
    )


class Configuration(Section):
    """Everything that a team sets; each part has a default that works."""

    version: Literal[1] = Field(default=1, description="Version of this file's format.")
    accounts: Accounts = Field(default_factory=Accounts, description="Accounts that we know.")
    parameters: Mapping[str, Mapping[str, Any]] = Field(
        default_factory=dict,
        description="Settings of rules, by rule id; `vedette rules show ID` lists them.",
    )
    suppressions: tuple[Suppression, ...] = Field(
        default=(), description="Findings that are accepted, each with a reason and an expiry."
    )
