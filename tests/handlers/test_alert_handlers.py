"""The handlers of alerts: what they import, and what they need."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from vedette.configuration.deployed import DeployedSettingsError
from vedette.handlers import dispatch, reconcile

FUNCTIONS: Final = Path(__file__).parents[2] / "functions"
KEPT_OUT: Final = {
    *("yaml", "sigma", "rich", "jinja2", "typer", "moto"),
    *("maxminddb", "vedette.posture", "vedette.reporting", "vedette.cli", "vedette.aws.collect"),
}


class Context:
    """What Lambda passes beside the event."""

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


@pytest.mark.parametrize("name", ["dispatch", "reconcile"])
def test_a_handler_imports_nothing_that_a_function_must_not(name: str) -> None:
    program = (
        f"import json, sys; import vedette.handlers.{name}; print(json.dumps(list(sys.modules)))"
    )
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONPATH": str(FUNCTIONS)},
    )

    imported = set(json.loads(ran.stdout))

    assert f"vedette.handlers.{name}" in imported
    assert imported & KEPT_OUT == set()


@pytest.mark.parametrize("handle", [dispatch.handler, reconcile.handler])
def test_a_handler_without_its_settings_names_them_all(handle: Any) -> None:
    dispatch.alerts.cache_clear()
    reconcile.alerts.cache_clear()

    with pytest.raises(DeployedSettingsError, match=r"VEDETTE_FINDINGS_TABLE.*VEDETTE_ALERT_TOPIC"):
        handle({"Records": []}, Context())
