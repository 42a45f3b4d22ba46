from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.findings.case import MOST_USERS, Case, Chains, SessionLink, Sighting, form_cases
from vedette.findings.severity import Severity

HOUR = 3_600
ALICE = "arn:aws:iam::111122223333:user/alice"
BOB = "arn:aws:iam::111122223333:user/bob"
ROLE = "arn:aws:iam::111122223333:role/Deploy"
ADMIN = "arn:aws:iam::444455556666:role/Admin"
SESSION = "arn:aws:sts::111122223333:assumed-role/Deploy/ci"


def seen(name: str, hour: float, principal: str | None = ALICE, **more: Any) -> Sighting:
    time = int(hour * HOUR)
    given: dict[str, Any] = {
        "rule": name,
        "title": f"Title of {name}",
        "severity": Severity.MEDIUM,
        "time": time,
        "until": time,
        "event_ids": (f"event of {name} at {hour}",),
        "principal": principal,
    }
    return Sighting(**given | more)


def link(hour: float, source: str, **more: Any) -> SessionLink:
    return SessionLink(time=int(hour * HOUR), source=source, **more)


def stories(cases: list[Case]) -> list[list[str]]:
    return [[one.rule for one in case.timeline] for case in cases]


def test_matches_of_one_principal_are_one_story_in_order_of_time() -> None:
    cases = form_cases([seen("b", 2), seen("a", 1), seen("c", 3, BOB)])

    assert stories(cases) == [["a", "b"], ["c"]]
    assert cases[0].actors == (ALICE,)
    assert (cases[0].first, cases[0].last) == (HOUR, 2 * HOUR)


def test_what_lies_further_apart_than_the_window_is_another_story() -> None:
    assert stories(form_cases([seen("a", 0), seen("b", 24), seen("c", 48.1)])) == [
        ["a", "b"],
        ["c"],
    ]
    assert stories(form_cases([seen("a", 0), seen("b", 2)], window=HOUR)) == [["a"], ["b"]]


def test_a_long_match_reaches_until_its_end() -> None:
    long = seen("a", 0, until=40 * HOUR)

    assert stories(form_cases([long, seen("b", 1), seen("c", 60)])) == [["a", "b", "c"]]


def test_a_case_is_as_bad_as_its_worst_match_and_named_after_it() -> None:
    case = form_cases(
        [
            seen("a", 0),
            seen("b", 1, severity=Severity.CRITICAL),
            seen("c", 2, severity=Severity.LOW),
        ]
    )[0]

    assert (case.severity, case.title) == (Severity.CRITICAL, "Title of b")
    assert case.severities == {Severity.MEDIUM: 1, Severity.CRITICAL: 1, Severity.LOW: 1}


def test_the_worst_case_comes_first_and_of_equals_the_one_with_more_tactics() -> None:
    cases = form_cases(
        [
            seen("a", 0),
            seen("b", 1, BOB, tags=("attack.impact",)),
            seen("c", 2, ROLE, severity=Severity.HIGH),
        ]
    )

    assert stories(cases) == [["c"], ["b"], ["a"]]


def test_tactics_are_told_in_order_of_the_matrix_and_of_time() -> None:
    case = form_cases(
        [
            seen("a", 0, tags=("attack.discovery", "attack.t1526")),
            seen("b", 1, tags=("attack.initial_access", "attack.discovery")),
            seen("c", 2, tags=("attack.impact", "car.2020-05-001")),
        ]
    )[0]

    assert case.tactics == ("initial-access", "discovery", "impact")
    assert case.path == ("discovery", "initial-access", "impact")


def test_counts_tell_rules_outcomes_places_and_events() -> None:
    case = form_cases(
        [
            seen("a", 0, account="1", region="eu-west-1", outcome="denied"),
            seen("a", 1, account="2", region="eu-west-1", outcome="success"),
            seen("b", 1, event_ids=("event of a at 1",), outcome="success"),
            seen("burst", 2, event_ids=("x", "y"), event_count=500),
        ]
    )[0]

    assert case.rules == {"a": 2, "b": 1, "burst": 1}
    assert case.outcomes == {"denied": 1, "success": 2, "unknown": 1}
    assert (case.accounts, case.regions) == (("1", "2"), ("eu-west-1",))
    assert case.events == 502


def test_a_role_session_belongs_to_whoever_asked_for_it() -> None:
    links = [link(1, ALICE, key="ASIA1", session=SESSION)]
    told = [seen("a", 0), seen("b", 2, ROLE, key="ASIA1"), seen("c", 2, ROLE, key="ASIA9")]

    assert stories(form_cases(told, links)) == [["a", "b"], ["c"]]


