"""S3 bucket requires MFA to delete versions.

Why: with MFA delete a stolen access key is not enough to destroy the versions that you would
restore from, or to switch versioning off.
Fix: only the root user can switch it on, and only from the command line.

    aws s3api put-bucket-versioning --bucket NAME \
        --versioning-configuration Status=Enabled,MFADelete=Enabled --mfa "SERIAL CODE"

Note: S3 refuses lifecycle rules on such a bucket. Where these are needed, Object Lock or a backup
in another account protects as well; suppress this rule for the bucket then.
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
        *("cis_aws_5_0:2.1.2", "cis_aws_7_0:3.1.2", "fsbp:S3.20", "nist_800_53_r5:CA-9(1)"),
        *("nist_800_53_r5:CM-2", "nist_800_53_r5:CM-2(2)", "nist_800_53_r5:CM-3"),
        "nist_800_53_r5:SC-5(2)",
    ),
    reads=((S3Bucket, "versioning"),),
    examples=(
        Example("MFA delete is on", bucket(Versioning(enabled=True, mfa_delete=True)), PASSED),
        Example("there is only versioning", bucket(Versioning(enabled=True)), FAILED),
        Example("there is no versioning", bucket(Versioning()), FAILED),
        Example("versioning is suspended", bucket(Versioning(mfa_delete=True)), FAILED),
        Example("access is denied", bucket(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(bucket: S3Bucket, context: Context[NoParameters]) -> Judgement:
    versioning = known(bucket.versioning)
    if not versioning.enabled:
        return failed("Versioning is off, so a deleted object is lost at once.")
    if not versioning.mfa_delete:
        return failed("Versions can be deleted without MFA.")
    return passed("Deleting versions takes MFA.")
