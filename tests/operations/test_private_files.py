from pathlib import Path

import pytest

from vedette.operations.private_files import write_private
from vedette.resources.errors import UserError


def test_a_private_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "report.json"

    write_private(path, "content")

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text(encoding="utf-8") == "content"


def test_a_file_that_others_could_read_is_replaced_not_filled(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o644)

    write_private(path, "new")

    assert path.stat().st_mode & 0o777 == 0o600


def test_a_link_is_replaced_and_its_target_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("precious", encoding="utf-8")
    link = tmp_path / "link"
    link.symlink_to(target)

    write_private(link, "new")

    assert target.read_text(encoding="utf-8") == "precious"
    assert not link.is_symlink()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        write_private(tmp_path / "nowhere" / "x", "content")


def test_nothing_is_left_behind_when_writing_fails(tmp_path: Path) -> None:
    folder = tmp_path / "taken"
    folder.mkdir()
    (folder / "x").mkdir()

    with pytest.raises(UserError):
        write_private(folder / "x", "content")

    assert [one.name for one in folder.iterdir()] == ["x"]


def test_names_that_are_no_unicode_are_no_obstacle(tmp_path: Path) -> None:
    write_private(tmp_path / "x", "bucket-\ud800")

    assert (tmp_path / "x").read_text(encoding="utf-8") == "bucket-\\ud800"
