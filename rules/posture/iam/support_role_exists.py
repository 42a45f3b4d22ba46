"""A role may work with AWS Support.

Why: in an incident somebody must open a support case at once. Without a role for it, people wait
for the one who knows the root password, or work with far more rights than they need.
Fix: attach AWSSupportAccess to the role of your incident responders.

    aws iam attach-role-policy --role-name incident-response \
        --policy-arn arn:aws:iam::aws:policy/AWSSupportAccess
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
from vedette.resources.iam import IamAccount, IamManagedPolicy, is_aws_policy, is_role

SUPPORT = "AWSSupportAccess"
RESPONDER = "arn:aws:iam::111122223333:role/incident-response"
ADMINISTRATORS = "arn:aws:iam::111122223333:group/role/administrators"


def policy(arn: str, *principals: str) -> IamManagedPolicy:
    return IamManagedPolicy.sample(id=arn, arn=arn, by_aws=":aws:" in arn, attached_to=principals)


OTHER = policy("arn:aws:iam::aws:policy/ReadOnlyAccess", RESPONDER)
OWN = policy("arn:aws:iam::111122223333:policy/AWSSupportAccess", RESPONDER)
FOR_ROLE = policy("arn:aws:iam::aws:policy/AWSSupportAccess", ADMINISTRATORS, RESPONDER)
FOR_GROUP = policy("arn:aws:iam::aws:policy/AWSSupportAccess", ADMINISTRATORS)
UNREAD = FOR_ROLE.with_facts({"attached_to": Fact.unreadable("access denied")})
ACCOUNT = IamAccount.sample()


@posture_rule(
    IamAccount,
    severity=Severity.LOW,
    controls=("cis_aws_5_0:1.16", "cis_aws_7_0:2.15", "fsbp:IAM.18", "pci_dss_4_0_1:12.10.3"),
    reads=((IamManagedPolicy, "attached_to"),),
    examples=(
        Example("a role has it", ACCOUNT, PASSED, others=(OTHER, FOR_ROLE)),
        Example("only a group has it", ACCOUNT, FAILED, others=(FOR_GROUP,)),
        Example("nobody has it", ACCOUNT, FAILED, others=(OTHER,)),
        Example("a policy of one's own has its name", ACCOUNT, FAILED, others=(OWN,)),
        Example("attachments cannot be read", ACCOUNT, UNKNOWN, others=(UNREAD,)),
        Example("policies cannot be listed", ACCOUNT, UNKNOWN),
    ),
)
def rule(account: IamAccount, context: Context[NoParameters]) -> Judgement:
    roles = [
        principal
        for policy in context.inventory.all(IamManagedPolicy)
        if is_aws_policy(policy.arn, SUPPORT)
        for principal in known(policy.attached_to)
        if is_role(principal)
    ]
    if roles:
        return passed("A role may work with AWS Support.", roles=roles)
    return failed("No role has the policy AWSSupportAccess.")
