"""Settings of the deployed functions: their environment, and the files beside the package.

One model per function says what that function is told and nothing more. The infrastructure gives
each function the variables that its model names (`VEDETTE_` and the field in capitals), and the
handler reads them through `read` at cold start.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from vedette.configuration.content import PACKAGE
from vedette.configuration.deployment import AccountId
from vedette.configuration.model import Configuration

PREFIX: Final = "VEDETTE_"
# The root of the code that is deployed: the package, `rules/`, and these two files.
ASSET_ROOT: Final = PACKAGE.parent
RULES_FILE: Final = "rules.json"
CONFIGURATION_FILE: Final = "configuration.json"


class DeployedSettingsError(Exception):
    """A function was deployed with settings that it cannot use; the message names them all."""


def _json(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value


Name = Annotated[str, Field(min_length=1, max_length=1024)]
# An ARN, whose partition, account and region may be any.
Arn = Annotated[str, Field(pattern=r"^arn:[a-z-]+:[a-z0-9-]+:", max_length=2048)]
AccountIds = Annotated[frozenset[AccountId], BeforeValidator(_json), Field(min_length=1)]


class DeployedSettings(BaseModel):
    """Base of the settings of one function."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def variables(cls) -> Mapping[str, str]:
        """Return the variable of each field."""
        return {field: f"{PREFIX}{field.upper()}" for field in cls.model_fields}

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the settings from the environment of the process, or from another one.

        An empty variable counts as one that is not set. Raises DeployedSettingsError.
        """
        given = os.environ if environment is None else environment
        found = {field: given[name] for field, name in cls.variables().items() if given.get(name)}
        try:
            return cls.model_validate(found)
        except (ValidationError, ValueError) as error:
            raise DeployedSettingsError(_said(cls, error)) from error


class DetectSettings(DeployedSettings):
    """`accounts` are those whose events count as ours; geography lies in a bucket, if anywhere.

    Reads as `audit_role` and the calls of `canary_role` on `canary_bucket` are Vedette's own.
    """

    findings_table: Name
    state_table: Name
    accounts: AccountIds
    audit_role: Name | None = None
    canary_role: Arn | None = None
    canary_bucket: Name | None = None
    geography_bucket: Name | None = None
    geography_places: Name | None = None
    geography_networks: Name | None = None


class ReevaluateSettings(DeployedSettings):
    """Live state is read as `audit_role`, the hub's own account's too."""

    findings_table: Name
    accounts: AccountIds
    audit_role: Name
    external_id: Name


class IntakeSettings(DeployedSettings):
    findings_table: Name
    accounts: AccountIds


class PlanSweepSettings(DeployedSettings):
    state_table: Name
    accounts: AccountIds
    audit_role: Name
    external_id: Name
    sweep_bucket: Name
    sweep_machine: Arn


class SweepSettings(DeployedSettings):
    findings_table: Name
    state_table: Name
    accounts: AccountIds
    audit_role: Name
    external_id: Name


class DispatchSettings(DeployedSettings):
    findings_table: Name
    state_table: Name
    alert_topic: Arn
    chat_topic: Arn


class ActSettings(DeployedSettings):
    findings_table: Name
    accounts: AccountIds


class ReconcileSettings(DeployedSettings):
    """All topics are published to, and their subscriptions looked at."""

    findings_table: Name
    state_table: Name
    alert_topic: Arn
    chat_topic: Arn
    escalation_topic: Arn


class CanarySettings(DeployedSettings):
    state_table: Name
    canary_bucket: Name


SETTINGS: Final[Mapping[str, type[DeployedSettings]]] = {
    "detect": DetectSettings,
    "reevaluate": ReevaluateSettings,
    "intake": IntakeSettings,
    "plan_sweep": PlanSweepSettings,
    "sweep": SweepSettings,
    "dispatch": DispatchSettings,
    "act": ActSettings,
    "reconcile": ReconcileSettings,
    "canary": CanarySettings,
}


def deployed_configuration(root: Path = ASSET_ROOT) -> Configuration:
    """Return the configuration that was validated at synthesis.

    Raises DeployedSettingsError if the code was deployed without it or for another version.
    """
    path = root / CONFIGURATION_FILE
    try:
        return Configuration.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise DeployedSettingsError(f"{path} cannot be used: {error}; deploy again") from error


def deployed_rules(root: Path = ASSET_ROOT) -> bytes:
    """Return the detections that were compiled at synthesis.

    Raises DeployedSettingsError if the code was deployed without them.
    """
    path = root / RULES_FILE
    try:
        return path.read_bytes()
    except OSError as error:
        raise DeployedSettingsError(f"{path} cannot be read: {error}; deploy again") from error


def _said(settings: type[DeployedSettings], error: Exception) -> str:
    """Name what is wrong, without the values: the environment may hold what logs must not."""
    if not isinstance(error, ValidationError):
        return f"{settings.__name__}: a list is not JSON"
    names = settings.variables()
    problems = [
        f"{names[str(one['loc'][0])]}: {one['type']}"
        for one in error.errors(include_input=False, include_url=False)
    ]
    return f"{settings.__name__}: {'; '.join(problems)}"