def test_chains_of_roles_are_followed_to_their_beginning() -> None:
    links = [
        link(1, ALICE, source_key="AKIA1", key="ASIA1"),
        link(2, ROLE, source_key="ASIA1", key="ASIA2"),
    ]

    cases = form_cases([seen("a", 0, key="AKIA1"), seen("b", 3, ADMIN, key="ASIA2")], links)

    assert stories(cases) == [["a", "b"]]
    assert Chains(links).behind(seen("b", 3, ADMIN, key="ASIA2")) == (ALICE, ROLE, ADMIN)


def test_without_a_key_the_latest_way_to_the_session_counts() -> None:
    links = [link(1, ALICE, session=SESSION), link(3, BOB, session=SESSION)]
    chains = Chains(links)

    assert chains.behind(seen("a", 2, ROLE, session=SESSION)) == (ALICE, ROLE)
    assert chains.behind(seen("a", 4, ROLE, session=SESSION)) == (BOB, ROLE)
    assert chains.behind(seen("a", 0, ROLE, session=SESSION)) == (ROLE,)


def test_the_callers_own_trail_tells_more_than_that_of_the_role() -> None:
    vague = link(1, "account:111122223333:AIDAX", key="ASIA1")

    for links in ([vague, link(1, ALICE, key="ASIA1")], [link(1, ALICE, key="ASIA1"), vague]):
        assert Chains(links).behind(seen("a", 2, ADMIN, key="ASIA1")) == (ALICE, ADMIN)


def test_a_ring_of_links_comes_to_an_end() -> None:
    ring = [
        link(1, ALICE, source_key="ASIA2", key="ASIA1"),
        link(1, BOB, source_key="ASIA1", key="ASIA2"),
    ]

    assert set(Chains(ring).behind(seen("a", 2, ROLE, key="ASIA1"))) == {ALICE, BOB, ROLE}


def test_what_one_makes_and_another_uses_is_one_story() -> None:
    made = seen("user_made", 0, touched=(BOB,))
    key = seen("key_made", 1, ROLE, touched=("AKIA7",))

    assert stories(form_cases([made, seen("a", 2, BOB)])) == [["user_made", "a"]]
    assert stories(form_cases([key, seen("a", 2, BOB, key="AKIA7")])) == [["key_made", "a"]]


def test_a_resource_ties_those_who_touch_it() -> None:
    told = [
        seen("a", 0, touched=("trail",)),
        seen("b", 1, BOB, touched=("trail",)),
        seen("c", 1, ROLE),
    ]

    assert stories(form_cases(told)) == [["a", "b"], ["c"]]
    assert form_cases(told)[0].actors == (ALICE, BOB)


def test_what_everybody_touches_ties_nobody() -> None:
    crowd = [seen("a", n / 10, f"user {n}", touched=("shared",)) for n in range(MOST_USERS + 1)]

    assert len(form_cases(crowd)) == MOST_USERS + 1
    assert len(form_cases(crowd[:-1])) == 1


def test_a_match_without_a_principal_stands_alone() -> None:
    assert stories(form_cases([seen("a", 0, None), seen("b", 0, None)])) == [["a"], ["b"]]


def test_no_matches_make_no_case() -> None:
    assert form_cases([]) == []


def test_the_id_stays_as_long_as_the_story_begins_the_same() -> None:
    first, second = seen("a", 0), seen("b", 1)

    assert form_cases([first])[0].id == form_cases([first, second])[0].id
    assert form_cases([first])[0].id != form_cases([second])[0].id


sightings = st.builds(
    seen,
    st.sampled_from("abc"),
    st.integers(0, 90),
    st.sampled_from([ALICE, BOB, ROLE, None]),
    key=st.sampled_from([None, "ASIA1", "ASIA2", "AKIA1"]),
    touched=st.lists(st.sampled_from(["r1", "r2", BOB, "AKIA1"]), max_size=2).map(tuple),
    severity=st.sampled_from(Severity),
)
links = st.builds(
    link,
    st.integers(0, 90),
    st.sampled_from([ALICE, BOB, ROLE, "account:1:A"]),
    source_key=st.sampled_from([None, "ASIA1", "ASIA2"]),
    key=st.sampled_from([None, "ASIA1", "ASIA2"]),
    session=st.sampled_from([None, SESSION]),
)


@settings(deadline=None)
@given(st.lists(sightings, max_size=12), st.lists(links, max_size=5), st.data())
def test_any_order_makes_the_same_cases_and_loses_no_match(
    told: list[Sighting], ties: list[SessionLink], data: st.DataObject
) -> None:
    cases = form_cases(told, ties)

    assert form_cases(data.draw(st.permutations(told)), data.draw(st.permutations(ties))) == cases
    assert sorted(map(repr, told)) == sorted(repr(one) for case in cases for one in case.timeline)


@pytest.mark.parametrize("name", [None, ""])
def test_a_chain_without_a_name_is_empty(name: str | None) -> None:
    assert Chains([]).behind(seen("a", 0, name)) == (() if name is None else ("",))
