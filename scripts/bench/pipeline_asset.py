"""What is deployed: the code, laid out as Lambda has it, and how large code and layer are."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from infra.layer import built_layer
from infra.staging import stage_code
from vedette.configuration.content import PACKAGE, built_in_root
from vedette.configuration.deployed import SETTINGS
from vedette.configuration.loader import load_configuration
from vedette.operations.deployed_content import deployed_documents

ROOT = Path(__file__).resolve().parents[2]
REGION = "eu-west-1"
# That of the stand-in.
ACCOUNT = "123456789012"
MEGABYTE = 1_000_000
# What the functions are told, by field of their settings.
VALUES: Mapping[str, str] = {
    "findings_table": "findings",
    "state_table": "state",
    "audit_role": "vedette/Audit",
    "external_id": f"vedette-{ACCOUNT}",
    "sweep_bucket": "vedette-lists",
    "sweep_machine": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:sweep",
    "alert_topic": f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts",
    "chat_topic": f"arn:aws:sns:{REGION}:{ACCOUNT}:chat",
    "escalation_topic": f"arn:aws:sns:{REGION}:{ACCOUNT}:escalation",
    "canary_bucket": "vedette-canary",
}


def staged(folder: Path) -> Path:
    """Lay the code out in a folder, with the rules as they are shipped, and return it."""
    documents = deployed_documents(load_configuration(None))
    return stage_code(folder, package=PACKAGE, rules=built_in_root(), documents=documents)


def layer() -> Path:
    """Return the folder of the layer; building it takes the package registry."""
    from infra.planning import LAYERS, LOCK, services  # noqa: PLC0415 - it brings the CDK along

    return built_layer(LOCK, services(), LAYERS)


def zipped_megabytes(folder: Path, archive: Path) -> float:
    """Return how large a folder is as an archive, as the CDK makes it."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            zipped.write(path, path.relative_to(folder))
    return archive.stat().st_size / MEGABYTE


def environment(code: Path, handler: str | None, accounts: str, **more: str) -> dict[str, str]:
    """Return the variables of a function's process; `accounts` is a list as JSON."""
    variables = {} if handler is None else SETTINGS[handler].variables()
    values = {**VALUES, "accounts": accounts}
    return {
        "PYTHONPATH": str(code),
        "PATH": "/usr/bin:/bin",
        "HOME": "/nonexistent",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "any",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        # It looks through all that is installed, of which there is ten times as much here.
        "PYDANTIC_DISABLE_PLUGINS": "__all__",
        **{variables[field]: values[field] for field in variables if field in values},
        **more,
    }
