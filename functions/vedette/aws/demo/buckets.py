"""The buckets: what the shop shows, what it keeps, and what should never have been shown."""

from typing import Any

from vedette.aws.demo.account import (
    DUBLIN,
    EVERYBODY,
    PARTNER,
    STRANGER,
    VIRGINIA,
    Account,
    Statement,
    allow,
    document,
    tags,
)

WEBSITE = "harbour-lane-books-website"
"""Public, and meant to be: the configuration accepts it until a date."""
EXPORTS = "harbour-lane-books-customer-exports"
"""Public, and nobody knows: the supplier's tool could not sign requests."""
PRESS = "harbour-lane-books-press-kit"
"""Public as well; whether that is meant, nobody has decided."""
LEGAL_HOLD = "harbour-lane-books-legal-hold"
"""Nobody but the owner may look at it, an auditor included."""
COVERS = "harbour-lane-books-covers"
ARCHIVE = "harbour-lane-books-orders-archive"
LABELS = "harbour-lane-books-labels"
BACKUPS = "harbour-lane-books-backups"
TRAIL_LOGS = "harbour-lane-books-trail-logs"
ACCESS_LOGS = "harbour-lane-books-access-logs"
CONFIG_LOGS = "harbour-lane-books-config-history"
BOOKWORM = "harbour-lane-bookworm-training"
EVERYTHING_BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
EVERYONE = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'
DATA_CLASSES = {EXPORTS: "customer", ARCHIVE: "customer", LEGAL_HOLD: "legal", WEBSITE: "public"}


def create_buckets(account: Account) -> None:
    """Create all buckets, their policies and access points."""
    s3 = account.client("s3")
    for name in (WEBSITE, EXPORTS, PRESS, LEGAL_HOLD, COVERS, ARCHIVE, LABELS, BACKUPS):
        _bucket(s3, name, data_class=DATA_CLASSES.get(name, "internal"))
    for name in (TRAIL_LOGS, ACCESS_LOGS, CONFIG_LOGS):
        _bucket(s3, name, data_class="logs")
    _show(account, s3)
    _keep(account, s3)
    _share(account, s3)
    _log(account, s3)
    _experiment(account)
    _access_points(account)


def _bucket(s3: Any, name: str, *, data_class: str) -> None:
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": DUBLIN})
    s3.put_bucket_tagging(
        Bucket=name, Tagging={"TagSet": tags(**{"data-class": data_class, "team": "shop"})}
    )


def _show(account: Account, s3: Any) -> None:
    """Open the website, which is public on purpose, and two that are not."""
    for name in (WEBSITE, EXPORTS, PRESS):
        s3.delete_public_access_block(Bucket=name)
        objects = account.bucket_arn(f"{name}/*")
        _set_policy(s3, name, allow("s3:GetObject", objects, Principal=EVERYBODY))
    s3.put_public_access_block(
        Bucket=COVERS,
        PublicAccessBlockConfiguration={**EVERYTHING_BLOCKED, "RestrictPublicBuckets": False},
    )


def _keep(account: Account, s3: Any) -> None:
    """Guard what must not be lost; the legal hold admits the owner alone."""
    for name in (ARCHIVE, BACKUPS):
        versioning = {"Status": "Enabled"} | ({"MFADelete": "Enabled"} if name == BACKUPS else {})
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)
        _set_policy(s3, name, *_encrypted_transport_only(account, name))
    everything = [account.bucket_arn(LEGAL_HOLD), account.bucket_arn(f"{LEGAL_HOLD}/*")]
    owner = {"StringNotEquals": {"aws:PrincipalArn": account.iam_arn("user/margaret.hale")}}
    refused = {"Effect": "Deny", "Principal": EVERYBODY, "Action": "s3:*", "Resource": everything}
    _set_policy(s3, LEGAL_HOLD, {**refused, "Condition": owner})


def _share(account: Account, s3: Any) -> None:
    """Let the partner fetch labels, and an agency of the past write book covers."""
    for name, whom, action in (
        (LABELS, PARTNER, "s3:GetObject"),
        (COVERS, STRANGER, "s3:PutObject"),
    ):
        principal = {"AWS": account.iam_arn("root", whom)}
        objects = account.bucket_arn(f"{name}/*")
        _set_policy(
            s3,
            name,
            allow(action, objects, Principal=principal),
            *_encrypted_transport_only(account, name),
        )


def _log(account: Account, s3: Any) -> None:
    for name, service in (
        (TRAIL_LOGS, "cloudtrail"),
        (CONFIG_LOGS, "config"),
        (ACCESS_LOGS, "logging.s3"),
    ):
        principal = {"Service": f"{service}.amazonaws.com"}
        source = {"StringEquals": {"aws:SourceAccount": account.id}}
        objects = account.bucket_arn(f"{name}/*")
        written = allow("s3:PutObject", objects, Principal=principal, Condition=source)
        _set_policy(s3, name, written, *_encrypted_transport_only(account, name))
    s3.put_bucket_logging(
        Bucket=TRAIL_LOGS,
        BucketLoggingStatus={
            "LoggingEnabled": {"TargetBucket": ACCESS_LOGS, "TargetPrefix": "trail/"}
        },
    )


def _experiment(account: Account) -> None:
    """Leave a bucket in Virginia that anybody may read from and write to, by its ACL."""
    s3 = account.client("s3", VIRGINIA)
    s3.create_bucket(Bucket=BOOKWORM, ObjectOwnership="ObjectWriter")
    s3.delete_public_access_block(Bucket=BOOKWORM)
    s3.put_bucket_acl(Bucket=BOOKWORM, GrantRead=EVERYONE, GrantWrite=EVERYONE)
    s3.put_bucket_tagging(Bucket=BOOKWORM, Tagging={"TagSet": tags(team="research")})


def _access_points(account: Account) -> None:
    control = account.client("s3control")
    for name, bucket, block in (
        ("hlb-accounting-reports", ARCHIVE, EVERYTHING_BLOCKED),
        ("hlb-supplier-tool", EXPORTS, dict.fromkeys(EVERYTHING_BLOCKED, False)),
    ):
        control.create_access_point(
            AccountId=account.id,
            Name=name,
            Bucket=bucket,
            PublicAccessBlockConfiguration=block,
        )


def _encrypted_transport_only(account: Account, name: str) -> tuple[Statement, ...]:
    return (
        {
            "Effect": "Deny",
            "Principal": EVERYBODY,
            "Action": "s3:*",
            "Resource": [account.bucket_arn(name), account.bucket_arn(f"{name}/*")],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    )


def _set_policy(s3: Any, name: str, *statements: Statement) -> None:
    s3.put_bucket_policy(Bucket=name, Policy=document(*statements))
