"""A bucket becomes public, private again, and is deleted, as its watchers see it."""

from tests.deployed.world import World

PUBLIC = "s3/bucket_is_not_publicly_readable"


def of_rule(alerts: list[dict[str, object]], rule: str) -> list[str]:
    return [
        str(one["transition"]["kind"])  # type: ignore[index]
        for one in alerts
        if one["finding"]["rule"] == rule  # type: ignore[index]
    ]


def opened(world: World, name: str) -> None:
    world.make_bucket(name)
    world.happen(world.event("s3", "PutBucketPolicy", {"bucketName": name}))
    world.settle()


def test_a_bucket_that_becomes_public_is_a_finding_and_one_alert_in_one_pass(
    world: World,
) -> None:
    opened(world, "invoices")
    (finding,) = world.findings(PUBLIC)
    assert finding["status"] == "open"
    assert of_rule(world.alerts(), PUBLIC) == ["opened"]


def test_a_bucket_that_is_private_again_is_resolved_and_said_to_be(world: World) -> None:
    opened(world, "payslips")
    world.alerts()
    world.close_bucket("payslips")
    world.happen(world.event("s3", "DeleteBucketPolicy", {"bucketName": "payslips"}))
    world.settle()
    (finding,) = world.findings(PUBLIC)
    assert finding["status"] == "resolved"
    assert of_rule(world.alerts(), PUBLIC) == ["resolved"]


def test_a_bucket_that_is_deleted_leaves_no_open_finding(world: World) -> None:
    opened(world, "scratch-space")
    world.deployment.client("s3").delete_bucket(Bucket="scratch-space")
    world.happen(world.event("s3", "DeleteBucket", {"bucketName": "scratch-space"}))
    world.settle()
    found = world.findings()
    assert found
    assert {one["status"] for one in found if one["rule"].startswith("s3/bucket")} == {"resolved"}


def test_ten_calls_that_make_one_bucket_are_one_reading_of_it(world: World) -> None:
    world.make_bucket("archive")
    calls = world.deployment.endpoint.recorder
    calls.clear()
    world.happen(
        world.event("s3", "CreateBucket", {"bucketName": "archive"}),
        *(
            world.event("s3", name, {"bucketName": "archive"})
            for name in (
                *("PutBucketPolicy", "PutBucketAcl", "PutBucketVersioning", "PutBucketLogging"),
                *("PutBucketTagging", "PutBucketEncryption", "PutBucketPublicAccessBlock"),
                *("PutBucketOwnershipControls", "PutBucketLifecycle"),
            )
        ),
    )
    world.settle()
    assert calls.by_operation()["s3:GetBucketPolicy"] == 1
    assert len(world.findings(PUBLIC)) == 1
