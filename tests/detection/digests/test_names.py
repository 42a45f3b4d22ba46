from datetime import UTC, datetime

import pytest

from vedette.detection.digests.names import base_name, parse_digest_name, parse_log_name

LOG = "111122223333_CloudTrail_us-gov-west-1_20261120T0915Z_AbCdEfGhIjKlMnOp.json.gz"
DIGEST = "111122223333_CloudTrail-Digest_eu-west-1_my_trail_us-east-1_20261120T091530Z.json.gz"


def test_a_log_tells_account_region_and_minute() -> None:
    name = parse_log_name(LOG)

    assert name is not None
    assert (name.account, name.region) == ("111122223333", "us-gov-west-1")
    assert name.delivered == datetime(2026, 11, 20, 9, 15, tzinfo=UTC)


def test_a_digest_tells_the_region_whose_keys_signed_it_and_not_that_of_its_trail() -> None:
    name = parse_digest_name(DIGEST)

    assert name is not None
    assert name.region == "eu-west-1"
    assert name.end == datetime(2026, 11, 20, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "region", ["evil.example.com/", "eu-west-1.evil.com", "x", "eu-west-1@x", ""]
)
def test_what_is_no_region_never_becomes_part_of_a_host_name(region: str) -> None:
    assert parse_digest_name(DIGEST.replace("eu-west-1", region)) is None
    assert parse_log_name(LOG.replace("us-gov-west-1", region)) is None


def test_a_time_that_there_is_not_is_no_time() -> None:
    assert parse_log_name(LOG.replace("1120T", "1399T")) is None
    assert parse_digest_name(DIGEST.replace("T0915", "T9915")) is None


@pytest.mark.parametrize("path", ["a/b/c.json", "a\\b\\c.json", "s3://b/k/c.json", "c.json"])
def test_the_last_part_of_a_path_is_its_name(path: str) -> None:
    assert base_name(path) == "c.json"


@pytest.mark.parametrize("region", ["us-east-1", "eusc-de-east-1", "us-isob-east-1", "cn-north-1"])
def test_regions_of_all_partitions_are_known(region: str) -> None:
    name = parse_digest_name(DIGEST.replace("eu-west-1", region))

    assert name is not None
    assert name.region == region
