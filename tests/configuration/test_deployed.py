from pathlib import Path

import pytest

from vedette.configuration.deployed import (
    SETTINGS,
    DeployedSettingsError,
    DetectSettings,
    DispatchSettings,
    PlanSweepSettings,
    deployed_configuration,
)
from vedette.configuration.model import Configuration

DETECT = {
    "VEDETTE_FINDINGS_TABLE": "findings",
    "VEDETTE_STATE_TABLE": "state",
    "VEDETTE_ACCOUNTS": '["111122223333", "000000000001"]',
}
SWEEP = {
    "VEDETTE_STATE_TABLE": "state",
    "VEDETTE_ACCOUNTS": '["111122223333"]',
    "VEDETTE_AUDIT_ROLE": "vedette/vedette-audit",
    "VEDETTE_EXTERNAL_ID": "vedette-111122223333",
    "VEDETTE_SWEEP_BUCKET": "lists",
    "VEDETTE_SWEEP_MACHINE": "arn:aws-cn:states:cn-north-1:111122223333:stateMachine:sweep",
}


def test_a_function_reads_what_it_needs_and_sees_nothing_else() -> None:
    settings = DetectSettings.read(DETECT | {"PATH": "/bin", "VEDETTE_LEDGER_TABLE": "ledger"})

    assert settings.accounts == {"111122223333", "000000000001"}
    assert settings.findings_table == "findings"
    assert not hasattr(settings, "ledger_table")


def test_an_arn_may_be_of_any_partition() -> None:
    assert PlanSweepSettings.read(SWEEP).sweep_machine.startswith("arn:aws-cn:states:")


def test_the_environment_of_the_process_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in DETECT.items():
        monkeypatch.setenv(name, value)

    assert DetectSettings.read().state_table == "state"


def test_everything_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(DeployedSettingsError) as refused:
        DispatchSettings.read({"VEDETTE_ALERT_TOPIC": "not an arn", "VEDETTE_CHAT_TOPIC": ""})

    said = str(refused.value)
    for name in ("FINDINGS_TABLE", "STATE_TABLE", "ALERT_TOPIC", "CHAT_TOPIC"):
        assert f"VEDETTE_{name}" in said
    assert "not an arn" not in said


@pytest.mark.parametrize("accounts", ["[", "[]", '["1"]', "111122223333", '{"a": 1}'])
def test_accounts_that_are_no_list_of_account_ids_are_refused(accounts: str) -> None:
    with pytest.raises(DeployedSettingsError, match="DetectSettings"):
        DetectSettings.read(DETECT | {"VEDETTE_ACCOUNTS": accounts})


def test_every_field_has_its_variable() -> None:
    names = {name for each in SETTINGS.values() for name in each.variables().values()}

    assert {"VEDETTE_FINDINGS_TABLE", "VEDETTE_SWEEP_MACHINE", "VEDETTE_EXTERNAL_ID"} <= names
    assert all(name.startswith("VEDETTE_") and name.isupper() for name in names)


def test_the_configuration_that_was_deployed_is_read_back(tmp_path: Path) -> None:
    (tmp_path / "configuration.json").write_text('{"deployment": {"sweep_hour": 5}}')

    assert deployed_configuration(tmp_path).deployment.sweep_hour == 5
    assert deployed_configuration(tmp_path).accounts == Configuration().accounts


@pytest.mark.parametrize("text", [None, "{", '{"unheard": 1}'])
def test_without_a_usable_configuration_it_says_to_deploy_again(
    tmp_path: Path, text: str | None
) -> None:
    if text is not None:
        (tmp_path / "configuration.json").write_text(text)

    with pytest.raises(DeployedSettingsError, match="deploy again"):
        deployed_configuration(tmp_path)
