"""The IAM user gets permissions through groups alone.

Why: policies on single users are what nobody reviews: each is one of its kind, and they pile up as
people change teams. Groups and roles say what a job may do, for everyone who has it.
Fix: put the user into a group that has the policy, then detach it from the user and delete inline
policies. People are better off with a role, reached through IAM Identity Center.

    aws iam add-user-to-group --user-name NAME --group-name GROUP
    aws iam detach-user-policy --user-name NAME --policy-arn ARN
    aws iam delete-user-policy --user-name NAME --policy-name POLICY
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
from vedette.resources.iam import IamUser
from vedette.resources.policy.parsing import parse_policy

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
INLINE = {
    "list": parse_policy(
        {"Statement": {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}}
    )
}

CLEAN = IamUser.sample(attached_policies=(), inline_policies={})


@posture_rule(
    IamUser,
    severity=Severity.LOW,
    controls=(
        "cis_aws_5_0:1.14",
        "cis_aws_7_0:2.13",
        "fsbp:IAM.2",
        "nist_800_53_r5:AC-2",
        "nist_800_53_r5:AC-2(1)",
        "nist_800_53_r5:AC-3",
        "nist_800_53_r5:AC-3(7)",
        "nist_800_53_r5:AC-6",
        "nist_800_53_r5:AC-6(3)",
        "soc_2:CC1.3",
    ),
    reads=((IamUser, "attached_policies"), (IamUser, "inline_policies")),
    examples=(
        Example("no policy of its own", CLEAN, PASSED),
        Example(
            "a managed policy is attached",
            IamUser.sample(attached_policies=(READ_ONLY,), inline_policies={}),
            FAILED,
        ),
        Example(
            "it has an inline policy",
            IamUser.sample(attached_policies=(), inline_policies=INLINE),
            FAILED,
        ),
        Example(
            "inline policies cannot be read",
            CLEAN.with_facts({"inline_policies": Fact.unreadable("access denied")}),
            UNKNOWN,
        ),
    ),
)
def rule(user: IamUser, context: Context[NoParameters]) -> Judgement:
    attached = known(user.attached_policies)
    inline = sorted(known(user.inline_policies))
    if attached or inline:
        return failed(
            f"The user has policies of its own ({len(attached)} attached, {len(inline)} inline).",
            attached=attached,
            inline=inline,
        )
    return passed("The user has no policy of its own.")
