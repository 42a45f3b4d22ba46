"""Security group does not open high-risk ports to the internet.

Why: databases, file shares, mail, consoles and development servers are made for networks that trust
each other; open to everybody they are found and emptied within hours.
Fix: let in the groups or networks that use the service, and revoke the rule for everybody.

    aws ec2 authorize-security-group-ingress --group-id sg-ID --protocol tcp --port PORT \
        --source-group sg-CLIENTS
    aws ec2 revoke-security-group-ingress --group-id sg-ID --security-group-rule-ids sgr-ID

Note: the parameter `ports` holds the TCP ports; by default those of Security Hub's control EC2.19.
The internet is 0.0.0.0/0, ::/0, and any ranges that together let in as many, such as two halves.
"""

from vedette.posture.rule import (
    FAILED,
    PASSED,
    UNKNOWN,
    Context,
    Example,
    Fact,
    Judgement,
    Parameters,
    Severity,
    failed,
    passed,
    posture_rule,
)
from vedette.resources.ec2 import SecurityGroup, exposure
from vedette.resources.network import Permission, for_ports

FTP, MAIL, WINDOWS = (20, 21), (25, 110, 143), (135, 445, 3389)
SHELLS, DATABASES = (22, 23), (1433, 1434, 3306, 4333, 5432, 5500)
DEVELOPMENT, SEARCH = (3000, 5000, 8080, 8088, 8888), (5601, 9200, 9300)


class HighRiskPorts(Parameters):
    """TCP ports that nobody on the internet should reach."""

    ports: tuple[int, ...] = (
        *FTP,
        *MAIL,
        *WINDOWS,
        *SHELLS,
        *DATABASES,
        *DEVELOPMENT,
        *SEARCH,
    )


WORLD = ("0.0.0.0/0",)


def group(*ingress: Permission, **facts: object) -> SecurityGroup:
    return SecurityGroup.sample(name="db", **{"ingress": ingress, "prefix_lists": {}} | facts)


def tcp(first: int, last: int, cidrs: tuple[str, ...] = WORLD) -> Permission:
    return Permission(protocol="tcp", from_port=first, to_port=last, cidrs=cidrs)


@posture_rule(
    SecurityGroup,
    severity=Severity.HIGH,
    controls=(
        "fsbp:EC2.19",
        "nist_800_53_r5:AC-4",
        "nist_800_53_r5:CA-9(1)",
        "nist_800_53_r5:CM-2",
        "nist_800_53_r5:CM-7",
        "nist_800_53_r5:SC-7",
        "nist_800_53_r5:SC-7(5)",
        "soc_2:CC6.6",
    ),
    reads=((SecurityGroup, "ingress"), (SecurityGroup, "prefix_lists")),
    parameters=HighRiskPorts,
    examples=(
        Example("HTTPS for everybody", group(tcp(443, 443)), PASSED),
        Example("a database for one network", group(tcp(5432, 5432, ("10.0.0.0/16",))), PASSED),
        Example("a database for everybody", group(tcp(5432, 5432)), FAILED),
        Example("over IPv6", group(tcp(9200, 9200, ("::/0",))), FAILED),
        Example("within a range", group(tcp(1024, 65535)), FAILED),
        Example("every protocol", group(Permission(protocol="-1", cidrs=WORLD)), FAILED),
        Example(
            "a port that the user names",
            group(tcp(6379, 6379)),
            FAILED,
            parameters=HighRiskPorts(ports=(6379,)),
        ),
        Example(
            "a port that the user does not name",
            group(tcp(5432, 5432)),
            PASSED,
            parameters=HighRiskPorts(ports=(6379,)),
        ),
        Example("not read", group(ingress=Fact.unreadable("not answered")), UNKNOWN),
    ),
)
def rule(group: SecurityGroup, context: Context[HighRiskPorts]) -> Judgement:
    openings = exposure(group, ("tcp",), for_ports(context.parameters.ports))
    if openings:
        ports = ", ".join(one.ports for one in openings)
        return failed(
            f"The internet may reach TCP {ports}.",
            openings=[one.evidence() for one in openings],
        )
    return passed("The internet may reach none of the high-risk ports.")
