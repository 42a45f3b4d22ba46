import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.detection.event.sessions import access_key, session_link, touched
from vedette.findings.case import Chains, SessionLink, Sighting
from vedette.findings.severity import Severity

ALICE = "arn:aws:iam::111122223333:user/alice"
ASSUMED = {
    "eventTime": "1970-01-01T00:01:00Z",
    "eventName": "AssumeRole",
    "eventSource": "sts.amazonaws.com",
    "recipientAccountId": "111122223333",
    "userIdentity": {"type": "IAMUser", "arn": ALICE, "accessKeyId": "AKIA1"},
    "resources": [{"ARN": "arn:aws:iam::111122223333:role/Deploy"}],
    "responseElements": {
        "credentials": {"accessKeyId": "ASIA1"},
        "assumedRoleUser": {"arn": "arn:aws:sts::111122223333:assumed-role/Deploy/ci"},
    },
}


def test_a_role_that_was_assumed_links_caller_and_session() -> None:
    assert session_link(ASSUMED) == SessionLink(
        time=60,
        source=ALICE,
        source_key="AKIA1",
        key="ASIA1",
        session="arn:aws:sts::111122223333:assumed-role/Deploy/ci",
    )


@pytest.mark.parametrize(
    "difference",
    [
        {"eventName": "GetCallerIdentity"},
        {"responseElements": None},
        {"eventTime": "soon"},
        {"userIdentity": {}},
        {"eventName": ["AssumeRole"]},
    ],
)
def test_a_call_that_gives_nobody_credentials_links_nothing(difference: dict[str, Any]) -> None:
    assert session_link(ASSUMED | difference) is None


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            {
                "eventSource": "iam.amazonaws.com",
                "recipientAccountId": "111122223333",
                "awsRegion": "us-east-1",
                "requestParameters": {"userName": "bob"},
                "responseElements": {"accessKey": {"accessKeyId": "AKIA7"}},
            },
            ("AKIA7", "arn:aws:iam::111122223333:user/bob"),
        ),
        (
            {"awsRegion": "cn-north-1", "requestParameters": {"bucketName": "logs"}},
            ("arn:aws-cn:s3:::logs",),
        ),
        (
            {"resources": [{"ARN": "arn:aws:kms:eu-west-1:1:key/k"}, 7, {"ARN": 7}]},
            ("arn:aws:kms:eu-west-1:1:key/k",),
        ),
        ({"requestParameters": {"userName": "bob"}, "recipientAccountId": "1"}, ()),
        (ASSUMED, ()),
        ({}, ()),
    ],
)
def test_what_a_call_touched_is_told(record: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert touched(record) == expected


def test_what_a_call_touched_is_bounded() -> None:
    many = [{"ARN": f"arn:aws:s3:::bucket/{number}"} for number in range(10_000)]

    assert len(touched({"resources": many})) == 20


anything = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                ["credentials", "accessKeyId", "ARN", "arn", "userName", "assumedRoleUser"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*ASSUMED, "requestParameters"]), anything))
def test_wrong_types_never_raise(difference: dict[str, Any]) -> None:
    record = ASSUMED | difference

    assert session_link(record) is None or isinstance(session_link(record), SessionLink)
    assert all(isinstance(one, str) for one in touched(record))
    assert access_key(record) is None or isinstance(access_key(record), str)


def test_recorded_sessions_are_followed_to_the_user(recorded: Path) -> None:
    packed = (recorded / "stratus/aws.credential-access.ec2-get-password-data.json.gz").read_bytes()
    records = json.loads(gzip.decompress(packed))["Records"]
    chains = Chains(link for record in records if (link := session_link(record)))
    session = next(one for one in records if one["eventName"] == "GetPasswordData")
    seen = Sighting(
        rule="r",
        title="t",
        severity=Severity.HIGH,
        time=2**31,
        until=2**31,
        event_ids=(),
        principal="role",
        key=access_key(session),
        session=session["userIdentity"]["arn"],
    )

    assert chains.behind(seen) == ("arn:aws:iam::457448411975:user/christophe", "role")
