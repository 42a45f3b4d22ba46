from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.configuration.yaml_file import YamlError, read_yaml


def written(folder: Path, text: str) -> Path:
    path = folder / "vedette.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_and_entry_has_its_line(tmp_path: Path) -> None:
    file = read_yaml(written(tmp_path, "a:\n  - b: 1\n  - c: 2\n"))

    assert file.content == {"a": [{"b": 1}, {"c": 2}]}
    assert file.line(("a", 1, "c")) == 3
    assert file.line(("a", 1, "missing")) == 3


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [", "it is not valid YAML"),
        ("a: 1\na: 2\n", "2: a stands here a second time"),
        ("? {x: 1}\n: 2\n", "1: a key must be text"),
        ("a: 2026-13-45\n", "1: it is not a value"),
        ("a: !!python/object:os.system x\n", "1: it is not a value"),
        ("a: &a [*a]\n", "too large or too deep"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(YamlError, match=problem):
        read_yaml(written(tmp_path, text))


def test_aliases_cannot_blow_up_a_small_file(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]

    with pytest.raises(YamlError, match="too large"):
        read_yaml(written(tmp_path, "\n".join(lines)))


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(YamlError, match="larger than"):
        read_yaml(written(tmp_path, "a: " + "x" * 1_100_000))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(YamlError, match="No such file"):
        read_yaml(tmp_path / "nowhere.yml")


@given(st.text())
def test_no_text_does_worse_than_be_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("yaml") / "x.yml"
    path.write_text(text, encoding="utf-8", errors="replace")
    try:
        file = read_yaml(path)
    except YamlError:
        return
    assert file.line(()) >= 1
