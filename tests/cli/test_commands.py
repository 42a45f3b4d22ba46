import json
import re
from pathlib import Path

from tests.aws.command import vedette
from tests.configuration.test_loader import with_examples
from vedette import __version__
from vedette.configuration.starter import STARTER


def test_the_version_is_printed() -> None:
    assert vedette("--version").stdout == f"vedette {__version__}\n"


def test_help_names_every_command_and_the_exit_codes() -> None:
    ran = vedette("--help")

    assert ran.code == 0
    for command in ("audit", "demo", "doctor", "rules", "config"):
        assert re.search(rf"│ {command}\b", ran.stdout)
    assert "Exit codes" in ran.stdout


def test_rules_are_listed_as_json() -> None:
    rules = vedette("rules", "list", "--output", "json", "--service", "s3").json

    assert {rule["service"] for rule in rules} == {"s3"}
    assert all(rule["title"] and rule["why"] and rule["fix"] for rule in rules)


def test_rules_are_listed_as_a_table() -> None:
    ran = vedette("rules", "list", "--service", "s3")

    assert "s3/bucket_blocks_public_access" in ran.stdout
    assert "rules" in ran.stderr


def test_a_rule_is_shown_with_all_that_it_says() -> None:
    page = vedette("rules", "show", "s3/bucket_blocks_public_access").stdout

    for part in ("Why:", "Fix:", "Severity: ", "Controls:", "Examples:", "fsbp:S3.8"):
        assert part in page


def test_a_new_rule_is_one_file_that_works_at_once(tmp_path: Path) -> None:
    made = vedette("rules", "new", "s3/bucket_is_mine", "--rules", tmp_path)
    assert made.code == 0, made.stderr

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    shown = vedette("rules", "show", "s3/bucket_is_mine", "--rules", tmp_path)

    assert files == [tmp_path / "posture" / "s3" / "bucket_is_mine.py"]
    assert "Bucket bucket is mine" in shown.stdout, shown.stderr


def test_an_existing_rule_is_not_overwritten(tmp_path: Path) -> None:
    vedette("rules", "new", "s3/bucket_is_mine", "--rules", tmp_path)

    again = vedette("rules", "new", "s3/bucket_is_mine", "--rules", tmp_path)

    assert again.code == 2
    assert "exists already" in again.stderr


def test_a_rule_needs_a_proper_id(tmp_path: Path) -> None:
    ran = vedette("rules", "new", "../../etc/x", "--rules", tmp_path)

    assert ran.code == 2
    assert "is not a rule id" in ran.stderr


def test_the_starter_configuration_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "vedette.yml"

    assert vedette("config", "init", file).code == 0
    checked = vedette("config", "check", file)

    assert checked.code == 0, checked.stderr
    assert "is valid" in checked.stdout
    assert vedette("config", "show", file).json["version"] == 1


def test_the_examples_of_the_starter_fit_the_rules(tmp_path: Path) -> None:
    file = tmp_path / "vedette.yml"
    file.write_text(with_examples(STARTER), encoding="utf-8")

    checked = vedette("config", "check", file)

    assert checked.code == 0, checked.stderr
    assert "settings for 1 rules" in checked.stdout


def test_an_existing_configuration_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "vedette.yml"
    file.write_text("version: 1\n", encoding="utf-8")

    assert vedette("config", "init", file).code == 2
    assert file.read_text(encoding="utf-8") == "version: 1\n"


def test_the_published_schema_of_the_configuration_is_the_printed_one() -> None:
    published = Path("docs/schemas/configuration.json").read_text(encoding="utf-8")

    assert vedette("config", "schema").stdout == published


def test_the_policy_is_printed_without_credentials() -> None:
    ran = vedette("doctor", "--print-policy", environment={})

    assert ran.code == 0
    assert json.loads(ran.stdout)["Statement"][0]["Effect"] == "Allow"
