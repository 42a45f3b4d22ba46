"""EC2 instance has no public IPv4 address.

Why: an instance with a public address can be reached from the internet as soon as one rule of one
security group lets it; behind a load balancer or without an address a slip stays harmless.
Fix: put the instance into a private subnet and publish it through a load balancer; reach it with
Session Manager. Elastic IP addresses can be taken away at once, automatic ones only by launching
the instance anew.

    aws ec2 disassociate-address --association-id eipassoc-ID
    aws ec2 modify-network-interface-attribute --network-interface-id eni-ID \
        --no-associate-public-ip-address

Note: IPv6 addresses are not judged here: they are global by nature, and egress-only gateways close
them. Bastions and NAT instances need a public address: suppress this for exactly those.
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
from vedette.resources.ec2 import Ec2Instance, Interface


def instance(*interfaces: Interface) -> Ec2Instance:
    return Ec2Instance.sample(interfaces=interfaces)


PRIVATE = Interface(id="eni-private", ipv6=("2a05:d018::1",))
PUBLIC = Interface(id="eni-public", ipv4=("198.51.100.7",))


@posture_rule(
    Ec2Instance,
    severity=Severity.MEDIUM,
    controls=(
        "fsbp:EC2.9",
        "nist_800_53_r5:AC-3",
        "nist_800_53_r5:AC-4",
        "nist_800_53_r5:AC-6",
        "nist_800_53_r5:AC-21",
        "nist_800_53_r5:SC-7",
        "soc_2:CC6.6",
    ),
    reads=((Ec2Instance, "interfaces"),),
    examples=(
        Example("no public address", instance(PRIVATE), PASSED),
        Example("a public address", instance(PUBLIC), FAILED),
        Example("on the second interface", instance(PRIVATE, PUBLIC), FAILED),
        Example(
            "not answered",
            Ec2Instance.sample(interfaces=Fact.unreadable("not answered")),
            UNKNOWN,
        ),
    ),
)
def rule(instance: Ec2Instance, context: Context[NoParameters]) -> Judgement:
    public = {one.id: one.ipv4 for one in known(instance.interfaces) if one.ipv4}
    if not public:
        return passed("The instance has no public IPv4 address.")
    addresses = sorted(address for found in public.values() for address in found)
    return failed(f"The instance has {', '.join(addresses)}.", public_addresses=public)
