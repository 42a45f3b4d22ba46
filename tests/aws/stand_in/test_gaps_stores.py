"""KMS, RDS and the tagging API."""

import json
from typing import Any

import pytest

from vedette.aws.stand_in.gaps.rds import default_parameters
from vedette.aws.stand_in.server import StandIn

REGION = "eu-west-1"
TAGS = [{"Key": "team", "Value": "sec"}]


def test_a_key_is_for_encryption_unless_it_says_otherwise(stand_in: StandIn) -> None:
    """Source: KMS API Reference, CreateKey, KeyUsage."""
    kms = stand_in.client("kms", REGION)
    plain = kms.create_key()["KeyMetadata"]["KeyId"]
    signing = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]

    described = kms.describe_key(KeyId=plain)["KeyMetadata"]

    assert (described["KeyUsage"], described["MultiRegion"]) == ("ENCRYPT_DECRYPT", False)
    assert kms.describe_key(KeyId=signing)["KeyMetadata"]["KeyUsage"] == "SIGN_VERIFY"


def test_the_policy_of_a_key_needs_no_name(stand_in: StandIn) -> None:
    """Source: KMS API Reference, GetKeyPolicy: PolicyName is optional."""
    kms = stand_in.client("kms", REGION)
    key = kms.create_key()["KeyMetadata"]["KeyId"]

    without = kms.get_key_policy(KeyId=key)["Policy"]

    assert json.loads(without)["Statement"][0]["Action"] == "kms:*"
    assert without == kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        ("postgres14", {"rds.force_ssl": "0"}),
        ("postgres15", {"rds.force_ssl": "1"}),
        ("default.postgres16", {"rds.force_ssl": "1"}),
        ("aurora-postgresql16", {"rds.force_ssl": "0"}),
        ("aurora-postgresql17", {"rds.force_ssl": "1"}),
        ("mysql8.0", {"require_secure_transport": "0"}),
        ("mariadb10.11", {"require_secure_transport": "0"}),
        ("default.sqlserver-ex-15.0", {"rds.force_ssl": "0"}),
        ("oracle-ee-19", {}),
        ("nonsense", {}),
    ],
)
def test_a_family_decides_whether_tls_is_forced_by_default(
    family: str, expected: dict[str, str]
) -> None:
    """Source: RDS User Guide, "Using SSL with a PostgreSQL DB instance"."""
    assert default_parameters(family) == expected


def parameters(answer: Any) -> dict[str, str]:
    return {one["ParameterName"]: one["ParameterValue"] for one in answer["Parameters"]}


def test_a_parameter_group_lists_defaults_beside_what_was_set(stand_in: StandIn) -> None:
    """Source: RDS API Reference, DescribeDBParameters, Source."""
    rds = stand_in.client("rds", REGION)
    rds.create_db_parameter_group(
        DBParameterGroupName="own", DBParameterGroupFamily="postgres14", Description="own"
    )
    told = rds.describe_db_parameters(DBParameterGroupName="own")
    assert parameters(told) == {"rds.force_ssl": "0"}
    assert told["Parameters"][0]["Source"] == "engine-default"

    forced = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName="own", Parameters=[forced])

    assert parameters(rds.describe_db_parameters(DBParameterGroupName="own")) == {
        "rds.force_ssl": "1"
    }


def test_the_groups_of_instances_and_clusters_can_be_described(stand_in: StandIn) -> None:
    """Every instance and cluster has a group; moto does not know the default ones."""
    rds = stand_in.client("rds", REGION)
    account = {"MasterUsername": "admin", "MasterUserPassword": "correct-horse"}
    instance = rds.create_db_instance(
        DBInstanceIdentifier="one",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        AllocatedStorage=20,
        **account,
    )["DBInstance"]
    cluster = rds.create_db_cluster(
        DBClusterIdentifier="two", Engine="aurora-postgresql", **account
    )["DBCluster"]

    group = instance["DBParameterGroups"][0]["DBParameterGroupName"]
    of_instance = rds.describe_db_parameters(DBParameterGroupName=group)
    of_cluster = rds.describe_db_cluster_parameters(
        DBClusterParameterGroupName=cluster["DBClusterParameterGroup"]
    )

    assert "rds.force_ssl" in parameters(of_instance)
    assert isinstance(of_cluster["Parameters"], list)


