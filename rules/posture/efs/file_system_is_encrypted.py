"""EFS file system is encrypted at rest.

Why: files and backups without encryption can be read by whoever gets hold of the storage or a copy;
with a KMS key, that takes permission for the key as well.
Fix: encryption is decided at creation. Create an encrypted file system and copy the files over.

    aws efs create-file-system --encrypted --kms-key-id KEY
    aws datasync create-task --source-location-arn OLD --destination-location-arn NEW
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
from vedette.resources.efs import EfsFileSystem


def file_system(flag: bool | Fact[bool]) -> EfsFileSystem:
    return EfsFileSystem.sample(is_encrypted=flag)


@posture_rule(
    EfsFileSystem,
    severity=Severity.MEDIUM,
    controls=(
        *("cis_aws_5_0:2.3.1", "cis_aws_7_0:3.3.1", "fsbp:EFS.1", "fsbp:EFS.8"),
        *("nist_800_53_r5:CA-9(1)", "nist_800_53_r5:CM-3(6)", "nist_800_53_r5:SC-13"),
        *("nist_800_53_r5:SC-28", "nist_800_53_r5:SC-28(1)", "nist_800_53_r5:SI-7(6)"),
    ),
    reads=((EfsFileSystem, "is_encrypted"),),
    examples=(
        Example("it is encrypted", file_system(True), PASSED),
        Example("it is not encrypted", file_system(False), FAILED),
        Example("access is denied", file_system(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(file_system: EfsFileSystem, context: Context[NoParameters]) -> Judgement:
    if known(file_system.is_encrypted):
        return passed("The file system is encrypted.")
    return failed("The file system is not encrypted.")
