"""Security group does not open RDP to the internet.

Why: Remote Desktop open to everybody is the classic way in for ransomware: passwords are guessed at
all hours, and its flaws (BlueKeep was one) need no password at all.
Fix: reach Windows servers through Fleet Manager or a Session Manager tunnel and revoke the rule, or
allow the addresses of your own network only.

    aws ec2 revoke-security-group-ingress --group-id sg-ID --security-group-rule-ids sgr-ID

Note: any rule for TCP that contains the port counts, rules for all protocols too. Attached and
unattached groups are judged alike. The internet is 0.0.0.0/0, ::/0, and any ranges that together
let in as many, such as two halves.
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
from vedette.resources.network import Permission, for_ports

RDP = for_ports((3389,))
WORLD, WORLD6 = ("0.0.0.0/0",), ("::/0",)


def group(*ingress: Permission, **facts: object) -> SecurityGroup:
    return SecurityGroup.sample(name="web", **{"ingress": ingress, "prefix_lists": {}} | facts)


def rdp(*cidrs: str, lists: tuple[str, ...] = ()) -> Permission:
    return Permission(protocol="tcp", from_port=3389, to_port=3389, cidrs=cidrs, prefix_lists=lists)


def everybody(protocol: str, first: int | None = None, last: int | None = None) -> Permission:
    return Permission(protocol=protocol, from_port=first, to_port=last, cidrs=WORLD)


@posture_rule(
    SecurityGroup,
    severity=Severity.HIGH,
    controls=(
        "cis_aws_5_0:5.3",
        "cis_aws_5_0:5.4",
        "cis_aws_7_0:6.3",
        "cis_aws_7_0:6.4",
        "fsbp:EC2.14",
        "fsbp:EC2.53",
        "fsbp:EC2.54",
        "nist_800_53_r5:AC-4",
        "nist_800_53_r5:CM-7",
        "nist_800_53_r5:SC-7",
        "nist_800_53_r5:SC-7(5)",
        "nist_800_53_r5:SC-7(11)",
        "nist_800_53_r5:SC-7(16)",
        "pci_dss_4_0_1:1.3.1",
        "soc_2:CC6.6",
    ),
    reads=((SecurityGroup, "ingress"), (SecurityGroup, "prefix_lists")),
    examples=(
        Example("for one network", group(rdp("203.0.113.0/24")), PASSED),
        Example("HTTPS for everybody", group(everybody("tcp", 443, 443)), PASSED),
        Example("UDP for everybody", group(everybody("udp", 3389, 3389)), PASSED),
        Example(
            "a prefix list of one network",
            group(rdp(lists=("pl-1",)), prefix_lists={"pl-1": ("203.0.113.0/24",)}),
            PASSED,
        ),
        Example("for everybody", group(rdp(*WORLD)), FAILED),
        Example("for everybody over IPv6", group(rdp(*WORLD6)), FAILED),
        Example("for two halves", group(rdp("0.0.0.0/1"), rdp("128.0.0.0/1")), FAILED),
        Example("within a range", group(everybody("6", 3000, 4000)), FAILED),
        Example("within every protocol", group(everybody("-1")), FAILED),
        Example(
            "a prefix list of everybody",
            group(rdp(lists=("pl-1",)), prefix_lists={"pl-1": WORLD}),
            FAILED,
        ),
        Example(
            "for everybody, beside a prefix list that nobody could read",
            group(rdp(*WORLD, lists=("pl-1",)), prefix_lists=Fact.unreadable("AccessDenied")),
            FAILED,
        ),
        Example(
            "a prefix list that nobody could read",
            group(rdp(lists=("pl-1",)), prefix_lists=Fact.unreadable("AccessDenied")),
            UNKNOWN,
        ),
    ),
)
def rule(group: SecurityGroup, context: Context[NoParameters]) -> Judgement:
    openings = exposure(group, ("tcp",), RDP)
    if openings:
        return failed(
            "The internet may reach TCP port 3389 (RDP).",
            openings=[one.evidence() for one in openings],
        )
    return passed("The internet may not reach TCP port 3389 (RDP).")
