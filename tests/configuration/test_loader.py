import re
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from vedette.configuration.loader import load_configuration
from vedette.configuration.model import Configuration
from vedette.configuration.starter import STARTER
from vedette.configuration.yaml_file import YamlError

EXAMPLE = re.compile(r"^( *)# ( *(?:- )?[a-z_/]+:(?: .*)?)$")


class Age(BaseModel):
    model_config = ConfigDict(extra="forbid")

    days: int = 90


def written(folder: Path, text: str) -> Path:
    path = folder / "vedette.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_defaults_hold() -> None:
    assert load_configuration(None).configuration == Configuration()


def test_the_starter_is_valid_and_equals_the_defaults(tmp_path: Path) -> None:
    loaded = load_configuration(written(tmp_path, STARTER))

    assert loaded.configuration == Configuration()


def with_examples(text: str) -> str:
    """Take the comments off the starter's examples, and out what they replace."""
    lines = [EXAMPLE.sub(r"\1\2", line) for line in text.splitlines()]
    shown = [line for line in lines if not line.lstrip().startswith("#")]
    keys = [line.strip().removeprefix("- ").partition(":")[0] for line in shown]
    kept = []
    for number, line in enumerate(shown):
        if not line.endswith((": []", ": {}")):
            kept.append(line)
        elif keys[number + 1 : number + 2] != keys[number : number + 1]:
            indent = len(line) - len(line.lstrip())
            following = next((one for one in shown[number + 1 :] if one.strip()), "")
            deeper = following.startswith(" " * (indent + 1))
            kept.append(line[:-3] if deeper else line)
    return "\n".join(kept)


def test_the_commented_examples_of_the_starter_are_valid(tmp_path: Path) -> None:
    loaded = load_configuration(written(tmp_path, with_examples(STARTER))).configuration

    assert loaded.accounts.own == ("111122223333",)
    assert len(loaded.suppressions) == 1
    assert loaded.parameters
    assert loaded.detection.indicators["addresses"]
    assert loaded.detection.placeholders["iac_principals"]


def test_everything_wrong_is_told_at_once_each_with_its_line(tmp_path: Path) -> None:
    text = "version: 1\nsuppresions: []\nsuppressions:\n  - rule: s3/*\n    expires: 2026-01-01\n"

    with pytest.raises(YamlError) as refused:
        load_configuration(written(tmp_path, text))

    assert len(refused.value.problems) == 2
    assert "vedette.yml:4: suppressions.0.reason" in refused.value.problems[0]
    assert "vedette.yml:2: suppresions" in refused.value.problems[1]


def test_an_account_that_is_no_account_id_is_refused(tmp_path: Path) -> None:
    text = 'accounts:\n  trusted:\n    - "111122223333"\n    - "12"\n'

    with pytest.raises(YamlError, match="yml:4: '12' is not an account id"):
        load_configuration(written(tmp_path, text))


def test_settings_of_a_rule_are_validated_by_its_model(tmp_path: Path) -> None:
    loaded = load_configuration(written(tmp_path, "parameters:\n  iam/x:\n    days: 30\n"))

    assert loaded.parameters_of({"iam/x": Age}) == {"iam/x": Age(days=30)}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("parameters:\n  iam/y: {days: 1}\n", "yml:2: parameters.iam/y: there is no rule"),
        ("parameters:\n  iam/x:\n    days: many\n", "yml:3: parameters.iam/x.days"),
        ("parameters:\n  iam/x:\n    dayz: 1\n", "yml:3: parameters.iam/x.dayz"),
    ],
)
def test_settings_that_a_rule_does_not_take_are_told_with_their_line(
    tmp_path: Path, text: str, problem: str
) -> None:
    loaded = load_configuration(written(tmp_path, text))

    with pytest.raises(YamlError, match=problem):
        loaded.parameters_of({"iam/x": Age})


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_configuration(written(tmp_path, "")).configuration == Configuration()


def test_accounts_and_names_of_lists_must_have_their_form(tmp_path: Path) -> None:
    text = "accounts:\n  own: ['1']\ndetection:\n  indicators:\n    Bad Name: [x]\n"

    with pytest.raises(YamlError) as refused:
        load_configuration(written(tmp_path, text))

    assert [one.split(":")[1] for one in refused.value.problems] == ["2", "5"]


def test_a_database_stands_beside_the_configuration(tmp_path: Path) -> None:
    loaded = load_configuration(written(tmp_path, "detection: {geography: {places: a.mmdb}}"))

    assert loaded.beside(loaded.configuration.detection.geography.places) == tmp_path / "a.mmdb"
    assert loaded.beside(None) is None
