"""The section `deployment` of `vedette.yml`: where Vedette runs, whom it tells, what it watches."""

import os
import re
from pathlib import Path
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from vedette.configuration.section import Section

_ACCOUNT: Final = re.compile(r"\d{12}", re.ASCII)
_REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+)+-\d{1,2}")
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}\.[^@\s]{2,60}")
# Source: IAM API Reference, AssumeRole, ExternalId.
EXTERNAL_ID: Final = r"^[A-Za-z0-9_+=,.@:/-]{2,256}$"
# Source: S3 User Guide, general purpose bucket naming rules.
BUCKET_NAME: Final = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"
# The regions in which the global services of a partition (IAM, sign-in …) tell their events.
# Source: EventBridge User Guide, events from AWS services; IAM User Guide, logging with CloudTrail.
_GLOBAL_REGIONS: Final = {"cn": "cn-north-1", "us-gov": "us-gov-west-1"}
_GLOBAL_REGION: Final = "us-east-1"


def _account(value: object) -> object:
    if isinstance(value, str) and _ACCOUNT.fullmatch(value):
        return value
    raise PydanticCustomError(
        "account", "{value} is not an account id: write its 12 digits in quotes", {"value": value}
    )


def _region(value: str) -> str:
    if _REGION.fullmatch(value):
        return value
    raise PydanticCustomError(
        "region", "{value} is not a region: write its code, such as eu-west-1", {"value": value}
    )


def _email(value: str) -> str:
    if _EMAIL.fullmatch(value):
        return value
    raise PydanticCustomError(
        "email",
        "{value} is not an e-mail address: write one, such as soc@example.com",
        {"value": value},
    )


AccountId = Annotated[str, BeforeValidator(_account)]
Region = Annotated[str, AfterValidator(_region)]
Email = Annotated[str, AfterValidator(_email)]
# Source: CloudWatch Logs API Reference, PutRetentionPolicy; no shorter than an incident lives.
RetentionDays: TypeAlias = Literal[14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731]


class GeographyObjects(Section):
    """Databases in MaxMind's format in a bucket of yours, read by `detect` when it starts."""

    bucket: str = Field(pattern=BUCKET_NAME, description="Name of the bucket, in our account.")
    places: str | None = Field(
        default=None, min_length=1, max_length=1024, description="Key of the places (.mmdb)."
    )
    networks: str | None = Field(
        default=None, min_length=1, max_length=1024, description="Key of the networks (.mmdb)."
    )

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if self.places is None and self.networks is None:
            raise PydanticCustomError("geography", "name the key of places, of networks, or both")
        return self


class Deployment(Section):
    """What `vedette deploy` builds. Only `email` has no default."""

    email: Email | None = Field(
        default=None, description="Address that is told of findings and of Vedette's own trouble."
    )
    region: Region = Field(
        default=_GLOBAL_REGION, description="Region of the hub: its tables, functions and topics."
    )
    regions: tuple[Region, ...] = Field(
        default=(),
        description="Other regions whose events are watched; the one of global services always is.",
    )
    accounts: tuple[AccountId, ...] = Field(
        default=(), description="Other accounts that are watched (12 digits, in quotes)."
    )
    external_id: str | None = Field(
        default=None,
        min_length=2,
        max_length=1224,
        pattern=EXTERNAL_ID,
        description="External id of the audit role; `vedette-<hub account>` by default.",
    )
    log_retention_days: RetentionDays = Field(
        default=90, description="Days for which the functions' logs are kept."
    )
    sweep_hour: int = Field(default=3, ge=0, le=23, description="Hour of the daily sweep, UTC.")
    escalation_minutes: int = Field(
        default=30,
        ge=5,
        le=1440,
        description="Minutes after which an unacknowledged critical finding is escalated.",
    )
    customer_key: bool = Field(
        default=False, description="Encrypt with a KMS key of your own ($1 a month and its calls)."
    )
    trail: bool = Field(
        default=False, description="Make a trail of management events; true if there is none yet."
    )
    geography: GeographyObjects | None = Field(
        default=None, description="Databases that tell where addresses are."
    )

    @property
    def global_region(self) -> str:
        """Return the region in which global services tell their events."""
        return global_region(self.region)

    @property
    def watched_regions(self) -> tuple[str, ...]:
        """Return all regions whose events are forwarded, the hub's among them."""
        return tuple(sorted({self.region, self.global_region, *self.regions}))

    @model_validator(mode="after")
    def _one_partition(self) -> Self:
        foreign = [one for one in self.regions if global_region(one) != self.global_region]
        if foreign:
            raise PydanticCustomError(
                "partition",
                "{foreign} is in another partition than {region}: deploy a hub in each",
                {"foreign": foreign[0], "region": self.region},
            )
        return self


def global_region(region: str) -> str:
    """Return the region of global services in the partition of a region."""
    for prefix, home in _GLOBAL_REGIONS.items():
        if region.startswith(f"{prefix}-"):
            return home
    return _GLOBAL_REGION


def synthesis_folder(default: Path) -> Path:
    """Return the folder into which the CDK's command wants templates, or else the default."""
    return Path(os.environ.get("CDK_OUTDIR") or default)