def test_a_group_that_is_not_there_is_missed(stand_in: StandIn) -> None:
    rds = stand_in.client("rds", REGION)

    with pytest.raises(rds.exceptions.DBParameterGroupNotFoundFault):
        rds.describe_db_parameters(DBParameterGroupName="nowhere")


def tagged(stand_in: StandIn, region: str = REGION, **filters: Any) -> set[str]:
    tagging = stand_in.client("resourcegroupstaggingapi", region)
    found: set[str] = set()
    for page in tagging.get_paginator("get_resources").paginate(**filters):
        for one in page["ResourceTagMappingList"]:
            assert one["Tags"] == TAGS
            found.add(one["ResourceARN"].split(":", 2)[2])
    return found


def tag_everything(stand_in: StandIn) -> None:
    stand_in.client("ecr", REGION).create_repository(repositoryName="app", tags=TAGS)
    stand_in.client("ecr", REGION).create_repository(repositoryName="untagged")
    stand_in.client("guardduty", REGION).create_detector(Enable=True, Tags={"team": "sec"})
    s3 = stand_in.client("s3", REGION)
    s3.create_bucket(Bucket="trail-logs", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_tagging(Bucket="trail-logs", Tagging={"TagSet": TAGS})
    cloudtrail = stand_in.client("cloudtrail", REGION)
    cloudtrail.create_trail(Name="main", S3BucketName="trail-logs", TagsList=TAGS)
    stand_in.client("logs", REGION).create_log_group(logGroupName="group", tags={"team": "sec"})
    stand_in.client("accessanalyzer", REGION).create_analyzer(
        analyzerName="mine", type="ACCOUNT", tags={"team": "sec"}
    )


def test_resources_that_moto_leaves_out_are_listed_with_their_tags(stand_in: StandIn) -> None:
    """Source: Resource Groups Tagging API Reference, supported services."""
    tag_everything(stand_in)
    (detector,) = stand_in.client("guardduty", REGION).list_detectors()["DetectorIds"]
    where = f"{REGION}:123456789012"

    assert tagged(stand_in) == {
        f"access-analyzer:{where}:analyzer/mine",
        f"cloudtrail:{where}:trail/main",
        f"ecr:{where}:repository/app",
        f"guardduty:{where}:detector/{detector}",
        f"logs:{where}:log-group:group",
        "s3:::trail-logs",
    }


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("ecr:repository", f"ecr:{REGION}:123456789012:repository/app"),
        ("ecr", f"ecr:{REGION}:123456789012:repository/app"),
        ("logs:log-group", f"logs:{REGION}:123456789012:log-group:group"),
        ("s3", "s3:::trail-logs"),
    ],
)
def test_resources_can_be_listed_by_type(stand_in: StandIn, wanted: str, expected: str) -> None:
    tag_everything(stand_in)

    assert tagged(stand_in, ResourceTypeFilters=[wanted]) == {expected}


def test_resources_can_be_listed_by_tag_and_arn(stand_in: StandIn) -> None:
    tag_everything(stand_in)
    trail = f"arn:aws:cloudtrail:{REGION}:123456789012:trail/main"

    assert tagged(stand_in, TagFilters=[{"Key": "team", "Values": ["other"]}]) == set()
    assert len(tagged(stand_in, TagFilters=[{"Key": "team"}])) == 6
    assert tagged(stand_in, ResourceARNList=[trail]) == {trail.split(":", 2)[2]}


def test_a_bucket_is_listed_in_its_own_region_alone(stand_in: StandIn) -> None:
    tag_everything(stand_in)

    assert tagged(stand_in, region="us-east-1") == set()
