import pytest

from vedette.resources.coverage import Listing
from vedette.resources.facts import UnreadableFactError
from vedette.resources.inventory import Inventory
from vedette.resources.s3 import S3Bucket

HERE = S3Bucket.sample(id="here", region="eu-west-1")
THERE = S3Bucket.sample(id="there", region="us-east-1")
WHOLE = [
    Listing(kind="S3Bucket", region="eu-west-1"),
    Listing(kind="S3Bucket", region="us-east-1"),
]
BROKEN = [
    Listing(kind="S3Bucket", region="eu-west-1"),
    Listing(kind="S3Bucket", region="us-east-1", problem="s3:ListBuckets was denied"),
]


def test_all_resources_of_a_kind_are_returned() -> None:
    assert Inventory([HERE, THERE], WHOLE).all(S3Bucket) == (HERE, THERE)


def test_resources_of_one_region_are_returned() -> None:
    assert Inventory([HERE, THERE], WHOLE).all(S3Bucket, region="us-east-1") == (THERE,)


def test_a_kind_that_was_not_collected_is_not_an_empty_list() -> None:
    with pytest.raises(UnreadableFactError, match="was not collected"):
        Inventory([], []).all(S3Bucket)


def test_a_list_that_is_not_whole_is_not_returned() -> None:
    with pytest.raises(UnreadableFactError, match="denied"):
        Inventory([HERE], BROKEN).all(S3Bucket)


def test_the_whole_list_of_one_region_is_returned_though_another_failed() -> None:
    assert Inventory([HERE], BROKEN).all(S3Bucket, region="eu-west-1") == (HERE,)


def test_a_resource_is_found_by_id_and_by_arn() -> None:
    inventory = Inventory([HERE], WHOLE)

    assert inventory.find(S3Bucket, "here") is HERE
    assert inventory.find(S3Bucket, HERE.arn) is HERE


def test_a_resource_that_a_whole_list_lacks_does_not_exist() -> None:
    assert Inventory([HERE], WHOLE).find(S3Bucket, "nowhere") is None


def test_a_resource_that_a_broken_list_lacks_may_exist() -> None:
    with pytest.raises(UnreadableFactError):
        Inventory([HERE], BROKEN).find(S3Bucket, "nowhere")


def test_a_resource_that_a_broken_list_holds_is_found() -> None:
    assert Inventory([HERE], BROKEN).find(S3Bucket, "here") is HERE


def test_listings_that_failed_are_named() -> None:
    assert [one.region for one in Inventory([], BROKEN).unlisted(S3Bucket)] == ["us-east-1"]
