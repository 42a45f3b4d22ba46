"""Secret rotates automatically.

Why: a secret that never changes stays useful to everyone who ever saw it: former colleagues, old
backups, logs.
Fix: give the secret a rotation schedule and a function that changes it where it is used.

    aws secretsmanager rotate-secret --secret-id ARN \
        --rotation-lambda-arn FUNCTION --rotation-rules AutomaticallyAfterDays=30

Note: left out are secrets that an AWS service manages, for it rotates them itself, and replicas,
which follow their primary.
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
from vedette.resources.secretsmanager import Secret


def secret(rotates: bool | Fact[bool], **more: Any) -> Secret:
    return Secret.sample(rotates=rotates, **more)


def rotates_here(secret: Secret) -> bool:
    return secret.owning_service is None and not secret.is_replica


@posture_rule(
    Secret,
    severity=Severity.MEDIUM,
    controls=(
        *("fsbp:SecretsManager.1", "nist_800_53_r5:AC-2(1)", "nist_800_53_r5:AC-3(15)"),
        *("pci_dss_4_0_1:8.3.9", "pci_dss_4_0_1:8.6.3"),
    ),
    reads=((Secret, "rotates"),),
    applies=rotates_here,
    examples=(
        Example("rotation is on", secret(rotates=True), PASSED),
        Example(
            "it is the primary of replicas",
            secret(rotates=True, primary_region="eu-west-1"),
            PASSED,
        ),
        Example("rotation is off", secret(rotates=False), FAILED),
        Example("access is denied", secret(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(secret: Secret, context: Context[NoParameters]) -> Judgement:
    if known(secret.rotates):
        return passed("Rotation is on.")
    return failed("No automatic rotation is set up.")
