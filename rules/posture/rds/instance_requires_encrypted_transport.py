"""RDS instance refuses connections without TLS.

Why: without TLS, passwords and data cross the network in the clear, and clients fall back to that
quietly when nothing stops them.
Fix: set the engine's parameter to 1 in a parameter group of your own: `rds.force_ssl` for
PostgreSQL and SQL Server, `require_secure_transport` for MySQL and MariaDB.

    aws rds modify-db-parameter-group --db-parameter-group-name GROUP \
        --parameters ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=pending-reboot

Note: Oracle and Db2 are left out: they demand TLS in an option group and a registry variable.
Members of a cluster are judged through the cluster.
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
from vedette.resources.rds import DbInstance
from vedette.resources.rds_tls import demands_tls, tls_parameter


def instance(
    value: str | Fact[str | None] | None, version: str = "14.9", engine: str = "postgres"
) -> DbInstance:
    return DbInstance.sample(engine=engine, engine_version=version, tls_parameter=value)


@posture_rule(
    DbInstance,
    severity=Severity.HIGH,
    controls=("fsbp:RDS.38", "fsbp:RDS.39", "fsbp:RDS.41", "fsbp:RDS.44"),
    reads=((DbInstance, "engine_version"), (DbInstance, "tls_parameter")),
    applies=lambda instance: (
        instance.cluster is None and tls_parameter(instance.engine) is not None
    ),
    examples=(
        Example(
            "the parameter is on",
            instance("1"),
            PASSED,
            regardless_of=((DbInstance, "engine_version"),),
        ),
        Example("the engine demands it by default", instance(None, "16.3"), PASSED),
        Example("the parameter is off", instance("0"), FAILED),
        Example("it is off though the default is on", instance("0", "16.3"), FAILED),
        Example("the engine does not demand it by default", instance(None), FAILED),
        Example(
            "MySQL is told ON",
            instance("ON", "8.0.39", "mysql"),
            PASSED,
            regardless_of=((DbInstance, "engine_version"),),
        ),
        Example("MySQL is told nothing", instance(None, "8.0.39", "mysql"), FAILED),
        Example("the default is not known", instance(None, "8.4.3", "mysql"), UNKNOWN),
        Example("access is denied", instance(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(instance: DbInstance, context: Context[NoParameters]) -> Judgement:
    parameter = tls_parameter(instance.engine)
    value = known(instance.tls_parameter)
    version = "" if value is not None else known(instance.engine_version)
    demanded = demands_tls(instance.engine, version, value)
    if demanded is None:
        return unknown(f"the default of {parameter} in version {version} is not known")
    group = instance.parameter_group
    if demanded:
        return passed("Connections without TLS are refused.", parameter_group=group)
    return failed(f"Connections without TLS are let in: {parameter} is off.", parameter_group=group)
