"""No AWS managed policy in use gives full administration.

Why: whoever has AdministratorAccess can do everything, switch off every guard and wipe the traces.
Each principal that has it is a way to lose the whole account.
Fix: give daily work a policy of its own (IAM Access Analyzer writes one from CloudTrail), and keep
administration to one role that people assume for a while, with MFA.

    aws iam detach-user-policy --user-name NAME \
        --policy-arn arn:aws:iam::aws:policy/AdministratorAccess
    aws accessanalyzer start-policy-generation --policy-generation-details principalArn=ARN

Note: a role for administrators that is meant to be one fails as well. Suppress this rule for the
policy with a reason, once those it is attached to are the ones that you expect.
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


def policy(*attached_to: str, action: str = "*") -> IamManagedPolicy:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return IamManagedPolicy.sample(
        id="arn:aws:iam::aws:policy/AdministratorAccess",
        by_aws=True,
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
    applies=lambda policy: policy.by_aws,
    examples=(
        Example("it may read storage", policy(ANN, action="s3:Get*"), PASSED),
        Example(
            "it serves as a boundary only",
            policy(),
            PASSED,
            regardless_of=((IamManagedPolicy, "document"),),
        ),
        Example("a user may do everything", policy(ANN), FAILED),
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
