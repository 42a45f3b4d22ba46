"""Mends of networks: what AWS puts into a new default security group and into every network ACL.

Source: Amazon VPC User Guide, "Default security groups for your VPCs" and "Network ACL basics".
"""

from vedette.aws.stand_in.call import Answer
from vedette.aws.stand_in.gaps.exchange import Exchange, Guard, Mend
from vedette.aws.stand_in.wire import Result

LAST_RULE = 32767
EVERYTHING = "-1"


def let_default_groups_trust_themselves(exchange: Exchange) -> Answer | None:
    """Let members of a new default group reach one another, which moto leaves out."""
    if exchange.call.service == "ec2":
        backend = exchange.backend("ec2")
        for groups in list(backend.groups.values()):
            for group in list(groups.values()):
                if group.is_default and group.id not in exchange.state.default_groups:
                    exchange.state.default_groups.add(group.id)
                    backend.authorize_security_group_ingress(
                        group.id, EVERYTHING, None, None, [], source_groups=[{"GroupId": group.id}]
                    )
    return None


def _end_with_a_denial(_: Exchange, result: Result) -> None:
    """End both directions of a network ACL with the rule that denies the rest."""
    for acl in result["NetworkAcls"]:
        for egress in (False, True):
            if (LAST_RULE, egress) not in {_rule(one) for one in acl["Entries"]}:
                acl["Entries"].append(
                    {
                        "CidrBlock": "0.0.0.0/0",
                        "Egress": egress,
                        "Protocol": EVERYTHING,
                        "RuleAction": "deny",
                        "RuleNumber": LAST_RULE,
                    }
                )


def _rule(entry: Result) -> tuple[int, bool]:
    return entry["RuleNumber"], entry["Egress"]


GUARDS: tuple[Guard, ...] = (let_default_groups_trust_themselves,)
MENDS: dict[str, Mend] = {"ec2:DescribeNetworkAcls": _end_with_a_denial}
