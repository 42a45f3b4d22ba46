import os
import sys
from pathlib import Path

import pytest

from vedette.configuration.content import ContentError, ContentFile, content_files, load_module


def folder(root: Path, *files: str) -> Path:
    for name in files:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("rule = 1\n", encoding="utf-8")
    return root


def ids(*roots: Path) -> list[str]:
    found = content_files("posture", ".py", directories=roots, built_in=False)
    return [file.id for file in found]


def test_the_id_is_the_path_below_the_kind(tmp_path: Path) -> None:
    assert ids(folder(tmp_path, "posture/s3/a.py", "detection/x.py")) == ["s3/a"]


def test_our_own_rules_are_found_unless_left_out(tmp_path: Path) -> None:
    ours = content_files("posture", ".py")

    assert "s3/bucket_blocks_public_access" in [file.id for file in ours]
    assert all(file.built_in for file in ours)


def test_an_id_in_two_folders_is_an_error_that_names_both(tmp_path: Path) -> None:
    first = folder(tmp_path / "one", "posture/s3/a.py")
    second = folder(tmp_path / "two", "posture/s3/a.py")

    with pytest.raises(ContentError, match="taken by") as refused:
        ids(first, second)
    assert str(second) in str(refused.value)
    assert str(first) in str(refused.value)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no such folder"):
        ids(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["", "posture", "posture/s3", "posture/s3/a.py"])
def test_rules_that_anybody_can_change_are_refused(tmp_path: Path, name: str) -> None:
    root = folder(tmp_path / "rules", "posture/s3/a.py")
    (root / name).chmod(0o777)

    with pytest.raises(ContentError, match="chmod o-w"):
        ids(root)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_rules_of_another_user_are_refused(tmp_path: Path) -> None:
    root = folder(tmp_path / "rules", "posture/s3/a.py")
    os.chown(root / "posture/s3/a.py", 12345, 12345)

    with pytest.raises(ContentError, match="another user"):
        ids(root)


def loaded(path: Path, text: str) -> object:
    path.write_text(text, encoding="utf-8")
    return load_module("posture", ContentFile(id="s3/broken", path=path, built_in=False))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x = 1\nx = = 2\n", r"broken.py:2: SyntaxError"),
        ("import os\n\nraise ValueError('no')\n", r"broken.py:3: ValueError: no"),
        ("import nonsense_that_is_nowhere\n", r"broken.py:1: ModuleNotFoundError"),
        ("def f():\n    return 1 / 0\n\nf()\n", r"broken.py:2: ZeroDivisionError"),
    ],
)
def test_a_broken_rule_is_told_with_file_and_line(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ContentError, match=problem):
        loaded(tmp_path / "broken.py", text)


def test_a_loaded_rule_is_a_module_under_its_own_name(tmp_path: Path) -> None:
    module = loaded(tmp_path / "fine.py", "rule = 1\n")

    assert sys.modules["vedette_rules.posture.s3.broken"] is module
