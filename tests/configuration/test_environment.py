import os

import pytest

from vedette.configuration.environment import without_aws_settings


def settings() -> dict[str, str]:
    return dict(os.environ)  # noqa: TID251 - what this is about


def test_the_user_s_aws_settings_and_proxies_are_hidden_and_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("EDITOR", "ed")
    before = settings()

    with without_aws_settings():
        inside = settings()

    assert "AWS_PROFILE" not in inside
    assert "https_proxy" not in inside
    assert inside["EDITOR"] == "ed"
    assert settings() == before


def test_the_files_in_the_home_folder_are_not_read_either() -> None:
    with without_aws_settings():
        inside = settings()

    assert inside["AWS_CONFIG_FILE"] == inside["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull


def test_the_settings_come_back_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_CONFIG_FILE", "mine")

    with pytest.raises(KeyError), without_aws_settings():
        raise KeyError

    assert settings()["AWS_PROFILE"] == "production"
    assert settings()["AWS_CONFIG_FILE"] == "mine"
