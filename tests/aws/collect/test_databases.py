"""How databases, tables, repositories and file systems are listed and read."""

from collections import Counter
from typing import Any

from tests.aws.collecting import REGION, US, collect, found, pages
from tests.fakes.clients import Answer, FakeClients, raising, refused
from vedette.resources.dynamodb import DynamoDbTable
from vedette.resources.ecr import EcrRepository, RegistryScanning, ScanningRule
from vedette.resources.efs import EfsFileSystem
from vedette.resources.facts import known, why_unreadable
from vedette.resources.rds import DbCluster, DbClusterSnapshot, DbInstance, DbSnapshot

Parameters = list[dict[str, Any]]


def instance(name: str, engine: str = "mysql", **fields: Any) -> dict[str, Any]:
    return {
        "DBInstanceIdentifier": name,
        "DBInstanceArn": f"arn:aws:rds:{REGION}:{US}:db:{name}",
        "Engine": engine,
        "EngineVersion": "8.0.39",
        "DBParameterGroups": [{"DBParameterGroupName": "shared"}],
    } | fields


def parameters(asked: Parameters, *answered: dict[str, Any]) -> Answer:
    def answer(**parameters: Any) -> list[dict[str, Any]]:
        asked.append(parameters)
        return [{"Parameters": list(answered)}]

    return answer


def test_a_parameter_group_is_asked_once_and_for_one_parameter() -> None:
    asked: Parameters = []
    secure = {"ParameterName": "require_secure_transport", "ParameterValue": "1"}
    source = FakeClients(
        pages={
            "describe_db_instances": pages("DBInstances", [instance("a")], [instance("b")]),
            "describe_db_parameters": parameters(asked, secure),
        }
    )

    instances = found(collect(source, DbInstance, "tls_parameter"), DbInstance)

    assert {name: known(one.tls_parameter) for name, one in instances.items()} == {
        "a": "1",
        "b": "1",
    }
    assert [one["DBParameterGroupName"] for one in asked] == ["shared"]
    assert asked[0]["Filters"] == [
        {"Name": "parameter-name", "Values": ["require_secure_transport"]}
    ]


def test_a_group_that_sets_nothing_leaves_the_parameter_unset() -> None:
    unset = {"ParameterName": "require_secure_transport", "Source": "engine-default"}
    source = FakeClients(
        pages={
            "describe_db_instances": pages("DBInstances", [instance("a")]),
            "describe_db_parameters": parameters([], unset),
        }
    )

    instances = found(collect(source, DbInstance, "tls_parameter"), DbInstance)

    assert known(instances["a"].tls_parameter) is None


def test_members_of_clusters_and_engines_without_the_parameter_ask_for_none() -> None:
    asked: Parameters = []
    listed = [
        instance("member", "aurora-mysql", DBClusterIdentifier="cluster"),
        instance("oracle", "oracle-ee"),
    ]
    source = FakeClients(
        pages={
            "describe_db_instances": pages("DBInstances", listed),
            "describe_db_parameters": parameters(asked),
        }
    )

    instances = found(collect(source, DbInstance, "tls_parameter"), DbInstance)

    assert sorted(instances) == ["member", "oracle"]
    assert not asked


def test_neptune_and_documentdb_are_no_databases_of_rds() -> None:
    clusters = [
        {
            "DBClusterIdentifier": engine,
            "DBClusterArn": f"arn:aws:rds:{REGION}:{US}:cluster:{engine}",
            "Engine": engine,
        }
        for engine in ("aurora-mysql", "docdb", "neptune")
    ]
    listed = [instance(engine, engine) for engine in ("docdb", "neptune", "postgres")]
    source = FakeClients(
        pages={
            "describe_db_clusters": pages("DBClusters", clusters),
            "describe_db_instances": pages("DBInstances", listed),
        }
    )

    assert sorted(found(collect(source, DbCluster), DbCluster)) == ["aurora-mysql"]
    assert sorted(found(collect(source, DbInstance), DbInstance)) == ["postgres"]


def test_what_the_listing_does_not_answer_is_unreadable() -> None:
    source = FakeClients(pages={"describe_db_instances": pages("DBInstances", [instance("a")])})

    (one,) = found(collect(source, DbInstance), DbInstance).values()

    assert why_unreadable(one.is_public) == (
        "rds:DescribeDBInstances did not answer PubliclyAccessible"
    )
    assert known(one.vpc) is None


def snapshot(name: str) -> dict[str, Any]:
    return {
        "DBSnapshotIdentifier": name,
        "DBSnapshotArn": f"arn:aws:rds:{REGION}:{US}:snapshot:{name}",
        "Encrypted": True,
        "TagList": [{"Key": "team", "Value": "shop"}],
    }


