"""RDS cluster refuses connections without TLS.

Why: without TLS, passwords and data cross the network in the clear, and clients fall back to that
quietly when nothing stops them.
Fix: set the engine's parameter to 1 in a parameter group of your own: `rds.force_ssl` for
PostgreSQL and SQL Server, `require_secure_transport` for MySQL and MariaDB.

    aws rds modify-db-cluster-parameter-group --db-cluster-parameter-group-name GROUP \
        --parameters ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=pending-reboot

Note: members of the cluster take the parameter from the cluster.
"""

from vedette.posture.rule import (
    FAILED,
    PASSED,
    UNKNOWN,
    Context,
    Example,
    Fact,
    Judgement,
    NoParameters,
    Severity,
    failed,
    known,
    passed,
    posture_rule,
    unknown,
)
from vedette.resources.rds import DbCluster
from vedette.resources.rds_tls import demands_tls, tls_parameter


def cluster(
    value: str | Fact[str | None] | None, version: str = "16.1", engine: str = "aurora-postgresql"
) -> DbCluster:
    return DbCluster.sample(engine=engine, engine_version=version, tls_parameter=value)


@posture_rule(
    DbCluster,
    severity=Severity.HIGH,
    controls=("fsbp:RDS.38", "fsbp:RDS.39"),
    reads=((DbCluster, "engine_version"), (DbCluster, "tls_parameter")),
    applies=lambda cluster: tls_parameter(cluster.engine) is not None,
    examples=(
        Example(
            "the parameter is on",
            cluster("1"),
            PASSED,
            regardless_of=((DbCluster, "engine_version"),),
        ),
        Example("the engine demands it by default", cluster(None, "17.4"), PASSED),
        Example("the parameter is off", cluster("0"), FAILED),
        Example("it is off though the default is on", cluster("0", "17.4"), FAILED),
        Example("the engine does not demand it by default", cluster(None), FAILED),
        Example(
            "MySQL is told ON",
            cluster("ON", "8.0.39", "aurora-mysql"),
            PASSED,
            regardless_of=((DbCluster, "engine_version"),),
        ),
        Example("MySQL is told nothing", cluster(None, "8.0.39", "aurora-mysql"), FAILED),
        Example("the default is not known", cluster(None, "8.4.3", "aurora-mysql"), UNKNOWN),
        Example("access is denied", cluster(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(cluster: DbCluster, context: Context[NoParameters]) -> Judgement:
    parameter = tls_parameter(cluster.engine)
    value = known(cluster.tls_parameter)
    version = "" if value is not None else known(cluster.engine_version)
    demanded = demands_tls(cluster.engine, version, value)
    if demanded is None:
        return unknown(f"the default of {parameter} in version {version} is not known")
    group = cluster.parameter_group
    if demanded:
        return passed("Connections without TLS are refused.", parameter_group=group)
    return failed(f"Connections without TLS are let in: {parameter} is off.", parameter_group=group)
