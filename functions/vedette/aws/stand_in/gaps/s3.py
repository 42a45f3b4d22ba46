"""Mends of S3: buckets as AWS creates them since 2023, their regions, and MFA delete."""

from collections.abc import Iterator
from typing import Any

from moto.s3.models import FakeBucket, PublicAccessBlock

from vedette.aws.stand_in.call import Answer
from vedette.aws.stand_in.gaps.exchange import Exchange, Gap, Guard, Mend
from vedette.aws.stand_in.gaps.state import BucketKey
from vedette.aws.stand_in.wire import Result

# These two answer in any region; CreateBucket meets no bucket yet.
ANSWERED_EVERYWHERE = {"CreateBucket", "GetBucketLocation", "ListBuckets"}
MOVED = 301
NO_ENCRYPTION = b"ServerSideEncryptionConfigurationNotFoundError"
OWNER_ID = "bcaf1ffd86f41161ca5fb16fd081034f"


def redirect_to_region_of_bucket(exchange: Exchange) -> Answer | None:
    """Send the caller to the bucket's own region, where moto would answer in any.

    Source: Amazon S3 User Guide, "Making requests by using REST", request redirection.
    """
    if exchange.call.service != "s3" or exchange.call.operation in ANSWERED_EVERYWHERE:
        return None
    bucket = _bucket(exchange, exchange.call.labels.get("Bucket", ""))
    if bucket is None or bucket.region_name == exchange.call.region:
        return None
    answer = exchange.refuse(
        "PermanentRedirect",
        "The bucket you are attempting to access must be addressed using the specified endpoint. "
        "Please send all future requests to this endpoint.",
        MOVED,
    )
    headers = {**answer.headers, "x-amz-bucket-region": bucket.region_name}
    return Answer(answer.status, headers, answer.body)


def _create_bucket(exchange: Exchange) -> Answer:
    """Create a bucket with public access blocked and ACLs disabled.

    Source: Amazon S3 User Guide, "Default settings for new S3 buckets FAQ" (since April 2023).
    """
    name = exchange.call.labels["Bucket"]
    existed = _bucket(exchange, name) is not None
    answer = exchange.forward()
    created = _bucket(exchange, name)
    if answer.succeeded and created is not None and not existed:
        created.public_access_block = PublicAccessBlock("true", "true", "true", "true")
        if created.ownership_rule is None:
            ownership: Any = "BucketOwnerEnforced"  # moto keeps the bare word, whatever it types.
            created.ownership_rule = ownership
        exchange.state.mfa_delete.pop(BucketKey(exchange.call.account, name), None)
    return answer


def _list_buckets(exchange: Exchange) -> Answer:
    """List by name, with regions; moto leaves out `BucketRegion` and the continuation token.

    Source: S3 API Reference, ListBuckets: the region is there if any parameter was sent.
    """
    asked = exchange.parameters
    listed = [
        {
            "Name": bucket.name,
            "CreationDate": bucket.creation_date,
            "BucketRegion": bucket.region_name if asked else None,
        }
        for bucket in _buckets(exchange)
        if bucket.name.startswith(asked.get("Prefix", ""))
        and asked.get("BucketRegion", bucket.region_name) == bucket.region_name
    ]
    return exchange.reply({"Buckets": listed, "Owner": {"ID": OWNER_ID}})


def _get_bucket_encryption(exchange: Exchange) -> Answer:
    """Every bucket is encrypted with SSE-S3 if with nothing else (since January 2023).

    Source: Amazon S3 User Guide, "Setting default server-side encryption behavior".
    """
    answer = exchange.forward()
    if NO_ENCRYPTION not in answer.body:
        return answer
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
        "BucketKeyEnabled": False,
    }
    return exchange.reply({"ServerSideEncryptionConfiguration": {"Rules": [rule]}})


def _remember_mfa_delete(exchange: Exchange, _: Result) -> None:
    """Keep what PutBucketVersioning says of MFA delete, which moto ignores."""
    asked = exchange.parameters["VersioningConfiguration"].get("MFADelete")
    if asked is not None:
        exchange.state.mfa_delete[_key(exchange)] = asked


def _tell_mfa_delete(exchange: Exchange, result: Result) -> None:
    stored = exchange.state.mfa_delete.get(_key(exchange))
    if stored is not None:
        result["MFADelete"] = stored


def _key(exchange: Exchange) -> BucketKey:
    return BucketKey(exchange.call.account, exchange.call.labels["Bucket"])


def _bucket(exchange: Exchange, name: str) -> FakeBucket | None:
    bucket: FakeBucket | None = exchange.global_backend("s3").buckets.get(name)
    return bucket


def _buckets(exchange: Exchange) -> Iterator[FakeBucket]:
    buckets: dict[str, FakeBucket] = exchange.global_backend("s3").buckets
    for name in sorted(buckets):
        yield buckets[name]


GUARDS: tuple[Guard, ...] = (redirect_to_region_of_bucket,)
GAPS: dict[str, Gap] = {
    "s3:CreateBucket": _create_bucket,
    "s3:GetBucketEncryption": _get_bucket_encryption,
    "s3:ListBuckets": _list_buckets,
}
MENDS: dict[str, Mend] = {
    "s3:GetBucketVersioning": _tell_mfa_delete,
    "s3:PutBucketVersioning": _remember_mfa_delete,
}
