"""Network ACL does not open SSH to the internet.

Why: as long as the ACL keeps port 22 shut to the internet, a security group that is opened by
mistake exposes nobody's shell.
Fix: deny the port before the entry that lets it in, or narrow that entry to your own network.

    aws ec2 create-network-acl-entry --network-acl-id acl-ID --ingress --rule-number 90 \
        --protocol tcp --port-range From=22,To=22 --cidr-block 0.0.0.0/0 --rule-action deny
    aws ec2 create-network-acl-entry --network-acl-id acl-ID --ingress --rule-number 91 \
        --protocol tcp --port-range From=22,To=22 --ipv6-cidr-block ::/0 --rule-action deny

Note: entries are taken in the order of their numbers, and the first that matches decides, as AWS
does. ACLs without subnets are judged like others.
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
from vedette.resources.network import AclEntry, acl_openings, on_ports

PORT = 22


def acl(*entries: AclEntry) -> NetworkAcl:
    return NetworkAcl.sample(ingress=entries)


def everything(number: int, *, allows: bool, cidr: str = "0.0.0.0/0") -> AclEntry:
    return AclEntry(number=number, allows=allows, protocol="-1", cidr=cidr)


def ssh(number: int, *, allows: bool, cidr: str = "0.0.0.0/0") -> AclEntry:
    return AclEntry(
        number=number, allows=allows, protocol="6", cidr=cidr, from_port=PORT, to_port=PORT
    )


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
        Example("no entries", acl(), PASSED),
        Example("for one network", acl(ssh(100, allows=True, cidr="203.0.113.0/24")), PASSED),
        Example(
            "denied before everything is let in",
            acl(ssh(90, allows=False), everything(100, allows=True)),
            PASSED,
        ),
        Example(
            "denied after everything is let in",
            acl(ssh(110, allows=False), everything(100, allows=True)),
            FAILED,
        ),
        Example(
            "denied to one network only",
            acl(ssh(90, allows=False, cidr="203.0.113.0/24"), everything(100, allows=True)),
            FAILED,
        ),
        Example(
            "denied for IPv4 only",
            acl(
                ssh(90, allows=False),
                everything(100, allows=True),
                everything(101, allows=True, cidr="::/0"),
            ),
            FAILED,
        ),
        Example("let in", acl(ssh(100, allows=True)), FAILED),
        Example(
            "not answered", NetworkAcl.sample(ingress=Fact.unreadable("not answered")), UNKNOWN
        ),
    ),
)
def rule(acl: NetworkAcl, context: Context[NoParameters]) -> Judgement:
    openings = on_ports(acl_openings(known(acl.ingress), "tcp"), (PORT,))
    if openings:
        return failed(
            "The internet may reach TCP port 22 (SSH).",
            openings=[one.evidence() for one in openings],
        )
    return passed("The internet may not reach TCP port 22 (SSH).")
