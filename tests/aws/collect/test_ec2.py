from collections.abc import Iterable
from typing import Any

import pytest

from tests.aws.describing import NEIGHBOUR, US, Described, collected, read, reader
from tests.fakes.clients import FakeClients, raising, refused
from vedette.aws.collect.services import ec2
from vedette.resources.ec2 import EbsSnapshot, Ec2Instance, LaunchTemplate, MachineImage, Sharing
from vedette.resources.facts import known, why_unreadable


def instance(**answer: Any) -> Ec2Instance:
    reservation = {"OwnerId": US, "Instances": [{"InstanceId": "i-1"} | answer]}
    pages = Described("Reservations", [reservation])
    (found,) = ec2.find_instances(reader(describe_instances=pages), None)
    return found


def test_instances_are_described_a_thousand_at_a_time_without_the_terminated() -> None:
    pages = Described("Reservations", [{"Instances": [{"InstanceId": "i-1"}]}])

    list(ec2.find_instances(reader(describe_instances=pages), None))

    (asked,) = pages.asked
    assert asked["MaxResults"] == 1000
    assert asked["Filters"] == [ec2.NOT_TERMINATED]
    assert "terminated" not in ec2.NOT_TERMINATED["Values"]
    assert "shutting-down" not in ec2.NOT_TERMINATED["Values"]


def test_named_instances_are_asked_for_by_filter_so_that_absent_ones_do_no_harm() -> None:
    pages = Described("Reservations", [])
    named = frozenset(f"i-{number:03}" for number in range(201))

    list(ec2.find_instances(reader(describe_instances=pages), named))

    asked = [one["Filters"][-1] for one in pages.asked]
    assert [one["Name"] for one in asked] == ["instance-id", "instance-id"]
    assert [len(one["Values"]) for one in asked] == [200, 1]


def test_all_public_addresses_of_all_interfaces_are_kept() -> None:
    first = {
        "NetworkInterfaceId": "eni-1",
        "Association": {"PublicIp": "198.51.100.1"},
        "PrivateIpAddresses": [
            {"Association": {"PublicIp": "198.51.100.1"}},
            {"Association": {"PublicIp": "198.51.100.2"}},
            {"PrivateIpAddress": "10.0.0.3"},
        ],
        "Ipv6Addresses": [{"Ipv6Address": "2a05:d018::1"}],
        "Groups": [{"GroupId": "sg-1", "GroupName": "web"}],
    }
    second = {"NetworkInterfaceId": "eni-2", "Association": {"CarrierIp": "198.51.100.3"}}

    one, other = known(instance(NetworkInterfaces=[first, second]).interfaces)

    assert one.ipv4 == ("198.51.100.1", "198.51.100.2")
    assert one.ipv6 == ("2a05:d018::1",)
    assert one.groups == ("sg-1",)
    assert other.ipv4 == ("198.51.100.3",)


def test_what_a_description_lacks_is_unreadable_and_not_harmless() -> None:
    one = instance(MetadataOptions={"HttpEndpoint": "enabled"})

    assert known(one.metadata_endpoint) == "enabled"
    for fact in (one.metadata_tokens, one.interfaces):
        assert "ec2:DescribeInstances did not answer" in (why_unreadable(fact) or "")
    assert known(one.instance_profile) is None
    assert known(one.tags) == {}
    assert one.arn == f"arn:aws-cn:ec2:cn-north-1:{US}:instance/i-1"


def version(template: str, number: int, *interfaces: dict[str, Any]) -> dict[str, Any]:
    return {
        "LaunchTemplateId": template,
        "VersionNumber": number,
        "DefaultVersion": number == 1,
        "LaunchTemplateData": {"NetworkInterfaces": list(interfaces), "UserData": "c2VjcmV0"},
    }


