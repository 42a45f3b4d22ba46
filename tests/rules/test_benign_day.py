"""On ordinary days nothing is said, and without exclusions it would be."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.rules.benign_cast import ACCOUNT, MEMBERS, PLACEHOLDERS
from tests.rules.benign_day import days
from tests.rules.hunting_day import hunted_with
from vedette.aws.demo.records import Record
from vedette.aws.demo.working_day import working_day

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
# Longer than any rule learns what is not new.
LONG = 20
OURS = {"own": [ACCOUNT, *MEMBERS]}


@pytest.fixture(scope="module")
def ordinary() -> Sequence[Record]:
    return days(BEGIN, LONG)


def loud(matches: Sequence[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(one["severity"], one["rule"]) for one in matches if one["severity"] != "informational"}


def test_nothing_is_said_on_ordinary_days(ordinary: Sequence[Record], tmp_path: Path) -> None:
    matches = hunted_with(
        tmp_path, ordinary, accounts=OURS, detection={"placeholders": PLACEHOLDERS}
    )

    assert loud(matches) == set()
    named = {exclusion for one in matches for exclusion in one["quieted_by"]}
    assert named == {
        "exclusions/aws_service_principals",
        "exclusions/ci",
        "exclusions/iac_roles",
        "exclusions/scanners",
    }


@pytest.mark.parametrize(
    "detection",
    [{}, {"placeholders": PLACEHOLDERS, "disabled_exclusions": ["exclusions/*"]}],
    ids=["nobody configured", "exclusions disabled"],
)
def test_without_exclusions_machines_would_be_told_of(
    ordinary: Sequence[Record], tmp_path: Path, detection: dict[str, Any]
) -> None:
    found = loud(hunted_with(tmp_path, ordinary, accounts=OURS, detection=detection))

    rules = {rule for _, rule in found}
    assert rules >= {
        "credential_access/many_secrets_read",
        "discovery/iam_enumerated",
        "discovery/many_services_listed_by_script",
        "discovery/trails_explored",
        "execution/commands_sent_to_many_instances",
        "execution/instance_restarted_with_new_user_data",
        "impact/many_buckets_deleted",
        "impact/many_instances_launched",
    }


def test_nothing_is_said_on_a_working_day_of_the_demo(tmp_path: Path) -> None:
    records = working_day("123456789012", BEGIN)

    assert loud(hunted_with(tmp_path, records)) == set()
