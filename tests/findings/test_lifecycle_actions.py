import pytest
from pydantic import ValidationError

from tests.findings.observing import ALICE, PASSED, action, at, event, tracked, verdict
from vedette.findings.lifecycle import ActionKind, ActionRefusedError, act
from vedette.findings.tracked import Disposition, FindingStatus, TrackedFinding

ACK, CONTAIN, RESOLVE = ActionKind.ACKNOWLEDGE, ActionKind.CONTAIN, ActionKind.RESOLVE
SUPPRESS, REOPEN = ActionKind.SUPPRESS, ActionKind.REOPEN
RESULT = {
    ACK: FindingStatus.ACKNOWLEDGED,
    CONTAIN: FindingStatus.CONTAINED,
    RESOLVE: FindingStatus.RESOLVED,
    SUPPRESS: FindingStatus.SUPPRESSED,
}


def asked(*wanted: ActionKind) -> TrackedFinding:
    state = tracked(event(0))
    for minute, kind in enumerate(wanted, 1):
        change = act(state, action(kind, minute, state.id))
        assert change is not None
        state = change.after
    return state


@pytest.mark.parametrize("kind", RESULT)
def test_a_person_changes_the_status_with_name_and_reason(kind: ActionKind) -> None:
    state = tracked(event(0))

    change = act(state, action(kind, 3, state.id))

    assert change is not None
    assert change.after.status is RESULT[kind]
    assert change.after.version == state.version + 1
    assert change.after.status_at == at(3)
    (entry,) = change.entries
    assert (entry.actor, entry.reason, entry.at) == (ALICE, "I know this.", at(3))
    assert (entry.status_before, entry.status) == (FindingStatus.OPEN, RESULT[kind])


@pytest.mark.parametrize(
    ("before", "kind"),
    [((ACK,), ACK), ((CONTAIN,), CONTAIN), ((CONTAIN,), ACK), ((RESOLVE,), RESOLVE), ((), REOPEN)],
)
def test_what_is_so_already_changes_nothing(
    before: tuple[ActionKind, ...], kind: ActionKind
) -> None:
    assert act(asked(*before), action(kind, 9, "event-finding")) is None


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        ((RESOLVE,), ACK),
        ((SUPPRESS,), ACK),
        ((RESOLVE,), CONTAIN),
        ((SUPPRESS,), CONTAIN),
        ((RESOLVE,), SUPPRESS),
    ],
)
def test_what_the_lifecycle_does_not_know_is_refused(
    before: tuple[ActionKind, ...], kind: ActionKind
) -> None:
    with pytest.raises(ActionRefusedError):
        act(asked(*before), action(kind, 9, "event-finding"))


@pytest.mark.parametrize("before", [(ACK,), (CONTAIN,), (SUPPRESS,), (RESOLVE,)])
def test_a_person_may_reopen(before: tuple[ActionKind, ...]) -> None:
    change = act(asked(*before), action(REOPEN, 9, "event-finding"))

    assert change is not None
    assert change.after.status is FindingStatus.OPEN
    assert change.after.suppression is None
    assert change.after.episode == 1


def test_acknowledging_alerts_nobody_and_leaves_what_is_still_to_be_told() -> None:
    state = asked(ACK)

    assert state.unannounced
    assert state.transition is not None
    assert state.transition.version == 1


def test_a_posture_finding_is_resolved_by_its_rule_alone() -> None:
    with pytest.raises(ActionRefusedError, match="when the rule passes"):
        act(tracked(verdict(0)), action(RESOLVE, 1, "bucket-finding"))
    with pytest.raises(ActionRefusedError, match="when the rule fails"):
        act(tracked(verdict(0), verdict(1, PASSED)), action(REOPEN, 2, "bucket-finding"))


@pytest.mark.parametrize("kind", [RESOLVE, SUPPRESS])
def test_whoever_closes_a_finding_says_why(kind: ActionKind) -> None:
    with pytest.raises(ActionRefusedError, match="say why"):
        act(asked(), action(kind, 1, "event-finding", reason="  "))


@pytest.mark.parametrize("until", [None, at(1), at(-5), at(60 * 24 * 367)])
def test_a_suppression_ends_and_within_a_year(until: object) -> None:
    with pytest.raises(ActionRefusedError, match="until when, at most 366 days"):
        act(asked(), action(SUPPRESS, 1, "event-finding", until=until))


def test_a_suppression_may_be_prolonged() -> None:
    change = act(asked(SUPPRESS), action(SUPPRESS, 9, "event-finding", until=at(500)))

    assert change is not None
    assert change.after.suppression is not None
    assert change.after.suppression.until == at(500)


def test_a_resolution_says_what_it_turned_out_to_be() -> None:
    wish = action(RESOLVE, 1, "event-finding", disposition=Disposition.FALSE_POSITIVE)

    change = act(asked(), wish)

    assert change is not None
    assert change.after.disposition is Disposition.FALSE_POSITIVE
    assert change.entries[0].disposition is Disposition.FALSE_POSITIVE


def test_an_action_names_its_actor() -> None:
    with pytest.raises(ValidationError):
        action(ACK, 1, "event-finding", actor="")
