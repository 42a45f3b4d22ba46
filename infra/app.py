"""The CDK app: `python infra/app.py [vedette.yml]` writes CloudFormation templates to `cdk.out`."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import aws_cdk

ROOT = Path(__file__).resolve().parent.parent
# Python puts the script's own folder there, not the project's.
sys.path[:0] = [str(ROOT), str(ROOT / "functions")]

from infra.hub import Hub  # noqa: E402 - it takes the path above
from infra.member import Member  # noqa: E402
from infra.plan import Plan  # noqa: E402
from infra.planning import CannotPlanError, made_plan  # noqa: E402
from infra.region import RegionForwarder  # noqa: E402
from vedette.configuration.deployment import synthesis_folder  # noqa: E402
from vedette.configuration.loader import FILE_NAME  # noqa: E402

HUB: Final = "Vedette"
MEMBER: Final = "VedetteMember"
UNUSABLE: Final = 2


def build(outdir: Path, plan: Plan) -> aws_cdk.App:
    """Compose the stacks, with the feature flags of `cdk.json`, into an app that writes to outdir.

    The CDK command passes those flags itself; without it they would be lost, and the same code
    would give other templates. The member's stack stands in an assembly of its own, so that
    `cdk deploy --all` leaves it to a StackSet.
    """
    app = aws_cdk.App(context=feature_flags(), outdir=str(outdir), analytics_reporting=False)
    Hub(app, HUB, plan)
    for region in plan.deployment.watched_regions:
        if region != plan.deployment.region:
            RegionForwarder(app, f"{HUB}-{region}", plan=plan, region=region)
    Member(aws_cdk.Stage(app, "Members"), MEMBER, plan)
    return app


def feature_flags() -> dict[str, Any]:
    """Return the context of `cdk.json`."""
    context: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text())["context"]
    return context


def main(arguments: list[str]) -> int:
    """Synthesize; what the configuration lacks is said with its line, and ends with code 2."""
    configuration = Path(arguments[0]) if arguments else ROOT / FILE_NAME
    with tempfile.TemporaryDirectory() as staging:
        try:
            plan = made_plan(configuration, Path(staging))
        except CannotPlanError as error:
            print(error, file=sys.stderr)  # noqa: T201 - it is a command
            return UNUSABLE
        build(synthesis_folder(ROOT / "cdk.out"), plan).synth()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
