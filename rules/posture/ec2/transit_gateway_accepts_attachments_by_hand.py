"""Transit gateway accepts attachments of other accounts by hand.

Why: with automatic acceptance, every account that the gateway is shared with can join the network
at any time, and with the default route table it then reaches whatever the others reach.
Fix: switch automatic acceptance off and accept each attachment after a look at it.

    aws ec2 modify-transit-gateway --transit-gateway-id tgw-ID \
        --options AutoAcceptSharedAttachments=disable

Note: attachments that exist already stay. A pipeline that accepts them after its own tests counts
as by hand.
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
from vedette.resources.ec2 import TransitGateway


def gateway(auto_accept: str | Fact[str]) -> TransitGateway:
    return TransitGateway.sample(auto_accept_shared_attachments=auto_accept)


@posture_rule(
    TransitGateway,
    severity=Severity.HIGH,
    controls=(
        "fsbp:EC2.23",
        "nist_800_53_r5:AC-4(21)",
        "nist_800_53_r5:CA-9(1)",
        "nist_800_53_r5:CM-2",
        "soc_2:CC6.7",
    ),
    reads=((TransitGateway, "auto_accept_shared_attachments"),),
    examples=(
        Example("by hand", gateway("disable"), PASSED),
        Example("automatically", gateway("enable"), FAILED),
        Example("not answered", gateway(Fact.unreadable("not answered")), UNKNOWN),
    ),
)
def rule(gateway: TransitGateway, context: Context[NoParameters]) -> Judgement:
    if known(gateway.auto_accept_shared_attachments) == "disable":
        return passed("Attachments of other accounts wait until somebody accepts them.")
    return failed("Attachments of other accounts are accepted without anybody looking at them.")
