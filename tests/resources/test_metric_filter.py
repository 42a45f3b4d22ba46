import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.resources.metric_filter import (
    ANYTHING,
    PATTERN_LIMIT,
    FilterPatternError,
    parse_filter,
)
from vedette.resources.three_valued import Truth, all_of, any_of

# The log event that the CloudWatch Logs User Guide explains the syntax by, and some more.
EVENT = {
    "eventType": "UpdateTrail",
    "sourceIPAddress": "111.111.111.111",
    "arrayKey": ["value", "another value"],
    "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
    "SomeObject": None,
    "ThisFlag": True,
    "user": {"id": 1, "email": "John.Stiles@example.com"},
    "users": [{"id": 2, "email": "John.Doe@example.com"}, {"id": 3, "email": "Jane@example.com"}],
    "actions": ["GET", "PUT", "DELETE"],
    "coordinates": [[0, 1, 2], [4, 5, 6], [7, 8, 9]],
    "latency": 500.5,
    "quoted": 'a "b" c',
    "account": "012345678901",
    "open": {"part": ANYTHING},
}


def matches(pattern: str, event: Any = EVENT) -> Truth:
    return parse_filter(pattern).matches(event)


@pytest.mark.parametrize(
    "pattern",
    [
        '{ $.eventType = "UpdateTrail" }',
        "{$.eventType=UpdateTrail}",
        "  {  $.eventType\n=\tUpdateTrail  }  ",
        "{ $.sourceIPAddress != 123.123.* }",
        '{ $.arrayKey[0] = "value" }',
        "{ $.objectList[1].id = 2 }",
        "{ $.SomeObject IS NULL }",
        "{ $.SomeOtherObject NOT EXISTS }",
        "{ $.user.phone NOT  EXISTS }",
        "{ $.ThisFlag IS TRUE }",
        "{ $.ThisFlag = true }",
        '{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }',
        '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch '
        "&& $.actions[2] = nomatch }",
        "{ $.latency >= 500 }",
        "{ $.latency < 10e3 && $.latency > +1 }",
        "{ $.latency = 500.50 }",
        "{ $.eventType = * }",
        '{ $.eventType = "Update*" }',
        "{ $.eventType = *Trail }",
        "{ $.eventType = *date* }",
        r'{ $.quoted = "a \"b\" c" }',
        "{ $.users[*].id = 3 }",
        "{ $.user.* = 1 }",
        "{ (((($.eventType = UpdateTrail)))) }",
        "{ $.account = 012345678901 }",
    ],
)
def test_a_pattern_matches_the_event(pattern: str) -> None:
    assert matches(pattern) is True


@pytest.mark.parametrize(
    "pattern",
    [
        "{ $.eventType = updatetrail }",
        "{ $.eventType = UpdateTrai }",
        '{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }',
        '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch) '
        "&& $.actions[2] = nomatch }",
        "{ $.users = 1 }",
        "{ $.users != 1 }",
        "{ $.SomeObject = * }",
        "{ $.SomeObject NOT EXISTS }",
        "{ $.ThisFlag IS FALSE }",
        "{ $.absent IS NULL }",
        "{ $.arrayKey[2] = * }",
        "{ $.eventType[0] = U }",
        "{ $.eventType > 5 }",
        "{ $.latency > high }",
        '{ $.eventType = "Delete*Trail" }',
    ],
)
def test_a_pattern_does_not_match_the_event(pattern: str) -> None:
    assert matches(pattern) is False


def test_an_exclusion_does_not_match_where_the_property_is_absent() -> None:
    assert matches("{ $.user.phone != 123 }") is False


@pytest.mark.parametrize(
    "pattern",
    [
        "{ $.eventType = %Update|Delete% }",
        "{ $.eventType = Update*il }",
        "{ $.open.part != noise }",
        "{ $.open.part.deeper != noise }",
        "{ $.open.part = * }",
        "{ $.open.part NOT EXISTS }",
        "{ $.open.part IS NULL }",
        "{ $.open.part = %a% }",
    ],
)
def test_what_nobody_can_tell_is_undecided(pattern: str) -> None:
    assert matches(pattern) is None


def test_a_demand_for_one_value_leaves_other_events_out() -> None:
    assert matches("{ $.open.part = bucket-1 }") is False
    assert matches("{ $.open.part > 3 }") is False


