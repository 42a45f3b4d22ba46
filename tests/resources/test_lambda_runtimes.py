"""The table of Lambda runtimes agrees with that of cfn-lint, which follows AWS's documentation."""

import json
from datetime import date
from importlib.resources import files

from vedette.resources.lambda_runtimes import DEPRECATION_DATES

TABLE = files("cfnlint") / "data" / "AdditionalSpecs" / "LmbdRuntimeLifecycle.json"


def test_the_dates_are_those_that_cfn_lint_knows() -> None:
    published = {
        runtime: date.fromisoformat(entry["deprecated"])
        for runtime, entry in json.loads(TABLE.read_text(encoding="utf-8")).items()
    }

    ours = {runtime: DEPRECATION_DATES.get(runtime) for runtime in published}
    assert ours == published
