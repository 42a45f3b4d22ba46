"""EC2 instance does not expose CIFS to the internet.

Why: file sharing (TCP 139 and 445) has brought the worst worms there were, WannaCry among them; no
file server should be reachable from the internet.
Fix: revoke the rules that let the internet in, and offer the share over a VPN or Amazon FSx.

    aws ec2 revoke-security-group-ingress --group-id sg-ID --security-group-rule-ids sgr-ID

Note: an instance counts as exposed if one of its network interfaces has a public IPv4 address (or
a global IPv6 address) and that interface's groups together let the internet in over the same
family. Routes, network ACLs and the firewall inside the instance are not looked at.
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
from vedette.resources.ec2 import Ec2Instance, Interface, SecurityGroup, instance_exposure
from vedette.resources.network import Permission, for_ports

CIFS = for_ports((139, 445))


def instance(
    *groups: str, ipv4: tuple[str, ...] = ("198.51.100.7",), ipv6: tuple[str, ...] = ()
) -> Ec2Instance:
    interface = Interface(id="eni-1", ipv4=ipv4, ipv6=ipv6, groups=groups)
    return Ec2Instance.sample(interfaces=(interface,))


def group(group_id: str, *cidrs: str, ports: tuple[int, int] = (445, 445)) -> SecurityGroup:
    first, last = ports
    permission = Permission(protocol="tcp", from_port=first, to_port=last, cidrs=cidrs)
    return SecurityGroup.sample(id=group_id, name=group_id, ingress=(permission,), prefix_lists={})


OPEN = group("sg-open", "0.0.0.0/0")
OPEN6 = group("sg-open6", "::/0")
WEB = group("sg-web", "0.0.0.0/0", ports=(443, 443))
UNREAD = SecurityGroup.sample(
    id="sg-unread", name="unread", ingress=Fact.unreadable("not answered"), prefix_lists={}
)
LISTED = SecurityGroup.sample(
    id="sg-listed",
    name="listed",
    ingress=(Permission(protocol="tcp", from_port=445, to_port=445, prefix_lists=("pl-1",)),),
    prefix_lists={"pl-1": ("0.0.0.0/0",)},
)
PRIVATE: tuple[str, ...] = ()


@posture_rule(
    Ec2Instance,
    severity=Severity.CRITICAL,
    controls=("cis_aws_5_0:5.1.2", "cis_aws_7_0:6.1.2", "soc_2:CC6.6"),
    reads=(
        (Ec2Instance, "interfaces"),
        (SecurityGroup, "ingress"),
        (SecurityGroup, "prefix_lists"),
    ),
    examples=(
        Example("other ports are open", instance("sg-web"), PASSED, others=(WEB,)),
        Example(
            "open, but without a public address",
            instance("sg-open", ipv4=PRIVATE),
            PASSED,
            others=(OPEN,),
            regardless_of=((SecurityGroup, "ingress"), (SecurityGroup, "prefix_lists")),
        ),
        Example("open to IPv6, public over IPv4", instance("sg-open6"), PASSED, others=(OPEN6,)),
        Example("open and public", instance("sg-web", "sg-open"), FAILED, others=(WEB, OPEN)),
        Example(
            "open and public over IPv6",
            instance("sg-open6", ipv4=PRIVATE, ipv6=("2a05:d018::1",)),
            FAILED,
            others=(OPEN6,),
        ),
        Example(
            "139 within a range",
            instance("sg-range"),
            FAILED,
            others=(group("sg-range", "0.0.0.0/0", ports=(1, 1023)),),
        ),
        Example(
            "two groups that are open together",
            instance("sg-low", "sg-high"),
            FAILED,
            others=(group("sg-low", "0.0.0.0/1"), group("sg-high", "128.0.0.0/1")),
        ),
        Example("open through a prefix list", instance("sg-listed"), FAILED, others=(LISTED,)),
        Example(
            "one group is open, another was not read",
            instance("sg-unread", "sg-open"),
            FAILED,
            others=(UNREAD, OPEN),
        ),
        Example("one group was not read", instance("sg-unread"), UNKNOWN, others=(UNREAD,)),
        Example("a group of another account", instance("sg-theirs"), UNKNOWN, others=(WEB,)),
    ),
)
def rule(instance: Ec2Instance, context: Context[NoParameters]) -> Judgement:
    exposed = instance_exposure(instance, context.inventory, "tcp", CIFS)
    if not exposed:
        return passed("The internet may not reach TCP ports 139 and 445 of this instance.")
    ports = sorted({one.first for openings in exposed.values() for one in openings})
    return failed(
        f"The internet may reach TCP {', '.join(map(str, ports))} of this instance.",
        interfaces={
            interface: [one.evidence() for one in openings]
            for interface, openings in exposed.items()
        },
    )
