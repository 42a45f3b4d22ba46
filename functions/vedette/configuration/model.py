"""What stands in `vedette.yml`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from vedette.configuration.deployment import Deployment
from vedette.configuration.section import Section
from vedette.findings.suppression import Suppression

ACCOUNT_ID = r"^\d{12}$"
# Source: AWS Organizations API Reference, Organization.
ORGANISATION_ID = r"^o-[a-z0-9]{10,32}$"
INDICATOR_NAME = r"^[a-z0-9_-]{1,60}$"


class Accounts(Section):
    """Accounts that are our own or that we trust: sharing with them is no finding."""

    own: tuple[str, ...] = Field(
        default=(),
        description="Account ids (12 digits, in quotes) that belong to us.",
        json_schema_extra={"items": {"type": "string", "pattern": ACCOUNT_ID}},
    )
    trusted: tuple[str, ...] = Field(
        default=(),
        description="Account ids (12 digits, in quotes) with which resources may be shared.",
        json_schema_extra={"items": {"type": "string", "pattern": ACCOUNT_ID}},
    )
    names: Mapping[str, str] = Field(
        default_factory=dict,
        description="What people call our accounts, by account id; alerts say it.",
        json_schema_extra={"propertyNames": {"pattern": ACCOUNT_ID}},
    )
    organisation: str | None = Field(
        default=None,
        pattern=ORGANISATION_ID,
        description="Id of our AWS organization (o-…): it counts as own where a policy names it.",
    )

    @property
    def known(self) -> frozenset[str]:
        """Return the accounts with which sharing is no finding."""
        return frozenset((*self.own, *self.trusted))


class Geography(Section):
    """Databases in MaxMind's format that tell where addresses are; Vedette ships none."""

    places: Path | None = Field(
        default=None,
        description="Database of countries or cities (.mmdb), relative to the configuration.",
    )
    networks: Path | None = Field(
        default=None,
        description="Database of autonomous systems (.mmdb), relative to the configuration.",
    )


class Detection(Section):
    """What detection rules ask of the configuration."""

    geography: Geography = Field(
        default_factory=Geography, description="Where source addresses are."
    )
    indicators: Mapping[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="Lists that rules look values up in, by name: texts, addresses, ranges.",
        json_schema_extra={"propertyNames": {"pattern": INDICATOR_NAME}},
    )
    placeholders: Mapping[str, tuple[str | int, ...]] = Field(
        default_factory=dict,
        description="Values for %name% in rules and exclusions, such as iac_principals.",
    )
    disabled_exclusions: tuple[str, ...] = Field(
        default=(),
        description="Ids of exclusions that do not apply, or patterns such as 'exclusions/*'.",
    )


class Configuration(Section):
    """Everything that a team sets; each part has a default that works."""

    version: Literal[1] = Field(default=1, description="Version of this file's format.")
    accounts: Accounts = Field(default_factory=Accounts, description="Accounts that we know.")
    parameters: Mapping[str, Mapping[str, Any]] = Field(
        default_factory=dict,
        description="Settings of rules, by rule id; `vedette rules show ID` lists them.",
    )
    detection: Detection = Field(
        default_factory=Detection, description="What detection rules ask of the configuration."
    )
    deployment: Deployment = Field(
        default_factory=Deployment, description="What `vedette deploy` builds, and where."
    )
    suppressions: tuple[Suppression, ...] = Field(
        default=(), description="Findings that are accepted, each with a reason and an expiry."
    )
