"""The IAM role cannot raise its own privileges.

Why: roles are lent to code. A function or a build that may pass any role, or change any function,
is one injected command away from being the administrator of the account.
Fix: find the statement that allows the way named in the evidence and narrow its resource to what
the work is about; or set a permissions boundary that leaves IAM out.

    aws iam put-role-permissions-boundary --role-name NAME --permissions-boundary ARN

Note: judged are all policies together, what they deny and the boundary included; service control
policies are not. Administrators pass, having nothing left to gain: other rules name them.
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
    passed,
    posture_rule,
)
from vedette.resources.iam import IamManagedPolicy, IamRole
from vedette.resources.iam_permissions import find_privileges
from vedette.resources.policy.document import PolicyDocument
from vedette.resources.policy.parsing import parse_policy

LIMIT = "arn:aws:iam::111122223333:policy/limit"
WORK = "arn:aws:iam::111122223333:policy/work"
SHOWN = 3


def allowing(*actions: str) -> PolicyDocument:
    return parse_policy({"Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]})


def role(*inline: PolicyDocument, boundary: str | None = None) -> IamRole:
    return IamRole.sample(
        attached_policies=(WORK,),
        inline_policies={f"inline-{number}": one for number, one in enumerate(inline)},
        permissions_boundary=boundary,
    )


def managed(arn: str, *actions: str) -> IamManagedPolicy:
    return IamManagedPolicy.sample(id=arn, arn=arn, by_aws=False, document=allowing(*actions))


READ_WORK = managed(WORK, "s3:Get*")
BUILD_WORK = managed(WORK, "codebuild:CreateProject", "codebuild:StartBuildBatch")
READ_LIMIT = managed(LIMIT, "s3:*", "codebuild:CreateProject")
READ = allowing("s3:List*")
PASS_ROLE = allowing("iam:PassRole")


@posture_rule(
    IamRole,
    severity=Severity.HIGH,
    reads=(
        (IamRole, "attached_policies"),
        (IamRole, "inline_policies"),
        (IamRole, "permissions_boundary"),
        (IamManagedPolicy, "document"),
    ),
    examples=(
        Example("it may read storage", role(READ), PASSED, others=(READ_WORK,)),
        Example(
            "the boundary leaves the way out",
            role(PASS_ROLE, boundary=LIMIT),
            PASSED,
            others=(BUILD_WORK, READ_LIMIT),
        ),
        Example("it is an administrator", role(allowing("*")), PASSED, others=(READ_WORK,)),
        Example("it may pass roles to builds", role(PASS_ROLE), FAILED, others=(BUILD_WORK,)),
        Example(
            "an administrator within a boundary that holds a way",
            role(allowing("*"), boundary=LIMIT),
            FAILED,
            others=(READ_WORK, managed(LIMIT, "iam:PutRolePolicy")),
        ),
        Example("its policy was not answered", role(READ), UNKNOWN, others=(READ_LIMIT,)),
        Example(
            "inline policies cannot be read",
            role().with_facts({"inline_policies": Fact.unreadable("access denied")}),
            UNKNOWN,
            others=(READ_WORK,),
        ),
    ),
)
def rule(role: IamRole, context: Context[NoParameters]) -> Judgement:
    privileges = find_privileges(role, context.inventory)
    if privileges.administrator:
        return passed("The role is an administrator and has nothing left to gain.")
    if privileges.ways:
        shown = ", ".join(privileges.ways[:SHOWN])
        return failed(f"The role can gain more privileges by {shown}.", ways=privileges.ways)
    return passed("The role's policies open no known way to more privileges.")
