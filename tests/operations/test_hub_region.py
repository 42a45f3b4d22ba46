from pathlib import Path

import pytest

from vedette.configuration.yaml_file import YamlError
from vedette.operations.hub_reach import hub_region


def configured(folder: Path, text: str = "deployment: {region: eu-west-1}\n") -> Path:
    file = folder / "vedette.yml"
    file.write_text(text)
    return file


def test_what_is_said_comes_before_what_is_configured(tmp_path: Path) -> None:
    assert hub_region("eu-north-1", configured(tmp_path)) == "eu-north-1"


def test_a_named_file_tells_the_region(tmp_path: Path) -> None:
    assert hub_region(None, configured(tmp_path)) == "eu-west-1"


def test_a_file_in_the_current_folder_tells_the_region(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert hub_region(None, None) is None

    configured(tmp_path)

    assert hub_region(None, None) == "eu-west-1"


def test_a_file_that_is_wrong_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(YamlError, match=r"vedette\.yml:1"):
        hub_region(None, configured(tmp_path, "deployment: {region: nowhere}\n"))
