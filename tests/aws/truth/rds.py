"""RDS: instances, clusters and their snapshots."""

from typing import Any

from tests.aws.truth.world import Aws, World

OTHER_ACCOUNT = "777788889999"
SECRET = {"MasterUsername": "administrator", "MasterUserPassword": "not-a-real-one"}
INSTANCE_RULES = (
    "rds/instance_is_in_a_vpc",
    "rds/instance_is_not_public",
    "rds/instance_is_protected_from_deletion",
    "rds/instance_keeps_backups",
    "rds/instance_spans_availability_zones",
    "rds/instance_storage_is_encrypted",
    "rds/instance_upgrades_minor_versions",
)
INSTANCE_TLS = "rds/instance_requires_encrypted_transport"
CLUSTER_TLS = "rds/cluster_requires_encrypted_transport"


def create_instance(aws: Aws, name: str, engine: str, version: str, **settings: Any) -> None:
    aws("rds").create_db_instance(
        DBInstanceIdentifier=name,
        Engine=engine,
        EngineVersion=version,
        DBInstanceClass="db.t4g.micro",
        AllocatedStorage=20,
        **{"PubliclyAccessible": False} | SECRET | settings,
    )


def create_cluster(aws: Aws, name: str, engine: str, version: str, **settings: Any) -> None:
    aws("rds").create_db_cluster(
        DBClusterIdentifier=name, Engine=engine, EngineVersion=version, **SECRET, **settings
    )


def create_subnet_group(aws: Aws) -> str:
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24")["Subnet"]["SubnetId"]
        for index in range(2)
    ]
    aws("rds").create_db_subnet_group(
        DBSubnetGroupName="private", DBSubnetGroupDescription="private", SubnetIds=subnets
    )
    return "private"


def create_parameter_group(aws: Aws, name: str, family: str, parameter: str, value: str) -> str:
    rds = aws("rds")
    rds.create_db_parameter_group(
        DBParameterGroupName=name, DBParameterGroupFamily=family, Description="TLS"
    )
    rds.modify_db_parameter_group(
        DBParameterGroupName=name,
        Parameters=[
            {"ParameterName": parameter, "ParameterValue": value, "ApplyMethod": "immediate"}
        ],
    )
    return name


def seed_instances(aws: Aws) -> None:
    create_instance(
        aws,
        "good",
        "postgres",
        "16.3",
        StorageEncrypted=True,
        MultiAZ=True,
        AutoMinorVersionUpgrade=True,
        DeletionProtection=True,
        BackupRetentionPeriod=14,
        DBSubnetGroupName=create_subnet_group(aws),
    )
    create_instance(
        aws,
        "bad",
        "mysql",
        "8.0.39",
        PubliclyAccessible=True,
        AutoMinorVersionUpgrade=False,
        BackupRetentionPeriod=0,
    )
    strict = create_parameter_group(aws, "strict", "mysql8.0", "require_secure_transport", "1")
    lax = create_parameter_group(aws, "lax", "postgres16", "rds.force_ssl", "0")
    create_instance(aws, "strict", "mysql", "8.0.39", DBParameterGroupName=strict)
    create_instance(aws, "lax", "postgres", "16.3", DBParameterGroupName=lax)
    create_instance(aws, "old", "postgres", "13.9")


def seed_clusters(aws: Aws) -> None:
    create_cluster(
        aws, "good", "aurora-postgresql", "17.4", StorageEncrypted=True, DeletionProtection=True
    )
    for zone in ("a", "b"):
        aws("rds").create_db_instance(
            DBInstanceIdentifier=f"good-{zone}",
            DBClusterIdentifier="good",
            Engine="aurora-postgresql",
            DBInstanceClass="db.r7g.large",
            AvailabilityZone=f"eu-west-1{zone}",
        )
    create_cluster(aws, "bad", "aurora-mysql", "8.0.mysql_aurora.3.05.2")


def seed_snapshots(aws: Aws) -> None:
    rds = aws("rds")
    create_instance(aws, "plain", "postgres", "16.3")
    create_instance(aws, "sealed", "postgres", "16.3", StorageEncrypted=True)
    create_cluster(aws, "plain", "aurora-mysql", "8.0.mysql_aurora.3.05.2")
    create_cluster(aws, "sealed", "aurora-mysql", "8.0.mysql_aurora.3.05.2", StorageEncrypted=True)
    for source, name in (("sealed", "kept"), ("plain", "published"), ("sealed", "given")):
        rds.create_db_snapshot(DBInstanceIdentifier=source, DBSnapshotIdentifier=name)
        rds.create_db_cluster_snapshot(DBClusterIdentifier=source, DBClusterSnapshotIdentifier=name)
    for name, account in (("published", "all"), ("given", OTHER_ACCOUNT)):
        sharing = {"AttributeName": "restore", "ValuesToAdd": [account]}
        rds.modify_db_snapshot_attribute(DBSnapshotIdentifier=name, **sharing)
        rds.modify_db_cluster_snapshot_attribute(DBClusterSnapshotIdentifier=name, **sharing)


def snapshot_verdicts(kind: str) -> dict[str, dict[str, str]]:
    return {
        f"rds/{kind}_is_encrypted": {"kept": "PASSED", "published": "FAILED"},
        f"rds/{kind}_is_not_public": {
            "kept": "PASSED",
            "given": "PASSED",
            "published": "FAILED",
        },
        f"rds/{kind}_is_shared_with_trusted_accounts_only": {
            "kept": "PASSED",
            "given": "FAILED",
            "published": "FAILED",
        },
    }


WORLDS = (
    World(
        name="instances",
        seed=seed_instances,
        verdicts={
            **{rule: {"good": "PASSED", "bad": "FAILED"} for rule in INSTANCE_RULES},
            INSTANCE_TLS: {
                "good": "PASSED",
                "strict": "PASSED",
                "bad": "FAILED",
                "lax": "FAILED",
                "old": "FAILED",
            },
        },
    ),
    World(
        name="clusters",
        seed=seed_clusters,
        verdicts={
            rule: {"good": "PASSED", "bad": "FAILED"}
            for rule in (
                "rds/cluster_is_protected_from_deletion",
                "rds/cluster_spans_availability_zones",
                "rds/cluster_storage_is_encrypted",
                CLUSTER_TLS,
            )
        },
    ),
    World(
        name="snapshots",
        seed=seed_snapshots,
        verdicts=snapshot_verdicts("snapshot") | snapshot_verdicts("cluster_snapshot"),
    ),
)
