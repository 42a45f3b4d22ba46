"""Default security group has no rules.

Why: whatever is launched without naming a group lands in the VPC's default one; as long as that
group has rules, such leftovers can talk to each other and to the internet unseen.
Fix: move its members to groups of their own, then revoke all its rules, inbound and outbound.

    aws ec2 revoke-security-group-ingress --group-id sg-ID --security-group-rule-ids sgr-ID
    aws ec2 revoke-security-group-egress --group-id sg-ID --security-group-rule-ids sgr-ID

Note: AWS creates the group with rules in every VPC, default VPCs in unused regions too; deleting a
VPC that nobody uses deletes its group.
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
from vedette.resources.ec2 import SecurityGroup
from vedette.resources.network import Permission

ANYWHERE = (Permission(protocol="-1", cidrs=("0.0.0.0/0",)),)
MEMBERS = (Permission(protocol="-1", groups=("sg-default",)),)


def group(
    ingress: tuple[Permission, ...], egress: tuple[Permission, ...] | Fact[tuple[Permission, ...]]
) -> SecurityGroup:
    return SecurityGroup.sample(name="default", ingress=ingress, egress=egress)


@posture_rule(
    SecurityGroup,
    severity=Severity.MEDIUM,
    controls=(
        "cis_aws_5_0:5.5",
        "cis_aws_7_0:6.5",
        "fsbp:EC2.2",
        "nist_800_53_r5:AC-4",
        "nist_800_53_r5:AC-4(21)",
        "nist_800_53_r5:SC-7",
        "nist_800_53_r5:SC-7(5)",
    ),
    reads=((SecurityGroup, "ingress"), (SecurityGroup, "egress")),
    applies=SecurityGroup.is_default,
    examples=(
        Example("no rules", group((), ()), PASSED),
        Example("as AWS creates it", group(MEMBERS, ANYWHERE), FAILED),
        Example("outbound rules only", group((), ANYWHERE), FAILED),
        Example("inbound rules only", group(MEMBERS, ()), FAILED),
        Example("not answered", group((), Fact.unreadable("not answered")), UNKNOWN),
    ),
)
def rule(group: SecurityGroup, context: Context[NoParameters]) -> Judgement:
    inbound, outbound = len(known(group.ingress)), len(known(group.egress))
    if not inbound and not outbound:
        return passed("The group has no rules.")
    return failed(
        f"The group has {inbound} inbound and {outbound} outbound permissions.",
        inbound=inbound,
        outbound=outbound,
    )
