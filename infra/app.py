"""The CDK app: `python -m infra.app` writes the CloudFormation templates to `cdk.out`.

Only the hub is there, and it is empty but for a parameter: `vedette audit` needs nothing deployed.
"""

import json
from pathlib import Path
from typing import Any

import aws_cdk

from infra.hub import Hub

ROOT = Path(__file__).resolve().parent.parent


def build(outdir: Path) -> aws_cdk.App:
    """Compose the stacks, with the feature flags of `cdk.json`, into an app that writes to outdir.

    The CDK command passes those flags itself; without it they would be lost, and the same code
    would give other templates.
    """
    app = aws_cdk.App(context=feature_flags(), outdir=str(outdir), analytics_reporting=False)
    Hub(app, "Vedette")
    return app


def feature_flags() -> dict[str, Any]:
    context: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text())["context"]
    return context


if __name__ == "__main__":
    build(ROOT / "cdk.out").synth()
