from pathlib import Path

import pytest

from vedette.configuration.yaml_file import YamlError
from vedette.operations.deployment_settings import deployment_configuration
from vedette.operations.usage import UsageError


def test_an_address_is_enough_for_a_first_try(tmp_path: Path) -> None:
    file = tmp_path / "vedette.yml"

    loaded = deployment_configuration(file, "soc@example.com")

    assert loaded.configuration.deployment.email == "soc@example.com"
    assert deployment_configuration(file, None) == loaded


def test_a_file_of_ones_own_is_never_changed(tmp_path: Path) -> None:
    file = tmp_path / "vedette.yml"
    file.write_text("deployment:\n  region: eu-west-1\n")

    with pytest.raises(UsageError, match=r"vedette.yml:1: .*write `email: soc@example.com`"):
        deployment_configuration(file, "soc@example.com")

    assert file.read_text() == "deployment:\n  region: eu-west-1\n"


def test_two_addresses_are_one_too_many(tmp_path: Path) -> None:
    file = tmp_path / "vedette.yml"
    file.write_text("deployment:\n  email: soc@example.com\n")

    with pytest.raises(UsageError, match=r"says that soc@example.com is told, --email that"):
        deployment_configuration(file, "other@example.com")


def test_without_file_and_address_it_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="vedette deploy --email"):
        deployment_configuration(tmp_path / "vedette.yml", None)


@pytest.mark.parametrize("email", ["soc", "a@b", "soc@example.com\nregion: x", "", "a b@c.example"])
def test_what_is_no_address_writes_no_file(tmp_path: Path, email: str) -> None:
    file = tmp_path / "vedette.yml"

    with pytest.raises(UsageError, match="--email"):
        deployment_configuration(file, email)

    assert not file.exists()


@pytest.mark.parametrize(
    "email", ["a#b@example.com", "'x@example.com", "*x@example.com", "x:@a.example"]
)
def test_an_address_that_yaml_would_read_otherwise_arrives_as_it_is(
    tmp_path: Path, email: str
) -> None:
    loaded = deployment_configuration(tmp_path / "vedette.yml", email)

    assert loaded.configuration.deployment.email == email


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        deployment_configuration(tmp_path / "nowhere" / "vedette.yml", "soc@example.com")


def test_a_wrong_file_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "vedette.yml"
    file.write_text("deployment:\n  email: soc@example.com\n  regio: eu-west-1\n")

    with pytest.raises(YamlError, match=r"vedette.yml:3: "):
        deployment_configuration(file, None)
