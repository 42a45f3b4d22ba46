"""KMS key rotates automatically.

Why: rotation bounds how much data one version of the key material protects; old versions stay
available for decryption, so nothing needs to be encrypted again.
Fix: switch on automatic rotation, each year by default.

    aws kms enable-key-rotation --key-id KEY --rotation-period-in-days 365

Note: AWS KMS rotates symmetric encryption keys that it made itself; asymmetric and HMAC keys,
imported material and custom key stores are left out, as are keys that are not enabled.
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
from vedette.resources.kms import KeyDescription, KmsKey, Rotation

YEARLY = Rotation(enabled=True, period_days=365)
DENIED = Fact.unreadable("AccessDenied")
PLAIN = KeyDescription()


def key(
    rotation: Rotation | Fact[Rotation | None] | None,
    description: KeyDescription | Fact[KeyDescription] = PLAIN,
) -> KmsKey:
    return KmsKey.sample(description=description, rotation=rotation)


def can_rotate(key: KmsKey) -> bool:
    description = known(key.description)
    able = description.is_customers and description.can_rotate and description.state == "Enabled"
    return able and known(key.rotation) is not None


@posture_rule(
    KmsKey,
    severity=Severity.MEDIUM,
    controls=(
        *("cis_aws_5_0:3.6", "cis_aws_7_0:4.6", "fsbp:KMS.4", "nist_800_53_r5:SC-12"),
        *("nist_800_53_r5:SC-12(2)", "nist_800_53_r5:SC-28(3)", "pci_dss_4_0_1:3.7.4"),
        "soc_2:PI1.5",
    ),
    reads=((KmsKey, "description"), (KmsKey, "rotation")),
    applies=can_rotate,
    examples=(
        Example("it rotates each year", key(YEARLY), PASSED),
        Example("rotation is off", key(Rotation(enabled=False)), FAILED),
        Example("the rotation is denied", key(DENIED), UNKNOWN),
        Example("the key cannot be described", key(YEARLY, DENIED), UNKNOWN),
    ),
)
def rule(key: KmsKey, context: Context[NoParameters]) -> Judgement:
    rotation = known(key.rotation)
    if rotation is None or not rotation.enabled:
        return failed("Automatic rotation is off.")
    if rotation.period_days is None:
        return passed("Automatic rotation is on.")
    return passed(
        f"It rotates every {rotation.period_days} days.", period_days=rotation.period_days
    )
