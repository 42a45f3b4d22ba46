"""Nobody has full access to CloudShell.

Why: CloudShell with file transfer is a way out for data that passes no proxy and no laptop: whoever
has AWSCloudShellFullAccess may download from it whatever the account's roles may read.
Fix: detach the policy, and give those who need CloudShell one that denies file transfer
(cloudshell:GetFileDownloadUrls and cloudshell:GetFileUploadUrls).

    aws iam detach-role-policy --role-name NAME \
        --policy-arn arn:aws:iam::aws:policy/AWSCloudShellFullAccess
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
from vedette.resources.iam import IamAccount, IamManagedPolicy, is_aws_policy

CLOUDSHELL = "AWSCloudShellFullAccess"
DEVELOPERS = "arn:aws:iam::111122223333:group/developers"


def policy(name: str, *principals: str) -> IamManagedPolicy:
    arn = f"arn:aws:iam::aws:policy/{name}"
    return IamManagedPolicy.sample(id=arn, arn=arn, by_aws=True, attached_to=principals)


OTHER = policy("ReadOnlyAccess", DEVELOPERS)
BOUNDARY = policy(CLOUDSHELL)
ATTACHED = policy(CLOUDSHELL, DEVELOPERS)
UNREAD = ATTACHED.with_facts({"attached_to": Fact.unreadable("access denied")})
ACCOUNT = IamAccount.sample()


@posture_rule(
    IamAccount,
    severity=Severity.MEDIUM,
    controls=("cis_aws_5_0:1.21", "cis_aws_7_0:2.20", "fsbp:IAM.27"),
    reads=((IamManagedPolicy, "attached_to"),),
    examples=(
        Example(
            "other policies are attached",
            ACCOUNT,
            PASSED,
            others=(OTHER,),
            regardless_of=((IamManagedPolicy, "attached_to"),),
        ),
        Example("it serves as a boundary only", ACCOUNT, PASSED, others=(OTHER, BOUNDARY)),
        Example("a group has it", ACCOUNT, FAILED, others=(OTHER, ATTACHED)),
        Example("attachments cannot be read", ACCOUNT, UNKNOWN, others=(UNREAD,)),
        Example("policies cannot be listed", ACCOUNT, UNKNOWN),
    ),
)
def rule(account: IamAccount, context: Context[NoParameters]) -> Judgement:
    principals = [
        principal
        for policy in context.inventory.all(IamManagedPolicy)
        if is_aws_policy(policy.arn, CLOUDSHELL)
        for principal in known(policy.attached_to)
    ]
    if not principals:
        return passed("AWSCloudShellFullAccess is attached to nobody.")
    return failed(
        f"AWSCloudShellFullAccess is attached to {len(principals)} of the account's principals.",
        principals=principals,
    )
