"""The configuration that a deployment takes: a `vedette.yml`, made if there is none yet."""

import json
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from vedette.configuration.deployment import Deployment
from vedette.configuration.loader import FILE_NAME, LoadedConfiguration, load_configuration
from vedette.configuration.starter import STARTER
from vedette.operations.usage import UsageError

_EMPTY: Final = "\ndeployment: {}\n"


def deployment_configuration(path: Path | None, email: str | None) -> LoadedConfiguration:
    """Return the configuration to deploy by, in which somebody is told of findings.

    Without a file there is one afterwards, if `email` says who is told. A file is the user's own,
    and never changed. Raises UsageError and YamlError.
    """
    file = path or Path(FILE_NAME)
    if email is not None:
        _require_address(email)
    if not file.exists():
        if email is None:
            raise UsageError(
                f"There is no {file}. Say who is told of findings: vedette deploy --email "
                "soc@example.com writes one."
            )
        _write(file, email)
    loaded = load_configuration(file)
    _require_same(loaded, file, email)
    return loaded


def _require_address(email: str) -> None:
    try:
        Deployment(email=email)
    except ValidationError as error:
        said = error.errors(include_input=False, include_url=False)[0]["msg"]
        raise UsageError(f"--email: {said}.") from error


def _require_same(loaded: LoadedConfiguration, file: Path, email: str | None) -> None:
    configured = loaded.configuration.deployment.email
    if configured is None:
        wanted = email or "soc@example.com"
        message = f"deployment.email is missing: write `email: {wanted}` under `deployment:`"
        told = loaded.file.problem(("deployment",), message) if loaded.file else message
        raise UsageError(told)
    if email is not None and email != configured:
        raise UsageError(
            f"{file} says that {configured} is told, --email that {email} is. Change the file, or "
            "leave --email out."
        )


def _write(file: Path, email: str) -> None:
    if _EMPTY not in STARTER:
        raise AssertionError("the starter has an empty section for the deployment")
    text = STARTER.replace(_EMPTY, f"\ndeployment:\n  email: {json.dumps(email)}\n")
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from error
