import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vedette.aws.log_objects import BucketPlace
from vedette.aws.session import SessionOptions
from vedette.operations.hunt_bucket import BucketLogs, bucket_logs
from vedette.operations.hunt_logs import LocalLogs, LogFile, worth_reading
from vedette.operations.usage import UsageError

PREFIX = "s3://trail/AWSLogs/111122223333/"
NAME = "111122223333_CloudTrail_eu-west-1_20261119T1000Z_a.json.gz"
EARLY = f"{PREFIX}CloudTrail/eu-west-1/2026/11/19/{NAME}"
LATE = EARLY.replace("20261119T1000Z", "20261120T1000Z")
DIGEST = f"{PREFIX}CloudTrail-Digest/eu-west-1/2026/11/20/a.json.gz"


def test_files_delivered_before_the_time_of_interest_are_left_out() -> None:
    files = [LogFile(name, 1) for name in (EARLY, LATE, "export.json")]

    left = worth_reading(files, datetime(2026, 11, 20, tzinfo=UTC))

    assert [one.name for one in left] == [LATE, "export.json"]


def test_a_file_of_the_minute_in_which_the_time_begins_is_read() -> None:
    left = worth_reading([LogFile(EARLY, 1)], datetime(2026, 11, 19, 10, 0, 30, tzinfo=UTC))

    assert left


def test_digests_are_no_logs() -> None:
    assert worth_reading([LogFile(DIGEST, 1), LogFile(LATE, 1)], None) == [LogFile(LATE, 1)]


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        LocalLogs((tmp_path / "nothing",)).files()


def test_a_place_in_s3_names_a_bucket() -> None:
    with pytest.raises(UsageError, match="name a bucket"):
        bucket_logs(["s3://"], SessionOptions())


def test_a_bucket_is_sent_to_another_process_without_its_session() -> None:
    source = bucket_logs(["s3://trail/AWSLogs/"], SessionOptions(region="eu-west-1"))

    sent = pickle.loads(pickle.dumps(source))  # noqa: S301 - our own bytes

    assert isinstance(sent, BucketLogs)
    assert sent.places == (BucketPlace(bucket="trail", prefix="AWSLogs/"),)
    assert sent.session.region == "eu-west-1"
