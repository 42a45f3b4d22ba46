"""The customer managed policy opens no way to more privileges.

Why: some harmless looking actions make an administrator of whoever has them on every resource:
write a policy version, pass any role to a new function, change the code of any function.
Fix: narrow the resource to the roles, users or functions that the work is about; let iam:PassRole
name the role and the service it is passed to; set a permissions boundary by condition.

    aws iam create-policy-version --policy-arn ARN --policy-document file://policy.json \
        --set-as-default

Note: judged is what the policy allows by itself, less what it denies. Administrators are left to
`iam/attached_customer_policy_is_not_administrative`; a policy attached to nobody passes.
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
from vedette.resources.policy.privileges import escalation_paths, is_administrator

ANN = "arn:aws:iam::111122223333:user/ann"
ONE_ROLE = "arn:aws:iam::111122223333:role/batch"
SHOWN = 3


def policy(*actions: str, resource: str = "*", attached: bool = True) -> IamManagedPolicy:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return IamManagedPolicy.sample(
        by_aws=False,
        document=parse_policy({"Statement": [statement]}),
        attached_to=(ANN,) if attached else (),
    )


PASSING = ("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction")
UNREAD = policy("s3:Get*").with_facts({"document": Fact.unreadable("not answered")})


@posture_rule(
    IamManagedPolicy,
    severity=Severity.HIGH,
    reads=((IamManagedPolicy, "attached_to"), (IamManagedPolicy, "document")),
    applies=lambda policy: not policy.by_aws,
    examples=(
        Example("it may read storage", policy("s3:Get*"), PASSED),
        Example("it may pass one role", policy("iam:PassRole", resource=ONE_ROLE), PASSED),
        Example("it makes administrators", policy("*"), PASSED),
        Example(
            "it is attached to nobody",
            policy("iam:CreatePolicyVersion", attached=False),
            PASSED,
            regardless_of=((IamManagedPolicy, "document"),),
        ),
        Example("it may write policy versions", policy("iam:CreatePolicyVersion"), FAILED),
        Example("it may pass any role to a function", policy(*PASSING), FAILED),
        Example("a wildcard hides the action", policy("iam:*Policy*"), FAILED),
        Example("the document cannot be read", UNREAD, UNKNOWN),
    ),
)
def rule(policy: IamManagedPolicy, context: Context[NoParameters]) -> Judgement:
    if not known(policy.attached_to):
        return passed("The policy is attached to nobody.")
    document = known(policy.document)
    if is_administrator(document):
        return passed("The policy makes administrators, who have nothing left to gain.")
    ways = escalation_paths((document,))
    if ways:
        return failed(
            f"The policy opens ways to more privileges: {', '.join(ways[:SHOWN])}.", ways=ways
        )
    return passed("The policy opens no known way to more privileges.")