def test_an_undecided_condition_does_not_matter_where_the_others_decide() -> None:
    assert matches("{ $.eventType = UpdateTrail || $.open.part != x }") is True
    assert matches("{ $.eventType = DeleteTrail && $.open.part != x }") is False


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "ERROR",
        '"ConsoleLogin" "Failed"',
        "[ip, user, status = 404]",
        "{}",
        "{ }",
        "{ $.a }",
        "{ $.a = }",
        "{ a = b }",
        "{ $.a = b && }",
        "{ && $.a = b }",
        "{ $.a = b $.c = d }",
        "{ ($.a = b }",
        "{ $.a = b) }",
        "{ () }",
        "{ $.a == b }",
        "{ $.a IS b }",
        '{ $.a = "b }',
        "{ $.a = b } trailing",
        "{ $ = b }",
        "{ $.a = b || || $.c = d }",
    ],
)
def test_what_is_no_pattern_for_json_events_is_refused(pattern: str) -> None:
    with pytest.raises(FilterPatternError):
        parse_filter(pattern)


def test_a_pattern_longer_than_aws_takes_is_refused() -> None:
    with pytest.raises(FilterPatternError, match="1,024"):
        parse_filter("{ $.a = " + "b" * PATTERN_LIMIT + " }")


@given(st.text(alphabet='{}()$.a1*[]"%\\&|=!<> \nISNULOTEXR', max_size=PATTERN_LIMIT))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        expression = parse_filter("{" + text + "}")
    except FilterPatternError:
        return
    assert expression.matches(EVENT) in (True, False, None)


@pytest.mark.parametrize(
    "pattern",
    [
        "{" + "(" * 500 + "$.a = b" + ")" * 500 + "}",
        "{" + "(" * 1000 + "}",
        "{ $" + ".a" * 500 + " }",
        "{ $.a = " + "\\" * 1000 + " }",
        '{ $.a = "' + '\\"' * 500 + " }",
        "{ $.eventType = " + "*a" * 500 + " }",
        "{" + "$.*" * 300 + " = b }",
        "{" + " || ".join(["$.a=b"] * 100) + "}",
    ],
)
def test_hostile_patterns_take_no_time(pattern: str) -> None:
    parse_filter.cache_clear()
    start = time.process_time()
    with suppress(FilterPatternError):
        parse_filter(pattern).matches(EVENT)
    assert time.process_time() - start < 0.1


FIELDS = ("eventType", "sourceIPAddress", "absent")
VALUES = ("UpdateTrail", "111.111.111.111", "other")
Tree = tuple[str, Any, Any]


def trees() -> st.SearchStrategy[Tree]:
    leaves = st.tuples(
        st.sampled_from(("=", "!=")), st.sampled_from(FIELDS), st.sampled_from(VALUES)
    )
    return st.recursive(
        leaves, lambda inner: st.tuples(st.sampled_from(("&&", "||")), inner, inner), max_leaves=8
    )


def evaluated(tree: Tree) -> bool:
    """Evaluate naively, by recursion."""
    operator, left, right = tree
    if operator in ("&&", "||"):
        both = (evaluated(left), evaluated(right))
        return all(both) if operator == "&&" else any(both)
    if left not in EVENT:
        return False
    return (EVENT[left] == right) is (operator == "=")


def written(tree: Tree, draw: Any) -> str:
    """Write a tree as a pattern: with the parentheses that it needs, and some that it does not."""
    operator, left, right = tree
    gap = draw(st.sampled_from(("", " ", "\n", "  ")))
    if operator not in ("&&", "||"):
        value = f'"{right}"' if draw(st.booleans()) else right
        text = f"$.{left}{gap}{operator}{gap}{value}"
        return f"({gap}{text}{gap})" if draw(st.booleans()) else text
    sides = [
        f"({written(side, draw)})" if operator == "&&" and side[0] == "||" else written(side, draw)
        for side in (left, right)
    ]
    return f"{sides[0]} {operator}{gap}{sides[1]}"


@given(trees(), st.data())
def test_spelling_does_not_change_what_a_pattern_matches(tree: Tree, data: st.DataObject) -> None:
    assert matches("{ " + written(tree, data.draw) + " }") is evaluated(tree)


@given(st.lists(st.sampled_from([True, False, None])))
def test_three_valued_logic_is_right_for_every_outcome_of_the_undecided(
    truths: list[Truth],
) -> None:
    outcomes = [[True if one is None else one for one in truths]]
    outcomes.append([False if one is None else one for one in truths])
    conjunctions = {all(outcome) for outcome in outcomes}
    disjunctions = {any(outcome) for outcome in outcomes}

    assert all_of(truths) is (conjunctions.pop() if len(conjunctions) == 1 else None)
    assert any_of(truths) is (disjunctions.pop() if len(disjunctions) == 1 else None)
