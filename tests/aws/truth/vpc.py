"""The truth about VPCs, subnets and peering."""

from typing import Any

from tests.aws.named import world_by_name
from tests.aws.truth.world import Aws


def create(aws: Aws) -> dict[str, str]:
    ec2 = aws("ec2")
    ids = {
        name: ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"]
        for number, name in enumerate(("recorded", "half recorded", "forgotten"))
    }
    aws("s3", "us-east-1").create_bucket(Bucket="flow-logs")
    record(ec2, ids["recorded"], "ALL")
    record(ec2, ids["half recorded"], "ACCEPT")
    return ids | subnets(ec2, ids["recorded"]) | peerings(ec2, ids)


def record(ec2: Any, vpc: str, traffic: str) -> None:
    ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType=traffic,
        LogDestinationType="s3",
        LogDestination="arn:aws:s3:::flow-logs",
    )


def subnets(ec2: Any, vpc: str) -> dict[str, str]:
    ids = {
        name: ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"]
        for number, name in enumerate(("private subnet", "public subnet"))
    }
    ec2.modify_subnet_attribute(SubnetId=ids["public subnet"], MapPublicIpOnLaunch={"Value": True})
    return ids


def peerings(ec2: Any, vpcs: dict[str, str]) -> dict[str, str]:
    made = ec2.create_managed_prefix_list(
        PrefixListName="halves",
        MaxEntries=2,
        AddressFamily="IPv4",
        Entries=[{"Cidr": "10.1.0.0/17"}, {"Cidr": "10.1.128.0/17"}],
    )
    halves = made["PrefixList"]["PrefixListId"]
    return {
        "narrow peering": peering(ec2, vpcs, DestinationCidrBlock="10.1.7.0/24"),
        "unused peering": peering(ec2, vpcs),
        "wide peering": peering(ec2, vpcs, DestinationCidrBlock="10.1.0.0/16"),
        "peering by list": peering(ec2, vpcs, DestinationPrefixListId=halves),
    }


def peering(ec2: Any, vpcs: dict[str, str], **destination: str) -> str:
    vpc = vpcs["recorded"]
    requested = ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=vpcs["half recorded"])
    connection: str = requested["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=connection)
    if destination:
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=table, VpcPeeringConnectionId=connection, **destination)
    return connection


WORLDS = (
    world_by_name(
        "networks",
        create,
        {
            "vpc/peering_routes_are_narrow": {
                "narrow peering": "PASSED",
                "unused peering": "PASSED",
                "wide peering": "FAILED",
                "peering by list": "FAILED",
            },
            "vpc/subnet_assigns_no_public_ip": {
                "private subnet": "PASSED",
                "public subnet": "FAILED",
            },
            "vpc/vpc_records_flow_logs": {
                "recorded": "PASSED",
                "half recorded": "FAILED",
                "forgotten": "FAILED",
            },
        },
    ),
)
