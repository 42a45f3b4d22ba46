from pathlib import Path

import pytest

from vedette.configuration.content import ContentError
from vedette.detection.compile.documents import Document, read_documents


def read(folder: Path, text: str | bytes) -> list[Document]:
    path = folder / "rule.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_documents(path)


def refusal(folder: Path, text: str | bytes) -> str:
    with pytest.raises(ContentError) as error:
        read(folder, text)
    return str(error.value).removeprefix(str(folder))


def test_everything_in_a_document_knows_its_line(tmp_path: Path) -> None:
    (document,) = read(tmp_path, "title: x\n\ndetection:\n  one:\n    - a: 1\n      b: 2\n")
    assert document.content == {"title": "x", "detection": {"one": [{"a": 1, "b": 2}]}}
    assert document.line(("detection", "one", 0, "b")) == 6
    assert document.line(("detection", "one", 0, "absent", 5)) == 5
    assert document.line(("absent",)) == 1


def test_several_documents_in_a_file_have_the_lines_of_the_file(tmp_path: Path) -> None:
    one, two = read(tmp_path, "---\ntitle: one\n---\n---\ntitle: two\nlevel: low\n...\n")
    assert (one.content, one.line(("title",))) == ({"title": "one"}, 2)
    assert (two.content, two.line(("level",))) == ({"title": "two", "level": "low"}, 6)


def test_an_empty_file_has_no_documents(tmp_path: Path) -> None:
    assert read(tmp_path, "# nothing\n") == []


def test_global_documents_are_merged_as_pysigma_does(tmp_path: Path) -> None:
    text = """action: global
level: high
detection: {condition: sel}
---
title: one
detection: {sel: {a: 1}}
---
action: repeat
title: again
---
action: reset
---
title: alone
"""
    one, again, alone = (document.content for document in read(tmp_path, text))
    assert one == {
        "title": "one",
        "level": "high",
        "detection": {"sel": {"a": 1}, "condition": "sel"},
    }
    assert again == one | {"title": "again"}
    assert alone == {"title": "alone"}


REFUSED = [
    ("a: [", ":2: it is not valid YAML"),
    ("a: 1\na: 2\n", ":2: a stands here a second time"),
    ("1: 2\n", ":1: a key must be text"),
    ("? [a]\n: b\n", ":1: a key must be text"),
    ("- a\n", ":1: it is not a Sigma document"),
    ("a: !!python/object:os.system x\n", ":1: it is not a value"),
    ("action: dance\n", ":1: `action: dance` is none of"),
    (b"\xff\xfe", ": it cannot be read (it is not UTF-8 text)"),
    ("a: " + "[" * 50 + "]" * 50, ":1: it is too large or too deep"),
    ("a: " + "[" * 20_000, "it is"),
    ("a: '" + "x" * 1_000_001 + "'", "it is larger than"),
    ("a: 2024-13-45\n", ":1: it is not a value"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_not_plain_yaml_is_refused_with_its_line(
    tmp_path: Path, text: str | bytes, reason: str
) -> None:
    assert reason in refusal(tmp_path, text)


def test_aliases_that_expand_without_end_are_refused(tmp_path: Path) -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    assert "too large" in refusal(tmp_path, "\n".join(["a0: &a0 [x]", *levels]))


def test_an_alias_of_itself_is_refused(tmp_path: Path) -> None:
    assert "too large or too deep" in refusal(tmp_path, "a: &a [*a]\n")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="No such file"):
        read_documents(tmp_path / "absent.yml")
