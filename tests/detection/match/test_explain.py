from tests.detection.compile.sigma_texts import rule_of
from vedette.detection.ir import Text
from vedette.detection.match.explain import describe, explain

RULE = rule_of(
    """
call:
  eventSource: iam.amazonaws.com
  eventName: [CreateAccessKey, CreateLoginProfile]
other:
  userIdentity.userName|fieldref: requestParameters.userName
denied:
  errorCode|exists: true
condition: call and not other and not denied
"""
)
CALL = {"eventSource": "iam.amazonaws.com", "eventName": "CreateAccessKey"}


def test_a_match_names_the_selections_that_held() -> None:
    explanation = explain(RULE, CALL)
    assert explanation.matched
    assert [(one.name, one.held) for one in explanation.selections] == [
        ("call", True),
        ("other", False),
        ("denied", False),
    ]
    assert explanation.missing == ()
    assert not explanation.nearly


def test_a_near_miss_says_what_the_record_would_have_to_be_like() -> None:
    explanation = explain(RULE, CALL | {"errorCode": "AccessDenied"})
    assert not explanation.matched
    assert explanation.nearly
    assert [str(one) for one in explanation.missing] == ["not: errorCode is present"]


def test_a_selection_says_what_it_misses() -> None:
    (call, *_) = explain(RULE, {"eventSource": "s3.amazonaws.com"}).selections
    assert [str(one) for one in call.missing] == [
        'eventSource is "iam.amazonaws.com"',
        'eventName is "CreateAccessKey" or "CreateLoginProfile"',
    ]


def test_what_is_far_from_matching_is_not_near() -> None:
    explanation = explain(RULE, {"errorCode": "AccessDenied"})
    assert len(explanation.missing) == 3
    assert not explanation.nearly


def test_of_alternatives_the_nearest_is_named() -> None:
    rule = rule_of("one: {a: 1, b: 1, c: 1}\ntwo: {d: 1}\ncondition: 1 of them")
    assert [str(one) for one in explain(rule, {"a": 1}).missing] == ['d is "1"']


def test_a_rule_that_can_never_match_is_not_near_to_it() -> None:
    rule = rule_of("one: {'a|expand': '%x%'}\ncondition: one", {"x": []})
    explanation = explain(rule, {"a": 1})
    assert not explanation.matched
    assert not explanation.nearly


def test_derived_fields_are_explained_too() -> None:
    rule = rule_of("one: {vedette.source.country: NL}\ncondition: one")
    derivations = {"vedette.source.country": lambda record: "NL"}
    assert explain(rule, {}, derivations).matched
    assert explain(rule, {}).nearly


def test_every_predicate_has_words() -> None:
    rule = rule_of(
        """
one:
  a|contains|cased: [x, y]
  b|re: '^z'
  c|cidr: 10.0.0.0/8
  d|gte: 5
  e|hour|lt: 6
  f|fieldref|startswith: g
  h: null
  i: [1, 2, 3, 4, 5, 6, 7]
words: [evil]
condition: all of them
"""
    )
    assert [str(one) for one in explain(rule, {"h": 1}).missing] == [
        'a contains "x" or "y" (same case)',
        "b matches the expression ^z",
        'c is an address in "10.0.0.0/8"',
        "d is at least 5",
        "e is a time whose hour is below 6",
        "f starts with what g is",
        "h is absent or null",
        'i is "1" or "2" or "3" or "4" or "5" or one of 2 more',
        'any value contains "evil"',
    ]


def test_a_negated_predicate_is_described_as_such() -> None:
    assert describe(Text("a", "ends", ("b",)), negated=True) == 'not: a ends with "b"'
