"""Databases and tables."""

import secrets
from typing import Any

from vedette.aws.demo.account import PARTNER, STRANGER, VIRGINIA, Account, tags
from vedette.aws.demo.network import Network

PRIVATE, PUBLIC = "hlb-shop-private", "hlb-shop-public"
KEY = {"AttributeName": "id", "KeyType": "HASH"}
ATTRIBUTE = {"AttributeName": "id", "AttributeType": "S"}


def create_databases(account: Account, network: Network, key: str) -> None:
    """Create databases, their snapshots, and tables."""
    rds = account.client("rds")
    for name, subnets in (
        (PRIVATE, network.private_subnets),
        (PUBLIC, (network.public_subnet, network.private_subnets[1])),
    ):
        rds.create_db_subnet_group(
            DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=list(subnets)
        )
    _orders(rds, network, key)
    _catalogue(rds, network)
    _clusters(rds, network, key)
    _snapshots(rds)
    _tables(account, key)


def _orders(rds: Any, network: Network, key: str) -> None:
    rds.create_db_instance(
        **_instance("hlb-orders", "postgres", "16.4"),
        MultiAZ=True,
        PubliclyAccessible=False,
        StorageEncrypted=True,
        KmsKeyId=key,
        AutoMinorVersionUpgrade=True,
        BackupRetentionPeriod=14,
        DeletionProtection=True,
        DBSubnetGroupName=PRIVATE,
        VpcSecurityGroupIds=[network.database_group],
        Tags=tags(team="shop", environment="production"),
    )


def _catalogue(rds: Any, network: Network) -> None:
    """The editors reach the catalogue from home, so it was put on the internet."""
    rds.create_db_instance(
        **_instance("hlb-catalogue", "mysql", "8.0.36"),
        MultiAZ=False,
        PubliclyAccessible=True,
        StorageEncrypted=False,
        AutoMinorVersionUpgrade=False,
        BackupRetentionPeriod=0,
        DBSubnetGroupName=PUBLIC,
        VpcSecurityGroupIds=[network.debug_group],
        Tags=tags(team="editors", environment="production"),
    )


def _instance(name: str, engine: str, version: str) -> dict[str, Any]:
    return {
        "DBInstanceIdentifier": name,
        "DBInstanceClass": "db.t4g.medium",
        "Engine": engine,
        "EngineVersion": version,
        "AllocatedStorage": 100,
        "MasterUsername": "owner",
        "MasterUserPassword": secrets.token_urlsafe(16),
    }


def _clusters(rds: Any, network: Network, key: str) -> None:
    for name, version, encrypted in (
        ("hlb-analytics", "17.4", True),
        ("hlb-reviews", "16.4", False),
    ):
        rds.create_db_cluster(
            DBClusterIdentifier=name,
            Engine="aurora-postgresql",
            EngineVersion=version,
            MasterUsername="owner",
            MasterUserPassword=secrets.token_urlsafe(16),
            StorageEncrypted=encrypted,
            DeletionProtection=encrypted,
            DBSubnetGroupName=PRIVATE,
            VpcSecurityGroupIds=[network.database_group],
            Tags=tags(team="shop"),
            **({"KmsKeyId": key} if encrypted else {}),
        )


def _snapshots(rds: Any) -> None:
    for name, database, whom in (
        ("hlb-orders-before-christmas", "hlb-orders", []),
        ("hlb-catalogue-for-agency", "hlb-catalogue", [STRANGER]),
        ("hlb-catalogue-open-day", "hlb-catalogue", ["all"]),
    ):
        rds.create_db_snapshot(
            DBSnapshotIdentifier=name, DBInstanceIdentifier=database, Tags=tags(team="shop")
        )
        rds.modify_db_snapshot_attribute(
            DBSnapshotIdentifier=name, AttributeName="restore", ValuesToAdd=whom
        )
    for name, cluster, whom in (
        ("hlb-analytics-for-pelican", "hlb-analytics", [PARTNER]),
        ("hlb-reviews-for-agency", "hlb-reviews", [STRANGER]),
    ):
        rds.create_db_cluster_snapshot(
            DBClusterSnapshotIdentifier=name, DBClusterIdentifier=cluster, Tags=tags(team="shop")
        )
        rds.modify_db_cluster_snapshot_attribute(
            DBClusterSnapshotIdentifier=name, AttributeName="restore", ValuesToAdd=whom
        )


def _tables(account: Account, key: str) -> None:
    dynamodb = account.client("dynamodb")
    encryption = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
    _table(
        dynamodb,
        "hlb-orders",
        DeletionProtectionEnabled=True,
        SSESpecification=encryption,
    )
    dynamodb.update_continuous_backups(
        TableName="hlb-orders",
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
    )
    _table(dynamodb, "hlb-baskets")
    _table(account.client("dynamodb", VIRGINIA), "bookworm-ratings")


def _table(dynamodb: Any, name: str, **settings: Any) -> None:
    dynamodb.create_table(
        TableName=name,
        KeySchema=[KEY],
        AttributeDefinitions=[ATTRIBUTE],
        BillingMode="PAY_PER_REQUEST",
        Tags=tags(team="shop"),
        **settings,
    )
