"""The truth about security groups and network ACLs."""

from collections.abc import Mapping
from typing import Any

from tests.aws.named import world_by_name
from tests.aws.truth.world import Aws

WORLD = "0.0.0.0/0"
HALVES = ("0.0.0.0/1", "128.0.0.0/1")
SSH, RDP = 22, 3389
PASSED, FAILED = "PASSED", "FAILED"
EVERYTHING: dict[str, Any] = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": WORLD}]}


def tcp(first: int, last: int, *cidrs: str, protocol: str = "tcp", **more: Any) -> dict[str, Any]:
    return {
        "IpProtocol": protocol,
        "FromPort": first,
        "ToPort": last,
        "IpRanges": [{"CidrIp": one} for one in cidrs if ":" not in one],
        "Ipv6Ranges": [{"CidrIpv6": one} for one in cidrs if ":" in one],
    } | more


def groups(lists: Mapping[str, str], other: str) -> dict[str, list[dict[str, Any]]]:
    """Return the permissions of each group."""

    def ssh_from_list(name: str) -> list[dict[str, Any]]:
        return [tcp(SSH, SSH, PrefixListIds=[{"PrefixListId": lists[name]}])]

    return {
        "closed": [],
        "web": [tcp(443, 443, WORLD, "::/0")],
        "office": [tcp(SSH, SSH, "203.0.113.0/24"), tcp(RDP, RDP, "203.0.113.0/24")],
        "members": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": other}]}],
        "everything": [EVERYTHING],
        "shell": [tcp(SSH, SSH, WORLD)],
        "shell over ipv6": [tcp(SSH, SSH, "::/0")],
        "shell by halves": [tcp(SSH, SSH, *HALVES)],
        "desktop in a range": [tcp(3000, 4000, WORLD, protocol="6")],
        "database": [tcp(5432, 5432, WORLD)],
        "shell for the office list": ssh_from_list("office list"),
        "shell for the world list": ssh_from_list("world list"),
    }


def create_groups(aws: Aws) -> dict[str, str]:
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    lists = {
        "office list": prefix_list(ec2, "203.0.113.0/24"),
        "world list": prefix_list(ec2, *HALVES),
    }
    default = default_group(ec2, vpc)
    ids = {"default": default}
    for name, permissions in groups(lists, default).items():
        made = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)
        ids[name] = made["GroupId"]
        if permissions:
            ec2.authorize_security_group_ingress(GroupId=ids[name], IpPermissions=permissions)
    emptied = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    return ids | {"emptied default": empty(ec2, default_group(ec2, emptied))}


def prefix_list(ec2: Any, *cidrs: str) -> str:
    made = ec2.create_managed_prefix_list(
        PrefixListName="sources",
        MaxEntries=5,
        AddressFamily="IPv4",
        Entries=[{"Cidr": one} for one in cidrs],
    )
    list_id: str = made["PrefixList"]["PrefixListId"]
    return list_id


def default_group(ec2: Any, vpc: str) -> str:
    named = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    group: str = ec2.describe_security_groups(Filters=named)["SecurityGroups"][0]["GroupId"]
    return group


def empty(ec2: Any, group: str) -> str:
    (described,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    if described["IpPermissions"]:
        ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=described["IpPermissions"])
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=described["IpPermissionsEgress"])
    return group


def create_acls(aws: Aws) -> dict[str, str]:
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    everything = {"Protocol": "-1", "CidrBlock": WORLD}

    def port(number: int, cidr: str = WORLD) -> dict[str, Any]:
        return {
            "Protocol": "6",
            "CidrBlock": cidr,
            "PortRange": {"From": number, "To": number},
        }

    acls: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "nothing": [],
        "web": [("allow", port(443))],
        "everything": [("allow", everything)],
        "everything over ipv6": [("allow", {"Protocol": "-1", "Ipv6CidrBlock": "::/0"})],
        "denied first": [("deny", port(SSH)), ("deny", port(RDP)), ("allow", everything)],
        "denied too late": [("allow", everything), ("deny", port(SSH)), ("deny", port(RDP))],
        "office": [("allow", port(SSH, "203.0.113.0/24")), ("allow", port(RDP, "203.0.113.0/24"))],
    }
    return {name: acl(ec2, vpc, entries) for name, entries in acls.items()}


def acl(ec2: Any, vpc: str, entries: list[tuple[str, dict[str, Any]]]) -> str:
    made: str = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    for number, (action, entry) in enumerate(entries, start=90):
        ec2.create_network_acl_entry(
            NetworkAclId=made, RuleNumber=number, RuleAction=action, Egress=False, **entry
        )
    return made


def verdicts(passing: tuple[str, ...], failing: tuple[str, ...]) -> dict[str, str]:
    return dict.fromkeys(passing, PASSED) | dict.fromkeys(failing, FAILED)


HARMLESS = ("closed", "web", "office", "members", "shell for the office list")
SHELLS = ("shell", "shell over ipv6", "shell by halves", "shell for the world list")
GUARDED = ("nothing", "web", "office")
OPEN = ("everything", "everything over ipv6", "denied too late")

WORLDS = (
    world_by_name(
        "security groups",
        create_groups,
        {
            "ec2/default_security_group_has_no_rules": verdicts(("emptied default",), ("default",)),
            "ec2/security_group_does_not_open_all_ports": verdicts(
                (*HARMLESS, *SHELLS, "database"), ("everything",)
            ),
            "ec2/security_group_does_not_open_high_risk_ports": verdicts(
                HARMLESS, ("everything", "database", "desktop in a range", *SHELLS)
            ),
            "ec2/security_group_does_not_open_rdp": verdicts(
                (*HARMLESS, *SHELLS), ("everything", "desktop in a range")
            ),
            "ec2/security_group_does_not_open_ssh": verdicts(
                (*HARMLESS, "database", "desktop in a range"), ("everything", *SHELLS)
            ),
        },
    ),
    world_by_name(
        "network ACLs",
        create_acls,
        {
            "ec2/network_acl_does_not_open_all_ports": verdicts(GUARDED, OPEN),
            "ec2/network_acl_does_not_open_rdp": verdicts((*GUARDED, "denied first"), OPEN),
            "ec2/network_acl_does_not_open_ssh": verdicts((*GUARDED, "denied first"), OPEN),
        },
    ),
)
