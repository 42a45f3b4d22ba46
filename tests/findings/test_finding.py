from hypothesis import given
from hypothesis import strategies as st

from vedette.findings.finding import FindingKind, finding_id, parse_control
from vedette.findings.severity import Severity

PARTS = st.tuples(st.text(), st.text(), st.text(), st.text())


@given(PARTS, PARTS)
def test_different_findings_have_different_ids_whatever_their_names(
    one: tuple[str, str, str, str], other: tuple[str, str, str, str]
) -> None:
    same = one == other

    assert (
        finding_id(FindingKind.POSTURE, *one) == finding_id(FindingKind.POSTURE, *other)
    ) is same


def test_a_finding_keeps_its_id() -> None:
    first = finding_id(FindingKind.POSTURE, "s3/x", "111122223333", "eu-west-1", "T b")

    assert first == "60eff1570a54df1ec461106608551a68"


def test_a_lone_surrogate_in_a_name_is_no_obstacle() -> None:
    assert len(finding_id(FindingKind.POSTURE, "r", "a", "g", "\ud800")) == 32


def test_a_control_is_a_framework_and_a_number() -> None:
    control = parse_control("fsbp:S3.8")

    assert (control.framework, control.id) == ("fsbp", "S3.8")


def test_severities_are_ranked() -> None:
    ranked = sorted(Severity, key=lambda one: one.rank)

    assert [one.value for one in ranked] == ["informational", "low", "medium", "high", "critical"]
