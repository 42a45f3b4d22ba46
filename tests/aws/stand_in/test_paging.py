"""Answers come in pages, as they do from AWS; moto gives many of them whole or cut short."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore import xform_name

from tests.aws.stand_in.made import REGION, create_function, create_snapshots
from vedette.aws.stand_in.gaps.paging import PAGE_SIZES
from vedette.aws.stand_in.server import StandIn

POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}'
)
ACCOUNT = {"MasterUsername": "admin", "MasterUserPassword": "correct-horse"}
COUNT, SIZE = 7, 5  # EC2 makes no smaller pages of security groups than five.
Parameters = dict[str, Any]
Seed = Callable[[StandIn], Parameters | None]


def buckets(stand_in: StandIn) -> None:
    for number in range(COUNT):
        stand_in.client("s3").create_bucket(Bucket=f"bucket-{number}")


def attached_users(stand_in: StandIn) -> Parameters:
    iam = stand_in.client("iam")
    policy = iam.create_policy(PolicyName="read", PolicyDocument=POLICY)["Policy"]["Arn"]
    for number in range(COUNT):
        iam.create_user(UserName=f"user-{number}")
        iam.create_group(GroupName=f"group-{number}")
        iam.attach_user_policy(UserName=f"user-{number}", PolicyArn=policy)
    return {"PolicyArn": policy}


def principals(stand_in: StandIn) -> None:
    attached_users(stand_in)


def functions(stand_in: StandIn) -> None:
    for number in range(COUNT):
        create_function(stand_in, f"function-{number}")


def keys(stand_in: StandIn) -> None:
    for _ in range(COUNT):
        stand_in.client("kms", REGION).create_key()


def alarms(stand_in: StandIn) -> None:
    for number in range(COUNT):
        stand_in.client("cloudwatch", REGION).put_metric_alarm(
            AlarmName=f"alarm-{number}",
            MetricName="errors",
            Namespace="app",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
        )


def metric_filters(stand_in: StandIn) -> None:
    logs = stand_in.client("logs", REGION)
    logs.create_log_group(logGroupName="trail")
    metric = {"metricName": "root", "metricNamespace": "cis", "metricValue": "1"}
    for number in range(COUNT):
        logs.put_metric_filter(
            logGroupName="trail",
            filterName=f"filter-{number}",
            filterPattern="root",
            metricTransformations=[metric],
        )


def repositories(stand_in: StandIn) -> None:
    for number in range(COUNT):
        stand_in.client("ecr", REGION).create_repository(repositoryName=f"app-{number}")


def volume_snapshots(stand_in: StandIn) -> Parameters:
    create_snapshots(stand_in, COUNT)
    return {"OwnerIds": ["self"]}


def groups(stand_in: StandIn) -> None:
    for number in range(COUNT):
        stand_in.client("ec2", REGION).create_security_group(
            GroupName=f"group-{number}", Description="a group"
        )


def templates(stand_in: StandIn) -> None:
    for number in range(COUNT):
        stand_in.client("ec2", REGION).create_launch_template(
            LaunchTemplateName=f"template-{number}", LaunchTemplateData={"ImageId": "ami-1"}
        )


def clusters(stand_in: StandIn) -> None:
    rds = stand_in.client("rds", REGION)
    for number in range(COUNT):
        rds.create_db_cluster(
            DBClusterIdentifier=f"cluster-{number}", Engine="aurora-mysql", **ACCOUNT
        )


def analyzers(stand_in: StandIn) -> None:
    for number in range(COUNT):
        stand_in.client("accessanalyzer", REGION).create_analyzer(
            analyzerName=f"analyzer-{number}", type="ACCOUNT"
        )


SEEDS: dict[str, Seed] = {
    "accessanalyzer:ListAnalyzers": analyzers,
    "cloudwatch:DescribeAlarms": alarms,
    "ec2:DescribeLaunchTemplates": templates,
    "ec2:DescribeSecurityGroups": groups,
    "ec2:DescribeSnapshots": volume_snapshots,
    "ecr:DescribeRepositories": repositories,
    "iam:GetAccountAuthorizationDetails": principals,
    "iam:ListEntitiesForPolicy": attached_users,
    "kms:ListKeys": keys,
    "lambda:ListFunctions": functions,
    "logs:DescribeMetricFilters": metric_filters,
    "rds:DescribeDBClusterSnapshots": clusters,
    "rds:DescribeDBClusters": clusters,
    "s3:ListBuckets": buckets,
}


def pages(stand_in: StandIn, name: str, parameters: Parameters, size: int | None) -> list[Any]:
    service, _, operation = name.partition(":")
    paginator = stand_in.client(service, REGION).get_paginator(xform_name(operation))
    wanted = {} if size is None else {"PaginationConfig": {"PageSize": size}}
    return [list(entries(page)) for page in paginator.paginate(**parameters, **wanted)]


def entries(page: dict[str, Any]) -> Iterator[str]:
    """Yield what is listed in a page, whatever the lists are called."""
    for key in sorted(page):
        if isinstance(page[key], list):
            yield from (repr(lasting(one)) for one in page[key])


def lasting(entry: Any) -> Any:
    """Leave out what hangs on the moment or on the way of asking."""
    if not isinstance(entry, dict):
        return entry
    return {
        key: value
        for key, value in sorted(entry.items())
        if "Time" not in key and key != "BucketRegion"
    }


def test_every_seed_is_for_an_operation_that_is_paged() -> None:
    assert SEEDS.keys() <= PAGE_SIZES.keys()


@pytest.mark.parametrize("name", SEEDS)
def test_a_limit_cuts_the_answer_into_pages_that_lose_nothing(stand_in: StandIn, name: str) -> None:
    parameters = SEEDS[name](stand_in) or {}
    (whole,) = pages(stand_in, name, parameters, None)

    cut = pages(stand_in, name, parameters, SIZE)

    assert len(whole) >= COUNT
    assert [len(page) for page in cut[:-1]] == [SIZE] * ((len(whole) - 1) // SIZE)
    assert sorted(entry for page in cut for entry in page) == sorted(whole)


@pytest.mark.parametrize("name", SEEDS)
def test_pages_can_be_made_small_whatever_the_caller_asks(stand_in: StandIn, name: str) -> None:
    parameters = SEEDS[name](stand_in) or {}
    (whole,) = pages(stand_in, name, parameters, None)
    stand_in.gaps.set_page_size(1)

    cut = pages(stand_in, name, parameters, None)

    assert len(cut) == len(whole)
    assert sorted(entry for page in cut for entry in page) == sorted(whole)


def test_pages_have_the_size_of_aws_by_default(stand_in: StandIn) -> None:
    """Source: Lambda API Reference, ListFunctions: 50 functions a page."""
    create_function(stand_in, "first")
    for number in range(50):
        create_function(stand_in, f"function-{number}")

    sizes = [len(page) for page in pages(stand_in, "lambda:ListFunctions", {}, None)]

    assert sizes == [50, 1]
