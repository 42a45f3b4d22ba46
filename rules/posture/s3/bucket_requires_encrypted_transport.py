"""S3 bucket requires encrypted transport.

Why: S3 answers plain HTTP too; on the way objects and pre-signed links can then be read and
changed.
Fix: deny what does not come over TLS, for the bucket and its objects, in the bucket policy.

    {"Sid": "DenyPlainHttp", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
     "Resource": ["arn:aws:s3:::NAME", "arn:aws:s3:::NAME/*"],
     "Condition": {"Bool": {"aws:SecureTransport": "false"}}}

Note: a denial that leaves out principals, actions or objects does not count.
"""

from typing import Any

from vedette.posture.rule import (
    FAILED,
    PASSED,
    UNKNOWN,
    Context,
    Example,
    Fact,
    Judgement,
    NoParameters,
    Severity,
    failed,
    known,
    passed,
    posture_rule,
)
from vedette.resources.policy.parsing import parse_policy
from vedette.resources.policy.transport import denies_insecure_transport
from vedette.resources.s3 import S3Bucket

BUCKET, OBJECTS = "arn:aws:s3:::example", "arn:aws:s3:::example/*"


def deny(**changes: Any) -> dict[str, Any]:
    complete = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [BUCKET, OBJECTS],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return complete | changes


def bucket(*statements: dict[str, Any]) -> S3Bucket:
    policy = parse_policy({"Statement": list(statements)})
    return S3Bucket.sample(arn=BUCKET, policy=policy)


UNREADABLE = S3Bucket.sample(arn=BUCKET, policy=Fact.unreadable("AccessDenied"))


@posture_rule(
    S3Bucket,
    severity=Severity.MEDIUM,
    controls=(
        *("cis_aws_5_0:2.1.1", "cis_aws_7_0:3.1.1", "fsbp:S3.5", "nist_800_53_r5:AC-17(2)"),
        *("nist_800_53_r5:IA-5(1)", "nist_800_53_r5:SC-8", "nist_800_53_r5:SC-8(1)"),
        *("nist_800_53_r5:SC-13", "nist_800_53_r5:SC-23", "pci_dss_4_0_1:4.2.1"),
    ),
    reads=((S3Bucket, "policy"),),
    examples=(
        Example("plain HTTP is denied", bucket(deny()), PASSED),
        Example(
            "it takes two statements", bucket(deny(Resource=BUCKET), deny(Resource=OBJECTS)), PASSED
        ),
        Example("there is no policy", bucket(), FAILED),
        Example("the objects are left out", bucket(deny(Resource=BUCKET)), FAILED),
        Example("only putting is denied", bucket(deny(Action="s3:PutObject")), FAILED),
        Example(
            "only one account is denied", bucket(deny(Principal={"AWS": "999988887777"})), FAILED
        ),
        Example(
            "the condition is turned around",
            bucket(deny(Condition={"Bool": {"aws:SecureTransport": "true"}})),
            FAILED,
        ),
        Example("access is denied", UNREADABLE, UNKNOWN),
    ),
)
def rule(bucket: S3Bucket, context: Context[NoParameters]) -> Judgement:
    policy = known(bucket.policy)
    if denies_insecure_transport(policy, bucket.arn):
        return passed("The policy denies plain HTTP.")
    if not policy.statements:
        return failed("There is no bucket policy, so plain HTTP is answered.")
    return failed("The policy does not deny plain HTTP to everyone for bucket and objects.")
