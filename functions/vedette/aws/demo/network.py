"""The networks: the shop's, its neighbours', and one that nobody tidied up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vedette.aws.demo.account import DUBLIN, VIRGINIA, Account, from_anywhere, tagged

SHOP_RANGE, WAREHOUSE_RANGE, OFFICE_RANGE = "10.20.0.0/16", "10.30.0.0/16", "10.40.0.0/16"
OUR_RANGE, LABELS_SUBNET = "10.0.0.0/8", "10.30.4.0/24"
FIRST_RULE = 100
HTTP, HTTPS, SSH, RDP, POSTGRES = 80, 443, 22, 3389, 5432


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Ids of what other parts of the account stand in."""

    public_subnet: str
    private_subnets: tuple[str, str]
    web_group: str
    database_group: str
    debug_group: str


def build_network(account: Account, logs_bucket: str) -> Network:
    """Create VPCs, subnets, security groups and connections; flow logs go to the bucket."""
    ec2 = account.client("ec2")
    _delete_default_vpc(ec2)
    vpc = _vpc(ec2, "hlb-shop", SHOP_RANGE)
    ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination=account.bucket_arn(logs_bucket),
    )
    neighbours = _connect(ec2, vpc)
    for neighbour in neighbours:
        _guard(ec2, neighbour)
    for one in (vpc, *neighbours):
        _empty_default_group(ec2, one)
    private = (
        _subnet(ec2, vpc, "hlb-shop-private-a", ("10.20.10.0/24", "a")),
        _subnet(ec2, vpc, "hlb-shop-private-b", ("10.20.11.0/24", "b")),
    )
    return Network(
        public_subnet=_subnet(ec2, vpc, "hlb-shop-public-a", ("10.20.0.0/24", "a"), public=True),
        private_subnets=private,
        **_security_groups(ec2, vpc),
    )


def leave_experiment(account: Account) -> None:
    """Create what is left of the experiment's network in Virginia."""
    ec2 = account.client("ec2", VIRGINIA)
    vpc = _vpc(ec2, "bookworm", "172.20.0.0/16")
    group = _group(ec2, vpc, "bookworm-everything", "notebooks, will tidy up")
    everywhere = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[everywhere])
    _transit_gateway(ec2, "bookworm-hub", accepts="enable")


def _delete_default_vpc(ec2: Any) -> None:
    """Dublin was set up with care; in Virginia the default VPC is still there."""
    default = [{"Name": "is-default", "Values": ["true"]}]
    vpc = ec2.describe_vpcs(Filters=default)["Vpcs"][0]["VpcId"]
    for subnet in _of(ec2.describe_subnets, vpc)["Subnets"]:
        ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    # moto leaves its access control list behind.
    _guard(ec2, vpc)
    ec2.delete_vpc(VpcId=vpc)


def _of(describe: Callable[..., Any], vpc: str) -> Any:
    """Describe what belongs to a VPC."""
    return describe(Filters=[{"Name": "vpc-id", "Values": [vpc]}])


def _vpc(ec2: Any, name: str, cidr: str) -> str:
    answer = ec2.create_vpc(
        CidrBlock=cidr, TagSpecifications=tagged("vpc", name, environment="production")
    )
    return str(answer["Vpc"]["VpcId"])


def _subnet(ec2: Any, vpc: str, name: str, place: tuple[str, str], *, public: bool = False) -> str:
    cidr, zone = place
    subnet = ec2.create_subnet(
        VpcId=vpc,
        CidrBlock=cidr,
        AvailabilityZone=f"{DUBLIN}{zone}",
        TagSpecifications=tagged("subnet", name, environment="production"),
    )["Subnet"]["SubnetId"]
    ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": public})
    return str(subnet)


def _guard(ec2: Any, vpc: str) -> None:
    """Let a VPC's own access control list admit the company's networks alone."""
    acl = _of(ec2.describe_network_acls, vpc)["NetworkAcls"][0]["NetworkAclId"]
    ec2.delete_network_acl_entry(NetworkAclId=acl, RuleNumber=FIRST_RULE, Egress=False)
    ec2.create_network_acl_entry(
        NetworkAclId=acl,
        RuleNumber=FIRST_RULE,
        Protocol="-1",
        RuleAction="allow",
        Egress=False,
        CidrBlock=OUR_RANGE,
    )


def _empty_default_group(ec2: Any, vpc: str) -> None:
    group = _of(ec2.describe_security_groups, vpc)["SecurityGroups"][0]
    for permissions, revoke in (
        (group["IpPermissions"], ec2.revoke_security_group_ingress),
        (group["IpPermissionsEgress"], ec2.revoke_security_group_egress),
    ):
        if permissions:
            revoke(GroupId=group["GroupId"], IpPermissions=permissions)


def _security_groups(ec2: Any, vpc: str) -> dict[str, str]:
    web = _group(ec2, vpc, "hlb-web", "Shop window: HTTP and HTTPS")
    ec2.authorize_security_group_ingress(
        GroupId=web, IpPermissions=list(from_anywhere(HTTP, HTTPS))
    )
    database = _group(ec2, vpc, "hlb-orders-database", "Only the shop's servers")
    of_web = {
        "IpProtocol": "tcp",
        "FromPort": POSTGRES,
        "ToPort": POSTGRES,
        "UserIdGroupPairs": [{"GroupId": web}],
    }
    ec2.authorize_security_group_ingress(GroupId=database, IpPermissions=[of_web])
    debug = _group(ec2, vpc, "hlb-debug-checkout", "Checkout hangs, remove on Monday")
    ec2.authorize_security_group_ingress(
        GroupId=debug, IpPermissions=list(from_anywhere(SSH, POSTGRES))
    )
    accounting = _group(ec2, vpc, "hlb-accounting-desktop", "Remote desktop from home")
    ec2.authorize_security_group_ingress(GroupId=accounting, IpPermissions=list(from_anywhere(RDP)))
    return {"web_group": web, "database_group": database, "debug_group": debug}


def _group(ec2: Any, vpc: str, name: str, description: str) -> str:
    answer = ec2.create_security_group(
        GroupName=name,
        Description=description,
        VpcId=vpc,
        TagSpecifications=tagged("security-group", name),
    )
    return str(answer["GroupId"])


def _connect(ec2: Any, shop: str) -> tuple[str, str]:
    """Peer with the warehouse (one subnet) and the office (all of it); return their VPCs."""
    warehouse = _vpc(ec2, "hlb-warehouse", WAREHOUSE_RANGE)
    office = _vpc(ec2, "hlb-office", OFFICE_RANGE)
    table = ec2.create_route_table(VpcId=shop)["RouteTable"]["RouteTableId"]
    for peer, name, destination in (
        (warehouse, "hlb-shop-to-warehouse", LABELS_SUBNET),
        (office, "hlb-shop-to-office", OFFICE_RANGE),
    ):
        peering = ec2.create_vpc_peering_connection(
            VpcId=shop,
            PeerVpcId=peer,
            TagSpecifications=tagged("vpc-peering-connection", name),
        )["VpcPeeringConnection"]["VpcPeeringConnectionId"]
        ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
        ec2.create_route(
            RouteTableId=table,
            DestinationCidrBlock=destination,
            VpcPeeringConnectionId=peering,
        )
    _transit_gateway(ec2, "hlb-offices", accepts="disable")
    return warehouse, office


def _transit_gateway(ec2: Any, name: str, *, accepts: str) -> None:
    ec2.create_transit_gateway(
        Description=name,
        Options={"AutoAcceptSharedAttachments": accepts},
        TagSpecifications=tagged("transit-gateway", name),
    )
