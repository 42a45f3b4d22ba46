"""The user's inline policies give no full administration.

Why: inline policies appear in no list of policies and survive every review of the managed ones,
which makes them the place where intruders, and people in a hurry, put a permission to do
everything.
Fix: replace the inline policy by a managed one that allows what is needed, then delete it.

    aws iam get-user-policy --user-name NAME --policy-name POLICY
    aws iam delete-user-policy --user-name NAME --policy-name POLICY
"""

from collections.abc import Mapping

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
from vedette.resources.policy.document import PolicyDocument
from vedette.resources.policy.parsing import parse_policy
from vedette.resources.policy.privileges import is_administrator


def user(**allowed: str) -> IamUser:
    policies: Mapping[str, PolicyDocument] = {
        name: parse_policy({"Statement": {"Effect": "Allow", "Action": action, "Resource": "*"}})
        for name, action in allowed.items()
    }
    return IamUser.sample(inline_policies=policies)


@posture_rule(
    IamUser,
    severity=Severity.HIGH,
    controls=(
        "fsbp:IAM.1",
        "nist_800_53_r5:AC-2",
        "nist_800_53_r5:AC-3",
        "nist_800_53_r5:AC-5",
        "nist_800_53_r5:AC-6",
        "nist_800_53_r5:AC-6(2)",
        "nist_800_53_r5:AC-6(10)",
        "soc_2:CC1.3",
        "soc_2:CC6.3",
    ),
    reads=((IamUser, "inline_policies"),),
    examples=(
        Example("no inline policy", user(), PASSED),
        Example("a narrow one", user(read="s3:Get*"), PASSED),
        Example("one of two allows everything", user(read="s3:Get*", work="*"), FAILED),
        Example(
            "the policies cannot be read",
            IamUser.sample(inline_policies=Fact.unreadable("access denied")),
            UNKNOWN,
        ),
    ),
)
def rule(user: IamUser, context: Context[NoParameters]) -> Judgement:
    policies = known(user.inline_policies)
    broad = sorted(name for name, document in policies.items() if is_administrator(document))
    if broad:
        return failed("An inline policy gives full administration.", policies=broad)
    return passed("No inline policy gives full administration.")
