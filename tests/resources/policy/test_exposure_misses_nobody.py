"""Whoever a plain evaluation of the policy lets in is in the report."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.resources.policy.naive_iam import Request, is_allowed
from tests.resources.policy.policies import BUCKET, OWNER, STRANGER, policy
from vedette.resources.policy.exposure import Exposure, find_exposure

ROLE = f"arn:aws:iam::{OWNER}:role/reader"
ELSEWHERE = {"aws:sourceip": "198.51.100.7", "aws:securetransport": "true"}
UNSIGNED = Request(account=None, action="s3:GetObject", resource=f"{BUCKET}/a", keys=ELSEWHERE)


def signed(account: str, organization: str, **keys: str) -> Request:
    own = {
        "aws:principalaccount": account,
        "aws:principalarn": f"arn:aws:iam::{account}:role/visitor",
        "aws:principalorgid": organization,
        "aws:principalorgpaths": f"{organization}/r-1/ou-1/",
        "aws:principalisawsservice": "false",
    }
    named = {f"aws:{key}": value for key, value in keys.items()}
    return Request(
        account=account,
        action="s3:GetObject",
        resource=f"{BUCKET}/a",
        keys=ELSEWHERE | own | named,
    )


STRANGERS = (
    UNSIGNED,
    Request(**(vars(UNSIGNED) | {"keys": {"aws:securetransport": "false"}})),
    signed("123123123123", "o-evil"),
    signed("123123123123", "o-evil", sourcevpce="vpce-evil", sourcevpc="vpc-evil"),
)
OUTSIDERS = (
    *STRANGERS,
    signed(STRANGER, "o-evil"),
    signed(STRANGER, "o-1"),
    signed("123123123123", "o-1"),
    signed("123123123123", "o-evil", sourcevpce="vpce-1"),
    signed("123123123123", "o-evil", sourceip="203.0.113.9"),
)

VALUES: dict[str, list[str]] = {
    "aws:PrincipalOrgID": ["o-1", "o-*"],
    "aws:PrincipalOrgPaths": ["o-1/*", "*/ou-1/*"],
    "aws:PrincipalAccount": [OWNER, STRANGER, "1*"],
    "aws:PrincipalArn": [ROLE, f"arn:aws:iam::{STRANGER}:role/*", "arn:aws:iam::*:role/*", "*"],
    "aws:SourceVpce": ["vpce-1", "vpce-*"],
    "aws:SourceArn": [f"arn:aws:sns:*:{OWNER}:*"],
    "aws:UserAgent": ["curl"],
}
STRING_OPERATORS = ["StringEquals", "StringLike", "StringNotEquals", "StringNotLike"]
ARN_OPERATORS = ["ArnLike", "ArnNotLike"]
SUFFIXES = st.sampled_from(["", "", "IfExists"])
PREFIXES = st.sampled_from(["", "", "", "ForAnyValue:", "ForAllValues:"])


@st.composite
def blocks(draw: st.DrawFn) -> tuple[str, str, list[str]]:
    key = draw(st.sampled_from([*VALUES, "aws:SourceIp", "Bool", "Null"]))
    if key == "aws:SourceIp":
        ranges = draw(st.sampled_from([["203.0.113.0/24"], ["0.0.0.0/1", "128.0.0.0/1"]]))
        return draw(st.sampled_from(["IpAddress", "NotIpAddress"])) + draw(SUFFIXES), key, ranges
    answer = [draw(st.sampled_from(["true", "false"]))]
    if key == "Bool":
        flag = draw(st.sampled_from(["aws:SecureTransport", "aws:PrincipalIsAWSService"]))
        return "Bool" + draw(SUFFIXES), flag, answer
    if key == "Null":
        return "Null", draw(st.sampled_from([*VALUES])), answer
    operators = ARN_OPERATORS if key.endswith("Arn") and draw(st.booleans()) else STRING_OPERATORS
    operator = draw(PREFIXES) + draw(st.sampled_from(operators)) + draw(SUFFIXES)
    return operator, key, draw(st.lists(st.sampled_from(VALUES[key]), min_size=1, max_size=2))


CONDITIONS = st.lists(blocks(), max_size=2).map(
    lambda drawn: {
        operator: {key: values for own, key, values in drawn if own == operator}
        for operator, _, _ in drawn
    }
)
PRINCIPALS = st.sampled_from(
    ["*", {"AWS": "*"}, {"AWS": STRANGER}, {"AWS": [ROLE, f"arn:aws:iam::{STRANGER}:root"]}]
)
ACTIONS = st.lists(st.sampled_from(["s3:Get*", "s3:GetObject", "s3:*", "S3:PutObject"]), min_size=1)
RESOURCES = st.lists(
    st.sampled_from([BUCKET, f"{BUCKET}/*", f"{BUCKET}/b*", "*"]), min_size=1, max_size=2
)


@st.composite
def statements(draw: st.DrawFn, effect: str) -> dict[str, Any]:
    def named(element: str) -> str:
        return draw(st.sampled_from([element] * 4 + [f"Not{element}"]))

    return {
        "Effect": effect,
        named("Principal"): draw(PRINCIPALS),
        named("Action"): draw(ACTIONS),
        named("Resource"): draw(RESOURCES),
        "Condition": draw(CONDITIONS),
    }


POLICIES = st.tuples(
    st.lists(statements("Allow"), min_size=1, max_size=2), st.lists(statements("Deny"), max_size=2)
).map(lambda sides: [*sides[0], *sides[1]])


@settings(max_examples=400, deadline=None)
@given(POLICIES)
def test_what_a_stranger_may_do_is_public(written: list[dict[str, Any]]) -> None:
    found = find_exposure(policy(*written), owner=OWNER)
    if any(is_allowed(written, stranger) for stranger in STRANGERS):
        assert found.anyone_may("s3:GetObject")


@settings(max_examples=400, deadline=None)
@given(POLICIES)
def test_whoever_is_let_in_from_outside_is_reported(written: list[dict[str, Any]]) -> None:
    if any(is_allowed(written, outsider) for outsider in OUTSIDERS):
        assert find_exposure(policy(*written), owner=OWNER) != Exposure()
