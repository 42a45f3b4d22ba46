"""Security group does not open all ports to the internet.

Why: a group that lets everybody in on every port publishes whatever its members listen on, now and
later: databases, agents, debuggers. Scanners find a new open port within minutes.
Fix: allow the ports that the service offers and nothing else, then revoke the rule for all.

    aws ec2 revoke-security-group-ingress --group-id sg-ID --security-group-rule-ids sgr-ID

Note: all ports of TCP or all of UDP are enough to fail, whether one rule opens them or several do
together. Attached and unattached groups are judged alike: attaching takes one call. The internet
is 0.0.0.0/0, ::/0, and any ranges that together let in as many, such as two halves.
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
from vedette.resources.ec2 import SecurityGroup, exposure
from vedette.resources.network import Permission, whole_range

WORLD, WORLD6 = ("0.0.0.0/0",), ("::/0",)
HALVES = ("0.0.0.0/1", "128.0.0.0/1")


def group(*ingress: Permission, **facts: object) -> SecurityGroup:
    return SecurityGroup.sample(name="web", **{"ingress": ingress, "prefix_lists": {}} | facts)


def allow(
    protocol: str, first: int | None, last: int | None, cidrs: tuple[str, ...] = WORLD
) -> Permission:
    return Permission(protocol=protocol, from_port=first, to_port=last, cidrs=cidrs)


@posture_rule(
    SecurityGroup,
    severity=Severity.CRITICAL,
    controls=(
        "cis_aws_5_0:5.3",
        "cis_aws_5_0:5.4",
        "cis_aws_7_0:6.3",
        "cis_aws_7_0:6.4",
        "fsbp:EC2.18",
        "fsbp:EC2.19",
        "fsbp:EC2.53",
        "fsbp:EC2.54",
        "nist_800_53_r5:AC-4",
        "nist_800_53_r5:AC-4(21)",
        "nist_800_53_r5:CM-7",
        "nist_800_53_r5:SC-7",
        "nist_800_53_r5:SC-7(5)",
        "pci_dss_4_0_1:1.3.1",
        "soc_2:CC6.6",
    ),
    reads=((SecurityGroup, "ingress"), (SecurityGroup, "prefix_lists")),
    examples=(
        Example("no rules", group(), PASSED),
        Example("one port for everybody", group(allow("tcp", 443, 443)), PASSED),
        Example(
            "all ports for one network", group(allow("-1", None, None, ("10.0.0.0/8",))), PASSED
        ),
        Example(
            "all ports for another group",
            group(Permission(protocol="-1", groups=("sg-other",))),
            PASSED,
        ),
        Example("every protocol for everybody", group(allow("-1", None, None)), FAILED),
        Example("every protocol over IPv6", group(allow("-1", None, None, WORLD6)), FAILED),
        Example("every protocol for two halves", group(allow("-1", None, None, HALVES)), FAILED),
        Example("all TCP ports", group(allow("6", 0, 65535)), FAILED),
        Example("all UDP ports", group(allow("udp", 1, 65535)), FAILED),
        Example(
            "two ranges that meet",
            group(allow("tcp", 0, 1023), allow("tcp", 1024, 65535)),
            FAILED,
        ),
        Example(
            "two ranges with a gap",
            group(allow("tcp", 0, 21), allow("tcp", 23, 65535)),
            PASSED,
        ),
        Example(
            "a prefix list that nobody could read",
            group(
                Permission(protocol="-1", prefix_lists=("pl-1",)),
                prefix_lists=Fact.unreadable("AccessDenied"),
            ),
            UNKNOWN,
        ),
    ),
)
def rule(group: SecurityGroup, context: Context[NoParameters]) -> Judgement:
    openings = exposure(group, ("tcp", "udp"), whole_range)
    if openings:
        return failed(
            "The internet may reach every port.", openings=[one.evidence() for one in openings]
        )
    return passed("The internet may not reach every port.")
