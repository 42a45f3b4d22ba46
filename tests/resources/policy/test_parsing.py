import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.resources.policy.policies import BUCKET, OBJECTS, allow, policy, statement
from vedette.resources.policy.document import PolicyDocument, PolicyError
from vedette.resources.policy.parsing import STATEMENTS_LIMIT, TEXT_LIMIT, parse_policy

ELEMENTS = ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource"]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = st.recursive(
    SCALARS | st.sampled_from(["Allow", "Deny", "*", "s3:GetObject", "2012-10-17"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*ELEMENTS, "Statement", "Condition", "AWS", "StringEquals", "Null"])
            | st.text(max_size=8),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def test_json_text_encoded_text_and_parsed_json_are_the_same_policy() -> None:
    tree = {"Version": "2012-10-17", "Statement": allow()}
    text = json.dumps(tree)

    assert parse_policy(text) == parse_policy(tree) == parse_policy(quote(text))


def test_a_plus_sign_in_encoded_text_stays_one() -> None:
    encoded = quote(json.dumps({"Statement": allow(resource="a+b")}), safe="+")

    assert parse_policy(encoded).statements[0].resources.texts == ("a+b",)


def test_a_single_statement_and_single_texts_are_read_like_lists() -> None:
    listed = {"Statement": [allow(["s3:GetObject"], [OBJECTS])]}

    assert parse_policy({"Statement": allow()}) == parse_policy(listed)


def test_negated_elements_are_kept_as_such() -> None:
    read = statement(
        {
            "Effect": "Deny",
            "NotPrincipal": {"AWS": "111122223333"},
            "NotAction": "iam:*",
            "NotResource": [BUCKET],
        }
    )

    assert read.principals is not None
    assert read.principals.negated
    assert read.actions.negated
    assert read.resources.negated
    assert not read.applies_to("iam:GetUser")
    assert read.applies_to("s3:GetObject", OBJECTS)
    assert not read.applies_to("s3:ListBucket", BUCKET)


def test_each_kind_of_principal_is_told_apart() -> None:
    read = statement(
        allow(
            Principal={
                "AWS": ["111122223333", "AROAEXAMPLE"],
                "Service": "sns.amazonaws.com",
                "Federated": ["cognito-identity.amazonaws.com"],
                "CanonicalUser": "79a5",
            }
        )
    ).principals

    assert read is not None
    assert read.aws == ("111122223333", "AROAEXAMPLE")
    assert read.services == ("sns.amazonaws.com",)
    assert read.federated == ("cognito-identity.amazonaws.com",)
    assert read.canonical_users == ("79a5",)
    assert not read.anyone


@pytest.mark.parametrize("everyone", ["*", {"AWS": "*"}, {"AWS": ["111122223333", "*"]}])
def test_every_spelling_of_everyone_is_recognised(everyone: object) -> None:
    read = statement(allow(Principal=everyone)).principals

    assert read is not None
    assert read.include_everyone()


def test_conditions_are_split_into_operator_suffix_prefix_key_and_values() -> None:
    [condition] = statement(
        allow(Condition={"ForAnyValue:StringLikeIfExists": {"AWS:PrincipalOrgPaths": "o-1/*"}})
    ).conditions

    assert condition.operator == "stringlike"
    assert condition.quantifier == "ForAnyValue"
    assert condition.if_exists
    assert condition.key == "aws:principalorgpaths"
    assert condition.values == ("o-1/*",)


def test_booleans_and_numbers_in_conditions_are_read_as_iam_compares_them() -> None:
    conditions = statement(
        allow(Condition={"Bool": {"a": False}, "NumericLessThan": {"b": [1, 1.5]}})
    ).conditions

    assert [one.values for one in conditions] == [("false",), ("1", "1.5")]


def test_a_statement_is_named_by_its_sid_or_its_place() -> None:
    read = policy(allow(), allow(Sid="Readers"), allow(Sid=""), allow(Sid="x" * 500))

    assert [one.label for one in read.statements] == [
        "statement 1",
        "Readers",
        "statement 3",
        "x" * 100,
    ]