def test_only_manual_snapshots_are_listed_and_one_by_its_arn() -> None:
    asked: Parameters = []

    def listing(**parameters: Any) -> list[dict[str, Any]]:
        asked.append(parameters)
        return [{"DBSnapshots": [snapshot("mine")]}]

    attributes = {"AttributeName": "restore", "AttributeValues": ["444455556666"]}
    result = {"DBSnapshotAttributes": [attributes, {"AttributeName": "other"}]}
    source = FakeClients(
        answers={
            "describe_db_snapshot_attributes": lambda **_: {"DBSnapshotAttributesResult": result}
        },
        pages={"describe_db_snapshots": listing},
    )

    arn = f"arn:aws:rds:{REGION}:{US}:snapshot:mine"
    (one,) = found(collect(source, DbSnapshot, "shared_with", only=arn), DbSnapshot).values()

    assert known(one.shared_with) == {"444455556666"}
    assert known(one.tags) == {"team": "shop"}
    assert asked[0]["SnapshotType"] == "manual"
    assert asked[0]["Filters"] == [{"Name": "db-snapshot-id", "Values": ["mine"]}]


def test_snapshots_deleted_while_they_are_read_are_gone() -> None:
    cluster_snapshot = {
        "DBClusterSnapshotIdentifier": "mine",
        "DBClusterSnapshotArn": f"arn:aws:rds:{REGION}:{US}:cluster-snapshot:mine",
    }
    source = FakeClients(
        answers={
            "describe_db_snapshot_attributes": raising(refused("DBSnapshotNotFound")),
            "describe_db_cluster_snapshot_attributes": raising(
                refused("DBClusterSnapshotNotFoundFault")
            ),
        },
        pages={
            "describe_db_snapshots": pages("DBSnapshots", [snapshot("mine")]),
            "describe_db_cluster_snapshots": pages("DBClusterSnapshots", [cluster_snapshot]),
        },
    )

    for kind in (DbSnapshot, DbClusterSnapshot):
        collected = collect(source, kind, "shared_with")
        assert not collected.resources
        assert sum(one.gone for one in collected.coverage) == 1


def table(**fields: Any) -> Answer:
    return lambda **_: {"Table": {"DeletionProtectionEnabled": True} | fields}


def tables(description: Answer, only: str = "") -> dict[str, DynamoDbTable]:
    source = FakeClients(
        answers={"describe_table": description},
        pages={"list_tables": pages("TableNames", ["one"], ["two"])},
    )
    return found(collect(source, DynamoDbTable, "kms_key", only=only), DynamoDbTable)


def test_tables_are_read_to_the_last_page_and_one_by_its_arn() -> None:
    arn = f"arn:aws:dynamodb:{REGION}:{US}:table/two"

    assert sorted(tables(table())) == ["one", "two"]
    (one,) = tables(table(), only=arn).values()
    assert one.arn == arn


def test_a_table_tells_whose_key_encrypts_it() -> None:
    key = {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": "arn:key"}

    assert known(tables(table(SSEDescription=key))["one"].kms_key) == "arn:key"
    assert known(tables(table())["one"].kms_key) is None
    going = {"Status": "DISABLING", "KMSMasterKeyArn": "arn:key"}
    assert known(tables(table(SSEDescription=going))["one"].kms_key) is None


def test_a_table_deleted_while_it_is_read_is_gone() -> None:
    assert not tables(raising(refused("ResourceNotFoundException")))


def repositories(*names: str) -> list[dict[str, Any]]:
    return [
        {
            "repositoryArn": f"arn:aws:ecr:{REGION}:{US}:repository/{name}",
            "repositoryName": name,
            "imageScanningConfiguration": {"scanOnPush": False},
        }
        for name in names
    ]


def test_the_registry_is_asked_once_for_all_repositories() -> None:
    asked: Counter[str] = Counter()

    def scanning(**_: Any) -> dict[str, Any]:
        asked["registry"] += 1
        filters = [{"filter": "*", "filterType": "WILDCARD"}]
        rule = {"scanFrequency": "CONTINUOUS_SCAN", "repositoryFilters": filters}
        return {"scanningConfiguration": {"scanType": "ENHANCED", "rules": [rule]}}

    source = FakeClients(
        answers={"get_registry_scanning_configuration": scanning},
        pages={"describe_repositories": pages("repositories", repositories("a", "b"))},
    )

    found_ones = found(collect(source, EcrRepository, "registry"), EcrRepository)

    rule = ScanningRule(frequency="CONTINUOUS_SCAN", filters=("*",))
    expected = RegistryScanning(is_enhanced=True, rules=(rule,))
    assert [known(one.registry) for one in found_ones.values()] == [expected, expected]
    assert asked["registry"] == 1


def test_repositories_and_file_systems_by_arns_that_are_gone_are_no_error() -> None:
    source = FakeClients(
        answers={
            "describe_repositories": raising(refused("RepositoryNotFoundException")),
            "describe_file_systems": raising(refused("FileSystemNotFound")),
        }
    )
    for kind, arn in (
        (EcrRepository, f"arn:aws:ecr:{REGION}:{US}:repository/a"),
        (EfsFileSystem, f"arn:aws:elasticfilesystem:{REGION}:{US}:file-system/fs-1"),
    ):
        collected = collect(source, kind, only=arn)
        assert not collected.resources
        assert all(one.complete for one in collected.coverage)
