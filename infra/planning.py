"""From `vedette.yml` to a plan: everything that can be wrong is found here, before any resource."""

from pathlib import Path
from typing import Final

from infra.layer import LayerError, built_layer
from infra.plan import Plan
from infra.staging import stage_code
from vedette.configuration.content import PACKAGE, built_in_root
from vedette.configuration.loader import LoadedConfiguration, load_configuration
from vedette.operations.deployed_content import UserError, deployed_documents
from vedette.operations.function_calls import FUNCTION_CALLS
from vedette.operations.patterns import region_patterns
from vedette.operations.permissions import audit_operations, audit_policy

ROOT: Final = Path(__file__).resolve().parent.parent
LOCK: Final = ROOT / "requirements" / "lambda.txt"
LAYERS: Final = ROOT / "build"


class CannotPlanError(Exception):
    """The configuration or this machine lacks something; the message says what to do."""


def made_plan(path: Path, staging: Path) -> Plan:
    """Make the plan of a configuration file, with the code laid out in `staging`.

    Raises CannotPlanError.
    """
    try:
        loaded = load_configuration(path if path.exists() else None)
        return _plan(loaded, _email(loaded, path), staging)
    except (UserError, LayerError) as error:
        raise CannotPlanError(str(error)) from error


def _plan(loaded: LoadedConfiguration, email: str, staging: Path) -> Plan:
    configuration = loaded.configuration
    return Plan(
        email=email,
        deployment=configuration.deployment,
        organisation=configuration.accounts.organisation,
        patterns=region_patterns(loaded),
        grants=FUNCTION_CALLS,
        audit_policy=audit_policy(),
        code=stage_code(
            staging / "code",
            package=PACKAGE,
            rules=built_in_root(),
            documents=deployed_documents(loaded),
        ),
        layer=built_layer(LOCK, services(), LAYERS),
    )


def services() -> frozenset[str]:
    """Return the boto3 clients that the functions make."""
    declared = {one for calls in FUNCTION_CALLS.values() for each in calls.values() for one in each}
    return frozenset(one.partition(":")[0] for one in declared | audit_operations())


def _email(loaded: LoadedConfiguration, path: Path) -> str:
    if email := loaded.configuration.deployment.email:
        return email
    message = (
        "deployment.email is missing: write who is told, `deployment: {email: soc@example.com}`"
    )
    where = loaded.file.problem(("deployment",), message) if loaded.file else f"{path}: {message}"
    raise CannotPlanError(where)
