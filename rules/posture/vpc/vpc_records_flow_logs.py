"""VPC records flow logs.

Why: flow logs are the only record of who talked to whom in a network; without them nobody can say
after an intrusion where the intruder came from, went to, and sent the loot.
Fix: make a flow log for the whole VPC that records at least rejected traffic.

    aws ec2 create-flow-logs --resource-type VPC --resource-ids vpc-ID --traffic-type ALL \
        --log-destination-type s3 --log-destination arn:aws:s3:::BUCKET

Note: the log must be active, deliver, and record rejected traffic (REJECT or ALL). Flow logs of
single subnets or interfaces do not count, since new ones would not be covered. VPCs that another
account shares with this one are judged in that account.
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
from vedette.resources.vpc import FlowLog, Vpc


def vpc(*logs: FlowLog) -> Vpc:
    return Vpc.sample(flow_logs=logs)


def log(traffic: str = "ALL", delivery: str | None = "SUCCESS", status: str = "ACTIVE") -> FlowLog:
    return FlowLog(id="fl-1", status=status, traffic=traffic, delivery=delivery)


@posture_rule(
    Vpc,
    severity=Severity.MEDIUM,
    controls=(
        "cis_aws_5_0:3.7",
        "cis_aws_7_0:4.7",
        "fsbp:EC2.6",
        "nist_800_53_r5:AC-4(26)",
        "nist_800_53_r5:AU-2",
        "nist_800_53_r5:AU-3",
        "nist_800_53_r5:AU-12",
        "nist_800_53_r5:CA-7",
        "nist_800_53_r5:SI-7(8)",
        "soc_2:CC7.2",
        "soc_2:CC7.3",
    ),
    reads=((Vpc, "flow_logs"),),
    examples=(
        Example("all traffic", vpc(log()), PASSED),
        Example("rejected traffic", vpc(log("REJECT")), PASSED),
        Example("nothing delivered yet", vpc(log(delivery=None)), PASSED),
        Example("one that fails beside one that works", vpc(log(delivery="FAILED"), log()), PASSED),
        Example("none", vpc(), FAILED),
        Example("accepted traffic only", vpc(log("ACCEPT")), FAILED),
        Example("delivery fails", vpc(log(delivery="FAILED")), FAILED),
        Example("not active", vpc(log(status="INACTIVE")), FAILED),
        Example("access is denied", Vpc.sample(flow_logs=Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(vpc: Vpc, context: Context[NoParameters]) -> Judgement:
    logs = known(vpc.flow_logs)
    if not logs:
        return failed("The VPC has no flow log.")
    shortcomings = {one.id: _shortcoming(one) for one in logs}
    if None in shortcomings.values():
        return passed("A flow log records the VPC's traffic.")
    return failed("No flow log of the VPC does what it should.", flow_logs=shortcomings)


def _shortcoming(log: FlowLog) -> str | None:
    if log.status != "ACTIVE":
        return f"it is {log.status}"
    if log.delivery == "FAILED":
        return f"its delivery fails ({log.problem or 'no reason given'})"
    if log.traffic == "ACCEPT":
        return "it leaves rejected traffic out"
    return None
