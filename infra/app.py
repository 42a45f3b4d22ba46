"""The CDK app: `python infra/app.py` writes the CloudFormation templates to `cdk.out`.

Only the hub is there, and it is empty but for a parameter: `vedette audit` needs nothing deployed.
"""

import json
import sys
from pathlib import Path
from typing import Any

import aws_cdk

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # Python puts the script's own folder there, not the project's.

from infra.hub import Hub  # noqa: E402 - it takes the path above


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
