"""Mends of RDS: the parameters that every parameter group has, and the default groups.

moto lists the parameters that were set and does not know most default groups. Sources: RDS User
Guide, "Using SSL with a PostgreSQL DB instance" and "Requiring SSL/TLS" for MySQL and MariaDB.
"""

import re

from vedette.aws.stand_in.call import Answer
from vedette.aws.stand_in.gaps.exchange import Exchange, Gap
from vedette.aws.stand_in.wire import Result, result_of

FAMILY = re.compile(r"(?:default\.)?(?P<engine>[a-z-]+)(?P<major>\d+)")
# From this major version on, new default groups demand TLS.
TLS_BY_DEFAULT = {"postgres": 15, "aurora-postgresql": 17}
POSTGRES_ENGINES = ("postgres", "aurora-postgresql")
MYSQL_ENGINES = ("mysql", "mariadb", "aurora-mysql")


def _describe_parameters(exchange: Exchange) -> Answer:
    return _describe(exchange, exchange.parameters["DBParameterGroupName"], "db_parameter_groups")


def _describe_cluster_parameters(exchange: Exchange) -> Answer:
    name = exchange.parameters["DBClusterParameterGroupName"]
    return _describe(exchange, name, "db_cluster_parameter_groups")


def _describe(exchange: Exchange, name: str, groups: str) -> Answer:
    answer = exchange.forward()
    if not answer.succeeded and not name.startswith("default."):
        return answer
    stored: Result = result_of(exchange.call, answer) if answer.succeeded else {}
    chosen = {one["ParameterName"]: one for one in stored.get("Parameters", [])}
    group = getattr(exchange.backend("rds"), groups).get(name)
    defaults = default_parameters(group.family if group else name)
    # RDS says "engine-default" of a value that nobody set, "user" of one that somebody did.
    listed = {
        parameter: {
            "ParameterName": parameter,
            "ParameterValue": value,
            "Source": "engine-default",
        }
        for parameter, value in defaults.items()
    }
    return exchange.reply({"Parameters": list((listed | chosen).values())})


def default_parameters(family: str) -> dict[str, str]:
    """Return the defaults that concern encryption in transit, by parameter name."""
    found = FAMILY.match(family)
    if found is None:
        return {}
    engine, major = found["engine"], int(found["major"])
    if engine in POSTGRES_ENGINES:
        return {"rds.force_ssl": "1" if major >= TLS_BY_DEFAULT[engine] else "0"}
    if engine in MYSQL_ENGINES:
        return {"require_secure_transport": "0"}
    return {"rds.force_ssl": "0"} if engine.startswith("sqlserver") else {}


GAPS: dict[str, Gap] = {
    "rds:DescribeDBClusterParameters": _describe_cluster_parameters,
    "rds:DescribeDBParameters": _describe_parameters,
}
