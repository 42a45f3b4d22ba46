"""Subnet assigns no public IPv4 addresses by default.

Why: in a subnet that hands out public addresses, everything that is launched without a second
thought stands on the internet.
Fix: switch automatic assignment off; what needs a public address gets one on purpose, by an Elastic
IP address or a load balancer.

    aws ec2 modify-subnet-attribute --subnet-id subnet-ID --no-map-public-ip-on-launch

Note: addresses that are in use stay. The default subnets of every region have it on.
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
from vedette.resources.vpc import Subnet


def subnet(assigns: bool | Fact[bool]) -> Subnet:
    return Subnet.sample(assigns_public_ipv4=assigns)


@posture_rule(
    Subnet,
    severity=Severity.MEDIUM,
    controls=(
        "fsbp:EC2.15",
        "nist_800_53_r5:AC-3",
        "nist_800_53_r5:AC-4",
        "nist_800_53_r5:AC-6",
        "nist_800_53_r5:AC-21",
        "nist_800_53_r5:SC-7",
        "pci_dss_4_0_1:1.4.4",
        "soc_2:CC6.6",
    ),
    reads=((Subnet, "assigns_public_ipv4"),),
    examples=(
        Example("it does not", subnet(False), PASSED),
        Example("it does", subnet(True), FAILED),
        Example("not answered", subnet(Fact.unreadable("not answered")), UNKNOWN),
    ),
)
def rule(subnet: Subnet, context: Context[NoParameters]) -> Judgement:
    if known(subnet.assigns_public_ipv4):
        return failed("Whatever is launched here gets a public address.")
    return passed("Nothing that is launched here gets a public address by default.")
