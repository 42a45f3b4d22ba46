"""What a user gets wrong ends in one clear sentence with the remedy, and exit code 2."""

import json
from pathlib import Path

import pytest

from tests.aws.command import KEYS, Ran, vedette

NOWHERE = "http://127.0.0.1:9"


def audit(*arguments: str | Path, environment: dict[str, str] | None = None) -> Ran:
    return vedette("audit", *arguments, environment=environment)


def refused(ran: Ran, *said: str) -> None:
    assert ran.code == 2, ran.stderr
    assert ran.stdout == ""
    assert "Traceback" not in ran.stderr
    for part in said:
        assert part in ran.stderr, ran.stderr


def test_without_credentials_the_user_is_told_how_to_sign_in() -> None:
    refused(audit("--region", "eu-west-1", environment={}), "no AWS credentials", "vedette demo")


def test_a_profile_that_does_not_exist_is_named() -> None:
    refused(audit("--profile", "nobody", environment={}), "nobody", "--profile")


def test_an_endpoint_that_does_not_answer_is_named() -> None:
    refused(audit("--endpoint-url", NOWHERE), NOWHERE, "cannot be reached")


def test_an_endpoint_that_is_no_url_is_refused() -> None:
    refused(audit("--endpoint-url", "localhost:4566"), "--endpoint-url", "is not a URL")


def test_a_rule_that_matches_nothing_is_told_before_any_call() -> None:
    refused(audit("--rule", "s3/nothing", "--endpoint-url", NOWHERE), "s3/nothing", "rules list")


def test_a_service_that_has_no_rules_is_told_with_those_that_have() -> None:
    refused(audit("--service", "s33", "--endpoint-url", NOWHERE), "s33", "s3")


def test_a_framework_that_is_not_there_is_told_with_those_that_are() -> None:
    refused(audit("--framework", "cis", "--endpoint-url", NOWHERE), "cis_aws_7_0")


def test_an_arn_that_is_none_is_told(tmp_path: Path) -> None:
    ran = audit("--resource", "my-bucket", "--endpoint-url", NOWHERE)

    assert ran.code == 2
    assert "my-bucket" in ran.stderr or "cannot be reached" in ran.stderr


def test_a_broken_rule_is_told_with_file_and_line_before_any_call(tmp_path: Path) -> None:
    rule = tmp_path / "posture" / "s3" / "mine.py"
    rule.parent.mkdir(parents=True)
    rule.write_text("x = 1\nx = = 2\n", encoding="utf-8")

    refused(audit("--rules", tmp_path, "--endpoint-url", NOWHERE), f"{rule}:2: SyntaxError")


def test_a_rules_folder_that_anybody_can_write_to_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    folder.chmod(0o777)

    refused(audit("--rules", folder, "--endpoint-url", NOWHERE), "chmod o-w", str(folder))


def test_a_configuration_is_refused_with_file_line_and_everything_wrong(tmp_path: Path) -> None:
    file = tmp_path / "vedette.yml"
    file.write_text("version: 1\nsuppresions: []\nparameters: {x/y: {a: 1}}\n", encoding="utf-8")

    refused(audit("--config", file, "--endpoint-url", NOWHERE), f"{file}:2: suppresions")


def test_a_configuration_that_is_not_there_is_told(tmp_path: Path) -> None:
    refused(audit("--config", tmp_path / "no.yml", "--endpoint-url", NOWHERE), "no.yml")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("not json", "not JSON"),
        (json.dumps({"version": 7}), "take a new snapshot"),
        (json.dumps({"version": 1}), "no resources"),
    ],
)
def test_a_snapshot_that_cannot_be_read_is_told(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "old.json"
    file.write_text(content, encoding="utf-8")

    refused(audit("--from-snapshot", file), str(file), said)


def test_a_snapshot_that_is_not_there_is_told(tmp_path: Path) -> None:
    refused(audit("--from-snapshot", tmp_path / "gone.json"), "gone.json", "cannot be read")


def test_an_older_report_that_is_none_is_told(tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    file.write_text("{}", encoding="utf-8")

    refused(audit("--compare", file, "--endpoint-url", NOWHERE), str(file), "is not a report")


def test_a_report_that_could_not_be_written_is_told_before_any_call(tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "report.json"

    refused(audit("--output-file", target, "--endpoint-url", NOWHERE), "there is no folder")


def test_an_external_id_without_a_role_is_told() -> None:
    refused(audit("--external-id", "x", "--endpoint-url", NOWHERE), "--role-arn")


def test_an_external_id_out_of_form_is_told() -> None:
    role = "arn:aws:iam::111122223333:role/auditor"

    refused(audit("--role-arn", role, "--external-id", "x y"), "--external-id: 2 to")


def test_a_role_that_is_no_arn_is_told() -> None:
    refused(audit("--role-arn", "auditor", "--endpoint-url", NOWHERE), "auditor", "not an ARN")


def test_an_unknown_option_is_told() -> None:
    assert audit("--nonsense").code == 2


def test_an_unknown_rule_is_told_with_near_names() -> None:
    ran = vedette("rules", "show", "s3/bucket_blocks_public_acess")

    refused(ran, "Did you mean s3/bucket_blocks_public_access")


def test_an_error_does_not_drive_the_terminal() -> None:
    ran = vedette("rules", "show", "s3/\x1b[31mred\x07")

    refused(ran, "There is no rule")
    assert "\x1b[31m" not in ran.stderr
    assert "\x07" not in ran.stderr


def test_credentials_never_show_in_an_error() -> None:
    ran = audit("--endpoint-url", NOWHERE)

    assert KEYS["AWS_SECRET_ACCESS_KEY"] not in ran.stderr.split()
