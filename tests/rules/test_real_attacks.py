"""Real attacks, recorded by CloudTrail: each is caught by a rule that is about what was done.

The recordings are not part of Vedette; the environment variable names the folder. What tells the
tool that played the attacks by its user agent does not count.
"""

import os
from pathlib import Path

import pytest

from tests.operations.hunting import Lines
from vedette.findings.severity import Severity
from vedette.operations.hunt import HuntRequest, hunt
from vedette.operations.hunt_logs import LocalLogs

VARIABLE = "VEDETTE_CLOUDTRAIL_SAMPLES"
BESIDE_THE_PROJECT = Path(__file__).parents[3] / "shared" / "data" / "cloudtrail"
CAUGHT_BY = {
    "aws.credential-access.ec2-get-password-data": (
        "credential_access/windows_passwords_read_of_many_instances"
    ),
    "aws.credential-access.secretsmanager-retrieve-secrets": "credential_access/many_secrets_read",
    "aws.defense-evasion.cloudtrail-stop": "defense_evasion/trail_stopped_or_deleted",
    "aws.execution.ssm-send-command": "execution/shell_command_sent_with_user_key",
    "aws.exfiltration.ec2-security-group-open-port-22-ingress": (
        "defense_evasion/admin_port_opened_to_world"
    ),
    "aws.exfiltration.ec2-share-ebs-snapshot": "exfiltration/snapshot_shared_with_foreign_account",
    "aws.initial-access.console-login-without-mfa": (
        "initial_access/iam_user_signed_in_without_mfa"
    ),
    "aws.persistence.iam-backdoor-user": "persistence/access_key_created_for_another_user",
    "aws.persistence.iam-create-admin-user": "persistence/administrator_user_created",
    "aws.persistence.lambda-backdoor-function": "persistence/function_opened_to_everyone",
}


@pytest.fixture(scope="module")
def recordings() -> Path:
    """Return the folder with one file for each attack."""
    named = os.environ.get(VARIABLE)  # noqa: TID251 - no setting of the product
    folder = Path(named) if named else BESIDE_THE_PROJECT
    if named and not folder.is_dir():
        pytest.fail(f"{VARIABLE} names {folder}, which is no folder")
    if not folder.is_dir():
        pytest.skip(f"there are no recordings here; {VARIABLE} can name a folder with some")
    return folder / "stratus"


def caught(recordings: Path, technique: str) -> dict[str, Severity]:
    """Return the worst severity at which each rule matches."""
    lines = Lines()
    source = LocalLogs((recordings / f"{technique}.json.gz",))
    hunted = hunt(HuntRequest(source=source), lines)
    assert hunted.complete
    found: dict[str, Severity] = {}
    for match in sorted(lines.matches, key=lambda one: Severity(one["severity"]).rank):
        found[match["rule"]] = Severity(match["severity"])
    return found


@pytest.mark.parametrize("technique", sorted(CAUGHT_BY))
def test_a_real_attack_is_caught(recordings: Path, technique: str) -> None:
    found = caught(recordings, technique)

    severity = found.get(CAUGHT_BY[technique])
    assert severity is not None, sorted(found)
    assert severity.rank >= Severity.MEDIUM.rank


def test_no_recording_is_left_out(recordings: Path) -> None:
    files = {path.name.removesuffix(".json.gz") for path in recordings.glob("*.json.gz")}

    assert files == set(CAUGHT_BY)
