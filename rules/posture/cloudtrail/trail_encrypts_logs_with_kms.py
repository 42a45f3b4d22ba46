"""CloudTrail trail encrypts its logs with a KMS key.

Why: whoever may read the bucket reads what everybody does in the account; with a KMS key, reading
takes a second permission, and the key's own use is recorded.
Fix: let CloudTrail use a customer managed key in its policy, and give the key to the trail.

    aws cloudtrail update-trail --name TRAIL --kms-key-id KEY_ARN
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
from vedette.resources.cloudtrail import Trail

KEY = "arn:aws:kms:eu-west-1:111122223333:key/5b9d9d3e"


def trail(kms_key: str | Fact[str | None] | None) -> Trail:
    return Trail.sample(kms_key=kms_key)


@posture_rule(
    Trail,
    severity=Severity.MEDIUM,
    controls=(
        *("cis_aws_5_0:3.5", "cis_aws_7_0:4.5", "fsbp:CloudTrail.2", "nist_800_53_r5:AU-9"),
        *("nist_800_53_r5:CA-9(1)", "nist_800_53_r5:SC-13", "nist_800_53_r5:SC-28"),
        *("nist_800_53_r5:SC-28(1)", "nist_800_53_r5:SI-7(6)", "pci_dss_4_0_1:10.3.2"),
    ),
    reads=((Trail, "kms_key"),),
    applies=lambda trail: trail.is_own,
    examples=(
        Example("a key is set", trail(KEY), PASSED),
        Example("no key is set", trail(None), FAILED),
        Example("access is denied", trail(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(trail: Trail, context: Context[NoParameters]) -> Judgement:
    key = known(trail.kms_key)
    if key is None:
        return failed("No KMS key is set: the logs are encrypted with a key of S3's own.")
    return passed("A KMS key encrypts the logs.", kms_key=key)
