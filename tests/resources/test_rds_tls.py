import pytest

from vedette.resources.rds_tls import demands_tls, tls_parameter


@pytest.mark.parametrize("value", ["1", "ON", "on", "true"])
def test_a_parameter_that_is_on_demands_tls_in_any_version(value: str) -> None:
    assert demands_tls("postgres", "", value) is True


@pytest.mark.parametrize("value", ["0", "OFF", "", "nonsense"])
def test_a_parameter_that_is_off_does_not_whatever_the_default(value: str) -> None:
    assert demands_tls("postgres", "17.2", value) is False


@pytest.mark.parametrize(
    ("engine", "version", "expected"),
    [
        ("postgres", "14.9", False),
        ("postgres", "15.2", True),
        ("postgres", "17", True),
        ("aurora-postgresql", "16.6", False),
        ("aurora-postgresql", "17.4", True),
        ("mysql", "8.0.39", False),
        ("mysql", "8.4.3", None),
        ("aurora-mysql", "8.0.mysql_aurora.3.05.2", False),
        ("mariadb", "10.11.9", False),
        ("mariadb", "11.8.2", None),
        ("sqlserver-se", "15.00.4345.5.v1", False),
        ("postgres", "unheard-of", None),
    ],
)
def test_an_unset_parameter_has_its_engine_s_default(
    engine: str, version: str, expected: bool | None
) -> None:
    assert demands_tls(engine, version, None) is expected


@pytest.mark.parametrize("engine", ["oracle-ee", "db2-se", "custom-sqlserver-ee", "neptune"])
def test_engines_that_demand_tls_otherwise_have_no_parameter(engine: str) -> None:
    assert tls_parameter(engine) is None