def test_a_policy_survives_the_round_trip_through_json() -> None:
    read = policy(
        allow(Principal="*", Condition={"Bool": {"aws:SecureTransport": True}}),
        {"Effect": "Deny", "NotAction": "s3:*", "NotResource": "*", "NotPrincipal": {"AWS": "*"}},
    )
    assert read.statements[0].actions.matches("s3:GetObject")

    again = PolicyDocument.model_validate_json(read.model_dump_json())

    assert again == read
    assert hash(again) == hash(read)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("", "The policy is not JSON (JSONDecodeError)."),
        ("%7", "The policy is not JSON (JSONDecodeError)."),
        ("[]", "The policy is not a JSON object."),
        ("{}", "The policy has no Statement element."),
        ('{"Statement": [7]}', "Statement 1 is not a JSON object."),
        ('{"Statement": [], "Extra": 1}', "The policy has the unknown element 'Extra'."),
        (
            '{"Statement": {"Effect": "Allow", "Effect": "Deny", "Action": "*"}}',
            "The policy writes an element twice, so it is unclear which one counts.",
        ),
        ("[" * 100_000, "The policy is not JSON (RecursionError)."),
        (" " * (TEXT_LIMIT + 1), "The policy has 1,048,577 characters; 1,048,576 are read."),
        ('{"Statement": {"Sid": 1' + "0" * 5000 + "}}", "The policy is not JSON (ValueError)."),
    ],
    ids=range(10),
)
def test_what_is_not_a_policy_is_refused_with_a_sentence(source: str, sentence: str) -> None:
    with pytest.raises(PolicyError) as refusal:
        parse_policy(source)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"Effect": "Maybe"}, "Statement 1 has the effect 'Maybe', not Allow or Deny."),
        ({"Effect": ["Allow"]}, "Statement 1 has the effect of type list, not Allow or Deny."),
        ({"NotAction": "*"}, "Statement 1 has both Action and NotAction."),
        ({"principal": "*"}, "Statement 1 has the unknown element 'principal'."),
        ({"Principal": "me"}, 'Statement 1: Principal is neither "*" nor a JSON object.'),
        (
            {"Principal": {"Aws": "*"}},
            "Statement 1: Principal has the unknown element 'Aws'.",
        ),
        (
            {"Resource": None},
            "Statement 1: Resource has a value of type NoneType where a text belongs.",
        ),
        ({"Condition": []}, "Statement 1: Condition is not a JSON object."),
        ({"Condition": {"Bool": 1}}, "Statement 1: 'Bool' is not a JSON object."),
        (
            {"Condition": {"ForSome:Bool": {"a": 1}}},
            "Statement 1 has the unknown condition prefix 'forsome'.",
        ),
        ({"Sid": "\ud800"}, "Statement 1: Sid has a value '\\ud800' where a text belongs."),
        ({"Sid": "x" * 70_000}, "Statement 1: Sid has a text that is too long to be judged."),
        ({"Action": ["a:b"] * 10_001}, "The policy has more than 10,000 texts."),
    ],
)
def test_a_statement_outside_the_grammar_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PolicyError) as refusal:
        policy(allow() | changes)

    assert str(refusal.value) == sentence


def test_a_statement_without_an_action_is_refused() -> None:
    with pytest.raises(PolicyError, match="Statement 1 has neither Action nor NotAction"):
        policy({"Effect": "Allow", "Resource": "*"})


def test_too_many_statements_are_refused() -> None:
    empty = {"Effect": "Allow", "Action": []}

    assert len(policy(*[empty] * STATEMENTS_LIMIT).statements) == STATEMENTS_LIMIT
    with pytest.raises(PolicyError, match="2,001 statements"):
        policy(*[empty] * (STATEMENTS_LIMIT + 1))


@settings(deadline=None)
@given(JSON)
def test_arbitrary_json_is_read_or_refused_and_never_crashes(tree: object) -> None:
    try:
        read = parse_policy({"Statement": tree})
    except PolicyError:
        return
    assert PolicyDocument.model_validate_json(read.model_dump_json()) == read


@settings(deadline=None)
@given(st.text(max_size=50) | st.binary(max_size=50).map(repr))
def test_arbitrary_text_is_refused(text: str) -> None:
    with pytest.raises(PolicyError):
        parse_policy(text)
