"""Snapshots of RDS: instances, clusters and manual snapshots.

Neptune and DocumentDB answer through the same API. Their instances and clusters are left out, since
they have settings and controls of their own; their cluster snapshots are in, since sharing one
gives the same data away.
"""

from typing import ClassVar

from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.resource import Resource

EVERYONE = "all"


class DbInstance(Resource):
    """One DB instance; its id is its identifier, `cluster` that of the cluster it belongs to.

    `vpc` is None outside a VPC. `tls_parameter` is the value that the parameter group gives to the
    engine's parameter (`vedette.resources.rds_tls`), None if it gives none; None too for a member
    of a cluster, whose parameter group decides. `backup_days` is how long automated backups live.
    """

    type: ClassVar[str] = "AWS::RDS::DBInstance"
    service: ClassVar[str] = "rds"

    engine: str
    cluster: str | None = None
    parameter_group: str | None = None
    engine_version: Fact[str] = NOT_COLLECTED
    is_public: Fact[bool] = NOT_COLLECTED
    vpc: Fact[str | None] = NOT_COLLECTED
    is_encrypted: Fact[bool] = NOT_COLLECTED
    is_multi_az: Fact[bool] = NOT_COLLECTED
    upgrades_minor_versions: Fact[bool] = NOT_COLLECTED
    is_deletion_protected: Fact[bool] = NOT_COLLECTED
    backup_days: Fact[int] = NOT_COLLECTED
    tls_parameter: Fact[str | None] = NOT_COLLECTED


class DbCluster(Resource):
    """One DB cluster, of Aurora or Multi-AZ; its id is its identifier."""

    type: ClassVar[str] = "AWS::RDS::DBCluster"
    service: ClassVar[str] = "rds"

    engine: str
    parameter_group: str | None = None
    engine_version: Fact[str] = NOT_COLLECTED
    is_encrypted: Fact[bool] = NOT_COLLECTED
    is_multi_az: Fact[bool] = NOT_COLLECTED
    is_deletion_protected: Fact[bool] = NOT_COLLECTED
    tls_parameter: Fact[str | None] = NOT_COLLECTED


class DbSnapshot(Resource):
    """One manual snapshot of an instance; its id is its identifier.

    `shared_with` holds the ids of the accounts that may restore it, or "all". Automated snapshots
    are left out: nobody can share them, and they are encrypted as their instance is.
    """

    type: ClassVar[str] = "AWS::RDS::DBSnapshot"
    service: ClassVar[str] = "rds"

    is_encrypted: Fact[bool] = NOT_COLLECTED
    shared_with: Fact[frozenset[str]] = NOT_COLLECTED


class DbClusterSnapshot(Resource):
    """One manual snapshot of a cluster; its id is its identifier, its facts as `DbSnapshot`'s."""

    type: ClassVar[str] = "AWS::RDS::DBClusterSnapshot"
    service: ClassVar[str] = "rds"

    is_encrypted: Fact[bool] = NOT_COLLECTED
    shared_with: Fact[frozenset[str]] = NOT_COLLECTED
