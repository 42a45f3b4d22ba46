"""`vedette deploy`: looks whether all is there, writes the templates, and has them deployed."""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from vedette.aws.bootstrapped import bootstrap_version
from vedette.aws.deployment_stack import DeployedStack, hub_stack, region_reader
from vedette.aws.errors import ReadError
from vedette.aws.session import AwsSession, Identity, SessionOptions
from vedette.configuration.content import PACKAGE
from vedette.configuration.deployment import Deployment
from vedette.operations.hub_reach import HUB
from vedette.operations.programs import Programs
from vedette.operations.usage import UsageError

# The only place that names it. Later ones on npm may refuse what our version of the library writes.
CDK: Final = "aws-cdk@2.1148.1"
OLDEST_NODE: Final = 18
# What the templates themselves ask for. Source: AWS CDK Developer Guide, bootstrap versions.
OLDEST_BOOTSTRAP: Final = 6
APP: Final = Path("infra") / "app.py"
TEMPLATES: Final = "cdk.out"
_VERSION: Final = re.compile(r"v?(\d+)\.")
QUIET: Final[Mapping[str, str]] = {
    "CDK_DISABLE_CLI_TELEMETRY": "true",
    # jsii repeats at length which versions of node come to their end.
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "18,20",
}
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployRequest:
    """What to deploy and as whom. `approved` deploys without asking about wider permissions.

    `configuration` is the path of an existing `vedette.yml`; `root` the folder that has `infra/`.
    """

    configuration: Path
    deployment: Deployment
    session: SessionOptions
    approved: bool = False
    root: Path = PACKAGE.parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """The hub's stack after the deployment."""

    account: str
    stack: DeployedStack


def deploy(request: DeployRequest, programs: Programs, say: Say) -> Deployed:
    """Deploy the hub and its forwarders. Raises UserError with what is missing and what to do."""
    app = _app(request.root)
    npx = _node(programs)
    session = AwsSession(replace(request.session, region=request.deployment.region))
    identity = session.identity()
    _require_bootstrap(session, identity)
    say(f"Deploying to account {identity.account}, hub in {session.region}, as {identity.arn}")
    python = _python(request.root, programs, say)
    say("Writing templates …")
    settings = _settings(request.session, session.region)
    _run(programs, (python, str(app), str(request.configuration.absolute())), request, settings)
    say("Deploying …")
    _run(programs, _cdk(npx, request), request, settings)
    partition = identity.partition
    reader = region_reader(session, session.region, identity.account, partition)
    return Deployed(account=identity.account, stack=hub_stack(reader, HUB))


def _cdk(npx: str, request: DeployRequest) -> tuple[str, ...]:
    approval = "never" if request.approved else "broadening"
    return (
        *(npx, "--yes", CDK, "--no-notices", "deploy", "--all"),
        *("--app", TEMPLATES, "--require-approval", approval),
    )


def _app(root: Path) -> Path:
    """Return the app that writes the templates, which an installed package does not have."""
    if not (root / APP).is_file():
        raise UsageError(
            "This installation has no infra/, from which the templates are written. Get Vedette's "
            "source, of the same version, and run there: ./scripts/vedette deploy"
        )
    return root / APP


def _node(programs: Programs) -> str:
    node, npx = programs.find("node"), programs.find("npx")
    if node is None or npx is None:
        missing = "node" if node is None else "npx"
        raise UsageError(
            f"{missing} is not installed; the CDK needs it. Install node 22 or 24 (nodejs.org, or "
            "your system's package nodejs and npm)."
        )
    told = programs.answer((node, "--version"))
    version = _VERSION.match(told)
    if version is None or int(version[1]) < OLDEST_NODE:
        raise UsageError(f"node is {told}; the CDK needs {OLDEST_NODE} or newer: install 22 or 24.")
    return npx


def _require_bootstrap(session: AwsSession, identity: Identity) -> None:
    reader = region_reader(session, session.region, identity.account, identity.partition)
    where = f"aws://{identity.account}/{session.region}"
    try:
        version = bootstrap_version(reader)
    except ReadError as error:
        raise UsageError(
            f"Whether {where} is prepared for the CDK cannot be read: {error.reason}."
        ) from error
    if version is None or version < OLDEST_BOOTSTRAP:
        state = "not prepared" if version is None else f"prepared by an old version ({version})"
        raise UsageError(
            f"{where} is {state} for the CDK. Prepare it, once: npx {CDK} bootstrap {where}"
        )


def _python(root: Path, programs: Programs, say: Say) -> str:
    """Return a Python that has the CDK's library: this one, or that of `.venv/infra`."""
    if find_spec("aws_cdk") is not None:
        return sys.executable
    lock = root / "requirements" / "infra.txt"
    say("Setting up what writes the templates, once …")
    build = (sys.executable, "-E", str(root / "scripts" / "environment.py"))
    if programs.run((*build, str(root), "infra", str(lock)), root, {}):
        raise UsageError(
            "The environment that writes the templates could not be set up: see above. "
            "It takes the package registry."
        )
    return str(root / ".venv" / "infra" / "bin" / "python")


def _settings(session: SessionOptions, region: str) -> Mapping[str, str]:
    """Return what the programs are told: who we are, and where AWS is."""
    told = {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    if session.profile:
        told["AWS_PROFILE"] = session.profile
    if session.endpoint_url:
        told["AWS_ENDPOINT_URL"] = session.endpoint_url
    return {**QUIET, **told}


def _run(
    programs: Programs,
    command: tuple[str, ...],
    request: DeployRequest,
    settings: Mapping[str, str],
) -> None:
    if code := programs.run(command, request.root, settings):
        raise UsageError(f"{Path(command[0]).name} ended with code {code}: see above.")
