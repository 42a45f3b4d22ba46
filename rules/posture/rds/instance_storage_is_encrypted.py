"""RDS instance encrypts its storage.

Why: storage, backups and replicas without encryption can be read by whoever gets hold of a copy;
with a KMS key, using a copy takes permission for the key as well.
Fix: encryption is decided at creation. Copy a snapshot with a key and restore it.

    aws rds copy-db-snapshot --source-db-snapshot-identifier SNAPSHOT \
        --target-db-snapshot-identifier ENCRYPTED --kms-key-id KEY
    aws rds restore-db-instance-from-db-snapshot --db-instance-identifier NEW_ID \
        --db-snapshot-identifier ENCRYPTED

Note: members of a cluster have the cluster's storage, which its own rule judges.
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
from vedette.resources.rds import DbInstance


def instance(flag: bool | Fact[bool]) -> DbInstance:
    return DbInstance.sample(engine="postgres", is_encrypted=flag)


@posture_rule(
    DbInstance,
    severity=Severity.HIGH,
    controls=(
        *("cis_aws_5_0:2.2.1", "cis_aws_7_0:3.2.1", "fsbp:RDS.3", "nist_800_53_r5:CA-9(1)"),
        *("nist_800_53_r5:CM-3(6)", "nist_800_53_r5:SC-13", "nist_800_53_r5:SC-28"),
        *("nist_800_53_r5:SC-28(1)", "nist_800_53_r5:SI-7(6)", "soc_2:PI1.5"),
    ),
    reads=((DbInstance, "is_encrypted"),),
    applies=lambda instance: instance.cluster is None,
    examples=(
        Example("storage is encrypted", instance(True), PASSED),
        Example("storage is not encrypted", instance(False), FAILED),
        Example("access is denied", instance(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(instance: DbInstance, context: Context[NoParameters]) -> Judgement:
    if known(instance.is_encrypted):
        return passed("The storage is encrypted.")
    return failed("The storage is not encrypted.")
