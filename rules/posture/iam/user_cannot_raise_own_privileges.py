"""The IAM user cannot raise its own privileges.

Why: a user who may rewrite policies, pass any role to a new function or change the code of any
function is an administrator in waiting. So is whoever gets hold of one of its access keys.
Fix: find the statement that allows the way named in the evidence, in the user's own policies or in
those of its groups, and narrow its resource to what the work is about; or set a permissions
boundary that leaves IAM out.

    aws iam put-user-permissions-boundary --user-name NAME --permissions-boundary ARN

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
from vedette.resources.iam import IamGroup, IamManagedPolicy, IamUser
from vedette.resources.iam_permissions import find_privileges
from vedette.resources.policy.document import PolicyDocument
from vedette.resources.policy.parsing import parse_policy

LIMIT = "arn:aws:iam::111122223333:policy/limit"
WORK = "arn:aws:iam::111122223333:policy/work"
SHOWN = 3


def allowing(*actions: str, effect: str = "Allow") -> PolicyDocument:
    return parse_policy({"Statement": [{"Effect": effect, "Action": actions, "Resource": "*"}]})


def user(*inline: PolicyDocument, boundary: str | None = None) -> IamUser:
    return IamUser.sample(
        groups=("developers",),
        attached_policies=(),
        inline_policies={f"inline-{number}": one for number, one in enumerate(inline)},
        permissions_boundary=boundary,
    )


def managed(arn: str, document: PolicyDocument) -> IamManagedPolicy:
    return IamManagedPolicy.sample(id=arn, arn=arn, by_aws=False, document=document)


def group(*attached: str) -> IamGroup:
    return IamGroup.sample(id="developers", attached_policies=attached, inline_policies={})


READ = allowing("s3:Get*")
PASS_ROLE = allowing("iam:PassRole")
NEW_FUNCTION = managed(WORK, allowing("lambda:CreateFunction", "lambda:InvokeFunction"))
READ_LIMIT = managed(LIMIT, allowing("s3:*", "lambda:*"))


@posture_rule(
    IamUser,
    severity=Severity.HIGH,
    reads=(
        (IamUser, "groups"),
        (IamUser, "attached_policies"),
        (IamUser, "inline_policies"),
        (IamUser, "permissions_boundary"),
        (IamGroup, "attached_policies"),
        (IamGroup, "inline_policies"),
        (IamManagedPolicy, "document"),
    ),
    examples=(
        Example(
            "it may read and create functions",
            user(READ),
            PASSED,
            others=(group(WORK), NEW_FUNCTION),
        ),
        Example(
            "the boundary leaves the way out",
            user(PASS_ROLE, boundary=LIMIT),
            PASSED,
            others=(group(WORK), NEW_FUNCTION, READ_LIMIT),
        ),
        Example(
            "a policy denies the way",
            user(PASS_ROLE, allowing("iam:*", effect="Deny")),
            PASSED,
            others=(group(WORK), NEW_FUNCTION),
        ),
        Example("it is an administrator", user(allowing("*")), PASSED, others=(group(),)),
        Example(
            "half of the way comes from a group",
            user(PASS_ROLE),
            FAILED,
            others=(group(WORK), NEW_FUNCTION),
        ),
        Example(
            "it may make itself a policy",
            user(allowing("iam:PutUserPolicy")),
            FAILED,
            others=(group(),),
        ),
        Example(
            "the group's policy was not answered",
            user(READ),
            UNKNOWN,
            others=(group(WORK), READ_LIMIT),
        ),
        Example(
            "inline policies cannot be read",
            user().with_facts({"inline_policies": Fact.unreadable("access denied")}),
            UNKNOWN,
            others=(group(),),
        ),
    ),
)
def rule(user: IamUser, context: Context[NoParameters]) -> Judgement:
    privileges = find_privileges(user, context.inventory)
    if privileges.administrator:
        return passed("The user is an administrator and has nothing left to gain.")
    if privileges.ways:
        shown = ", ".join(privileges.ways[:SHOWN])
        return failed(f"The user can gain more privileges by {shown}.", ways=privileges.ways)
    return passed("The user's policies open no known way to more privileges.")
