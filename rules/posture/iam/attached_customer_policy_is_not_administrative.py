"""No customer managed policy in use gives full administration.

Why: a policy of one's own that allows everything is AdministratorAccess under another name, only
that those who look for administrators do not find it. Mostly it was meant to be narrowed later.
Fix: write a new version that allows what is used (IAM Access Analyzer makes one from CloudTrail)
and make it the default, or detach the policy.

    aws iam create-policy-version --policy-arn ARN --policy-document file://policy.json \
        --set-as-default
    aws iam list-entities-for-policy --policy-arn ARN

Note: Action "*", NotAction and chains of wildcards count alike, less what the policy denies. A
policy that is attached to nobody passes: it gives nothing to anyone.
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
from vedette.resources.iam import IamManagedPolicy
from vedette.resources.policy.parsing import parse_policy
from vedette.resources.policy.privileges import is_administrator

ANN = "arn:aws:iam::111122223333:user/ann"


def policy(*attached_to: str, allowed: str = "*", element: str = "Action") -> IamManagedPolicy:
    statement = {"Effect": "Allow", element: allowed, "Resource": "*"}
    return IamManagedPolicy.sample(
        id="arn:aws:iam::111122223333:policy/everything",
        by_aws=False,
        document=parse_policy({"Statement": [statement]}),
        attached_to=attached_to,
    )


@posture_rule(
    IamManagedPolicy,
    severity=Severity.HIGH,
    controls=(
        "cis_aws_5_0:1.15",
        "cis_aws_7_0:2.14",
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
    reads=((IamManagedPolicy, "attached_to"), (IamManagedPolicy, "document")),
    applies=lambda policy: not policy.by_aws,
    examples=(
        Example("it may read storage", policy(ANN, allowed="s3:Get*"), PASSED),
        Example(
            "it is attached to nobody",
            policy(),
            PASSED,
            regardless_of=((IamManagedPolicy, "document"),),
        ),
        Example("a user may do everything", policy(ANN), FAILED),
        Example("wildcards in a row", policy(ANN, allowed="*:*"), FAILED),
        Example("all but billing", policy(ANN, allowed="billing:*", element="NotAction"), FAILED),
        Example("all but IAM", policy(ANN, allowed="iam:*", element="NotAction"), PASSED),
        Example(
            "the document cannot be read",
            policy(ANN).with_facts({"document": Fact.unreadable("not answered")}),
            UNKNOWN,
        ),
    ),
)
def rule(policy: IamManagedPolicy, context: Context[NoParameters]) -> Judgement:
    principals = known(policy.attached_to)
    if not principals:
        return passed("The policy is attached to nobody.")
    if is_administrator(known(policy.document)):
        return failed(
            f"The policy makes administrators of {len(principals)} of the account's principals.",
            principals=principals,
        )
    return passed("The policy gives no full administration.")
