"""The root user has no access keys.

Why: a root key is full power over the account in one line of text. It cannot be limited by a
policy, cannot be tied to MFA, and does not expire; whoever finds it owns the account.
Fix: see where the key is used, move that to a role, then sign in as root, open Security
credentials and delete the key; no other principal of the account can. With central root access,
the organisation's management account can delete it:

    aws sts assume-root --target-principal ACCOUNT_ID --task-policy-arn \
        arn=arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials

Note: an inactive key counts too, since the root user can activate it again.
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
from vedette.resources.iam import IamAccount, RootUser


def account(*, keys: bool) -> IamAccount:
    root = RootUser(has_password=True, has_access_keys=keys, has_mfa=True)
    return IamAccount.sample(root_user=root)


@posture_rule(
    IamAccount,
    severity=Severity.CRITICAL,
    controls=(
        "cis_aws_5_0:1.3",
        "cis_aws_7_0:2.4",
        "fsbp:IAM.4",
        "nist_800_53_r5:AC-2(1)",
        "nist_800_53_r5:AC-3(7)",
        "nist_800_53_r5:AC-6",
        "nist_800_53_r5:AC-6(2)",
        "nist_800_53_r5:AC-6(10)",
    ),
    reads=((IamAccount, "root_user"),),
    examples=(
        Example("there is no key", account(keys=False), PASSED),
        Example("there is a key", account(keys=True), FAILED),
        Example(
            "the summary cannot be read",
            IamAccount.sample(root_user=Fact.unreadable("access denied")),
            UNKNOWN,
        ),
    ),
)
def rule(account: IamAccount, context: Context[NoParameters]) -> Judgement:
    if known(account.root_user).has_access_keys:
        return failed("The root user has an access key.")
    return passed("The root user has no access key.")
