"""Routes over a VPC peering connection are narrow.

Why: a route to the whole network at the other end lets an intruder in one VPC try every machine in
the other; routes to the subnets that are needed keep the damage on one side.
Fix: replace the route by routes to the subnets or hosts that this VPC talks to.

    aws ec2 delete-route --route-table-id rtb-ID --destination-cidr-block WHOLE-BLOCK
    aws ec2 create-route --route-table-id rtb-ID --destination-cidr-block SUBNET-BLOCK \
        --vpc-peering-connection-id pcx-ID

Note: routes fail that, together in one table, cover a whole address block of the VPC at the other
end, the default route among them. Only this account's tables in this region can be seen; the other
side is judged in its own account and region.
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
from vedette.resources.vpc import (
    PeeredVpc,
    PeeringRoute,
    VpcPeeringConnection,
    blocks_reached_whole,
    destinations_by_table,
)

OURS = PeeredVpc(vpc="vpc-ours", account="111122223333", cidrs=("10.1.0.0/16",))
THEIRS = PeeredVpc(
    vpc="vpc-theirs", account="444455556666", cidrs=("10.2.0.0/16", "2a05:d018:1::/56")
)


def connection(*destinations: str) -> VpcPeeringConnection:
    return VpcPeeringConnection.sample(
        peers=(OURS, THEIRS),
        routes=tuple(
            PeeringRoute(table="rtb-1", vpc="vpc-ours", destinations=(one,)) for one in destinations
        ),
    )


@posture_rule(
    VpcPeeringConnection,
    severity=Severity.MEDIUM,
    controls=("cis_aws_5_0:5.6", "cis_aws_7_0:6.6"),
    reads=((VpcPeeringConnection, "peers"), (VpcPeeringConnection, "routes")),
    examples=(
        Example("one subnet", connection("10.2.3.0/24"), PASSED),
        Example(
            "no routes",
            connection(),
            PASSED,
            regardless_of=((VpcPeeringConnection, "peers"),),
        ),
        Example("the whole block", connection("10.2.0.0/16"), FAILED),
        Example("more than the whole block", connection("10.0.0.0/8"), FAILED),
        Example("the default route", connection("0.0.0.0/0"), FAILED),
        Example(
            "the whole block in two halves", connection("10.2.0.0/17", "10.2.128.0/17"), FAILED
        ),
        Example("the whole IPv6 block", connection("2a05:d018:1::/56"), FAILED),
        Example(
            "the other side's blocks are unknown",
            VpcPeeringConnection.sample(
                peers=Fact.unreadable("not answered"),
                routes=(
                    PeeringRoute(table="rtb-1", vpc="vpc-ours", destinations=("10.2.3.0/24",)),
                ),
            ),
            UNKNOWN,
        ),
    ),
)
def rule(connection: VpcPeeringConnection, context: Context[NoParameters]) -> Judgement:
    routes = known(connection.routes)
    if not routes:
        return passed("No route of this account leads over the connection here.")
    peers = known(connection.peers)
    wide = {
        table: {"destinations": destinations, "whole_blocks": blocks}
        for (table, vpc), destinations in destinations_by_table(routes).items()
        if (blocks := blocks_reached_whole(vpc, destinations, peers))
    }
    if wide:
        tables = ", ".join(sorted(wide))
        return failed(f"Routes to a whole address block stand in {tables}.", route_tables=wide)
    return passed("No route table reaches a whole address block of the other VPC.")