def test_the_versions_of_all_templates_take_one_listing() -> None:
    templates = [{"LaunchTemplateId": one} for one in ("lt-1", "lt-2", "lt-3")]
    public = {"DeviceIndex": 1, "AssociatePublicIpAddress": True}
    versions = Described(
        "LaunchTemplateVersions",
        [version("lt-1", 1), version("lt-1", 1), version("lt-2", 1)],
        [version("lt-2", 7, {"AssociatePublicIpAddress": False}, public)],
    )
    clients = FakeClients(
        pages={
            "describe_launch_templates": Described("LaunchTemplates", templates),
            "describe_launch_template_versions": versions,
        }
    )

    found = {one.id: one for one in collected(clients, LaunchTemplate, "versions").resources}

    assert [one["Versions"] for one in versions.asked] == [["$Default", "$Latest"]]
    assert [one.number for one in read(found["lt-1"], "versions")] == [1]
    assert [one.public_interfaces for one in read(found["lt-2"], "versions")] == [(), (1,)]
    assert "unexpected answer" in (why_unreadable(found["lt-3"].fact("versions")) or "")
    assert "c2VjcmV0" not in repr(found)


def test_a_named_template_is_asked_for_alone() -> None:
    versions = Described("LaunchTemplateVersions", [version("lt-1", 1)])
    templates = [{"LaunchTemplateId": "lt-1"}, {"LaunchTemplateId": "lt-2"}]
    clients = FakeClients(
        pages={
            "describe_launch_templates": Described("LaunchTemplates", templates),
            "describe_launch_template_versions": versions,
        }
    )

    found = collected(clients, LaunchTemplate, "versions", only="lt-1").resources

    assert [one.id for one in found] == ["lt-1"]
    assert [one["LaunchTemplateId"] for one in versions.asked] == ["lt-1"]


def snapshots(**parameters: Any) -> Iterable[dict[str, Any]]:
    all_of_them = [{"SnapshotId": f"snap-{number}", "OwnerId": US} for number in range(3)]
    public = parameters.get("RestorableByUserIds") == ["all"]
    return [{"Snapshots": all_of_them[:1] if public else all_of_them}]


def test_public_snapshots_take_one_listing_for_all() -> None:
    clients = FakeClients(pages={"describe_snapshots": snapshots})

    found = collected(clients, EbsSnapshot, "public").resources

    assert {one.id: read(one, "public") for one in found} == {
        "snap-0": True,
        "snap-1": False,
        "snap-2": False,
    }
    assert {one.arn for one in found if one.id == "snap-0"} == {
        "arn:aws-cn:ec2:cn-north-1::snapshot/snap-0"
    }


def test_a_snapshot_deleted_while_it_is_read_is_gone() -> None:
    def permissions(SnapshotId: str, **_: Any) -> dict[str, Any]:  # noqa: N803 - AWS's name
        if SnapshotId == "snap-1":
            raise refused("InvalidSnapshot.NotFound")
        return {"CreateVolumePermissions": [{"UserId": NEIGHBOUR}, {"Group": "all"}]}

    clients = FakeClients(
        answers={"describe_snapshot_attribute": permissions},
        pages={"describe_snapshots": snapshots},
    )

    read_back = collected(clients, EbsSnapshot, "sharing")

    assert sorted(one.id for one in read_back.resources) == ["snap-0", "snap-2"]
    shared = Sharing(everyone=True, accounts=frozenset({NEIGHBOUR}))
    assert {read(one, "sharing") for one in read_back.resources} == {shared}
    (coverage,) = read_back.coverage
    assert (coverage.gone, coverage.complete) == (1, True)


@pytest.mark.parametrize("code", ["InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"])
def test_an_image_deregistered_while_it_is_read_is_gone(code: str) -> None:
    clients = FakeClients(
        answers={"describe_image_attribute": raising(refused(code))},
        pages={"describe_images": Described("Images", [{"ImageId": "ami-1", "Public": False}])},
    )

    assert collected(clients, MachineImage, "sharing").resources == []
