from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from vedette.configuration.loader import load_configuration
from vedette.configuration.model import Configuration
from vedette.configuration.starter import STARTER
from vedette.configuration.yaml_file import YamlError


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


def test_the_commented_examples_of_the_starter_are_valid(tmp_path: Path) -> None:
    lines = [line for line in STARTER.splitlines() if "# Settings" not in line]
    shown = (
        "\n".join(
            line.replace("# - ", "- ").replace("#   ", "  ").replace("  # iam", "  iam")
            for line in lines
        )
        .replace("trusted: []", "")
        .replace("# trusted:", "trusted:")
        .replace("parameters: {}", "parameters:")
        .replace("suppressions: []", "suppressions:")
    )

    loaded = load_configuration(written(tmp_path, shown)).configuration

    assert loaded.accounts.trusted == ("111122223333",)
    assert len(loaded.suppressions) == 1
    assert loaded.parameters


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
