"""Whether a database engine refuses connections without TLS.

Sources: Amazon RDS User Guide, "Using SSL with a PostgreSQL DB instance" (default on from version
15), "Requiring SSL/TLS for all connections" to MySQL and MariaDB, "Forcing connections to your DB
instance to use SSL" for SQL Server; Amazon Aurora User Guide, "Securing Aurora PostgreSQL data with
SSL/TLS" (default on from version 17).
"""

import re

from vedette.resources.three_valued import Truth

FORCE_SSL = "rds.force_ssl"
SECURE_TRANSPORT = "require_secure_transport"
_PARAMETERS = {
    "aurora": SECURE_TRANSPORT,
    "aurora-mysql": SECURE_TRANSPORT,
    "aurora-postgresql": FORCE_SSL,
    "mariadb": SECURE_TRANSPORT,
    "mysql": SECURE_TRANSPORT,
    "postgres": FORCE_SSL,
    "sqlserver-ee": FORCE_SSL,
    "sqlserver-ex": FORCE_SSL,
    "sqlserver-se": FORCE_SSL,
    "sqlserver-web": FORCE_SSL,
}
Version = tuple[int, int]
_ON_FROM: dict[str, Version] = {"postgres": (15, 0), "aurora-postgresql": (17, 0)}
# From these versions on AWS has changed the default; a value that is not told could be either.
_UNCLEAR_FROM: dict[str, Version] = {
    "aurora-mysql": (8, 4),
    "mariadb": (11, 8),
    "mysql": (8, 4),
}
_VERSION = re.compile(r"(\d{1,4})(?:\.(\d{1,4}))?")
_ON = frozenset({"1", "on", "true"})


def tls_parameter(engine: str) -> str | None:
    """Name the parameter that demands TLS, or None for engines that demand it otherwise.

    Oracle does it in an option group, Db2 in a registry variable.
    """
    return _PARAMETERS.get(engine)


def demands_tls(engine: str, version: str, value: str | None) -> Truth:
    """Tell what a parameter's value means; None as value stands for the engine's default.

    None as answer: the default is not known for this version.
    """
    if value is not None:
        return value.casefold() in _ON
    number = _number(version)
    if number is None or number >= _UNCLEAR_FROM.get(engine, (9999, 0)):
        return None
    return number >= _ON_FROM.get(engine, (9999, 0))


def _number(version: str) -> Version | None:
    match = _VERSION.match(version)
    return (int(match[1]), int(match[2] or 0)) if match else None
