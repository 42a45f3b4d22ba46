"""Network ACL does not open all ports to the internet.

Why: an ACL that lets everything in adds nothing to the security groups behind it, so the first
group that is too wide is exposed without a second line.
Fix: let in the ports that the subnets serve and the range from which replies come, and delete the
entry for everything.

    aws ec2 replace-network-acl-entry --network-acl-id acl-ID --ingress --rule-number 100 \
        --protocol tcp --port-range From=443,To=443 --cidr-block 0.0.0.0/0 --rule-action allow

Note: all ports of TCP or all of UDP are enough to fail. Entries are taken in the order of their
numbers, and the first that matches decides, as AWS does. Every VPC's default ACL lets everything
in; ACLs without subnets are judged like others.
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
from vedette.resources.ec2 import NetworkAcl
from vedette.resources.network import AclEntry, acl_openings, whole_range


def acl(*entries: AclEntry) -> NetworkAcl:
    return NetworkAcl.sample(ingress=entries)


def everything(number: int, *, allows: bool, cidr: str = "0.0.0.0/0") -> AclEntry:
    return AclEntry(number=number, allows=allows, protocol="-1", cidr=cidr)


def tcp(number: int, first: int, last: int, *, allows: bool) -> AclEntry:
    return AclEntry(
        number=number, allows=allows, protocol="6", cidr="0.0.0.0/0", from_port=first, to_port=last
    )


LAST = everything(32767, allows=False)


@posture_rule(
    NetworkAcl,
    severity=Severity.MEDIUM,
    controls=(
        "cis_aws_5_0:5.2",
        "cis_aws_7_0:6.2",
        "fsbp:EC2.21",
        "nist_800_53_r5:AC-4(21)",
        "nist_800_53_r5:CA-9(1)",
        "nist_800_53_r5:CM-2",
        "nist_800_53_r5:CM-7",
        "nist_800_53_r5:SC-7",
        "nist_800_53_r5:SC-7(5)",
        "pci_dss_4_0_1:1.3.1",
        "soc_2:CC6.6",
    ),
    reads=((NetworkAcl, "ingress"),),
    examples=(
        Example("nothing is let in", acl(LAST), PASSED),
        Example("one port", acl(tcp(100, 443, 443, allows=True), LAST), PASSED),
        Example("from one network", acl(everything(100, allows=True, cidr="10.0.0.0/8")), PASSED),
        Example(
            "everything is denied first",
            acl(everything(90, allows=False), everything(100, allows=True)),
            PASSED,
        ),
        Example(
            "one TCP port is denied first",
            acl(
                tcp(90, 22, 22, allows=False),
                tcp(100, 0, 65535, allows=True),
                LAST,
            ),
            PASSED,
        ),
        Example("as AWS creates it", acl(everything(100, allows=True), LAST), FAILED),
        Example("over IPv6", acl(everything(101, allows=True, cidr="::/0"), LAST), FAILED),
        Example("all TCP ports", acl(tcp(100, 0, 65535, allows=True), LAST), FAILED),
        Example(
            "in two halves",
            acl(
                everything(100, allows=True, cidr="0.0.0.0/1"),
                everything(110, allows=True, cidr="128.0.0.0/1"),
            ),
            FAILED,
        ),
        Example(
            "not answered", NetworkAcl.sample(ingress=Fact.unreadable("not answered")), UNKNOWN
        ),
    ),
)
def rule(acl: NetworkAcl, context: Context[NoParameters]) -> Judgement:
    entries = known(acl.ingress)
    openings = [
        opening
        for protocol in ("tcp", "udp")
        for opening in whole_range(acl_openings(entries, protocol))
    ]
    if openings:
        return failed(
            "The internet may reach every port.", openings=[one.evidence() for one in openings]
        )
    return passed("The internet may not reach every port.")
