"""S3 bucket keeps versions of its objects.

Why: versions are what brings objects back after an overwrite, a deletion or ransomware.
Fix: switch on versioning, with a lifecycle rule that ends old versions, since they cost storage.

    aws s3api put-bucket-versioning --bucket NAME --versioning-configuration Status=Enabled
"""

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
from vedette.resources.s3 import S3Bucket, Versioning


def bucket(versioning: Versioning | Fact[Versioning]) -> S3Bucket:
    return S3Bucket.sample(versioning=versioning)


@posture_rule(
    S3Bucket,
    severity=Severity.LOW,
    controls=(
        *("fsbp:S3.14", "nist_800_53_r5:AU-9(2)", "nist_800_53_r5:CP-6", "nist_800_53_r5:CP-9"),
        *("nist_800_53_r5:CP-10", "nist_800_53_r5:SI-12", "nist_800_53_r5:SI-13(5)"),
        *("soc_2:CC7.4", "soc_2:A1.2", "soc_2:PI1.5"),
    ),
    reads=((S3Bucket, "versioning"),),
    examples=(
        Example("versioning is on", bucket(Versioning(enabled=True)), PASSED),
        Example("versioning is off or suspended", bucket(Versioning()), FAILED),
        Example("access is denied", bucket(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(bucket: S3Bucket, context: Context[NoParameters]) -> Judgement:
    if known(bucket.versioning).enabled:
        return passed("Versioning is on.")
    return failed("Versioning is off or suspended.")
