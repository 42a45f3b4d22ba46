from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.detection.event import record as accessors
from vedette.detection.event.principal import partition_of, principal, session_arn
from vedette.detection.event.record import event_id, event_time, outcome

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
MEMBERS = [
    *("eventTime", "eventID", "recipientAccountId", "awsRegion", "sourceIPAddress", "eventName"),
    *("eventSource", "errorCode", "errorMessage", "responseElements", "serviceEventDetails"),
    *("userIdentity", "additionalEventData", "requestParameters"),
]
IDENTITY_MEMBERS = [
    *("type", "arn", "accountId", "principalId", "userName", "sessionContext", "invokedBy"),
    *("onBehalfOf", "identityProvider", "sessionIssuer", "sourceIdentity"),
]
identities = st.dictionaries(st.sampled_from(IDENTITY_MEMBERS), anything, max_size=6)
wrong_types = st.dictionaries(st.sampled_from(MEMBERS), anything | identities, max_size=8)


@settings(deadline=None)
@given(wrong_types)
def test_wrong_types_count_as_absent_and_never_raise(record: dict[str, Any]) -> None:
    names = ("account", "caller_account", "region", "source_ip", "event_name", "event_source")
    answers = [getattr(accessors, name)(record) for name in names]
    answers += [principal(record), session_arn(record)]

    assert all(one is None or isinstance(one, str) for one in answers)
    assert outcome(record) in ("success", "denied", "failed")
    assert event_id(record)
    assert event_time(record) is None or isinstance(event_time(record), int)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:10Z", 10),
        ("1970-01-01T01:00:10+01:00", 10),
        ("1970-01-01T00:00:10.999Z", 10),
        ("1970-01-01T00:00:10", 10),
        ("2026-02-30T00:00:00Z", None),
        ("1969-12-31T23:59:59Z", None),
        ("9999-12-31T23:59:59Z", None),
        ("0001-01-01T00:00:00+23:59", None),
        ("yesterday", None),
        ("", None),
        ("2026-01-01T00:00:00Z" * 100, None),
        (1_700_000_000, None),
        (None, None),
    ],
)
def test_the_time_is_in_whole_seconds(text: object, expected: int | None) -> None:
    assert event_time({"eventTime": text}) == expected


def test_an_event_without_id_is_known_by_its_content() -> None:
    one, same = {"eventName": "A", "awsRegion": "x"}, {"awsRegion": "x", "eventName": "A"}

    assert event_id({"eventID": "e-1"}) == "e-1"
    assert event_id(one) == event_id(same)
    assert event_id(one) != event_id({"eventName": "B"})
    assert event_id({"eventID": 7}) == event_id({"eventID": 7}) != event_id({"eventID": 8})


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, "success"),
        ({"errorCode": None}, "success"),
        ({"errorCode": "AccessDenied"}, "denied"),
        ({"errorCode": "AccessDeniedException"}, "denied"),
        ({"errorCode": "Client.UnauthorizedOperation"}, "denied"),
        ({"errorCode": "UnauthorizedException"}, "denied"),
        ({"errorCode": "NotAuthorizedException"}, "denied"),
        ({"errorCode": "NoSuchBucket"}, "failed"),
        ({"errorCode": "Client.DryRunOperation"}, "failed"),
        ({"eventName": "ConsoleLogin", "responseElements": {"ConsoleLogin": "Success"}}, "success"),
        ({"eventName": "ConsoleLogin", "responseElements": {"ConsoleLogin": "Failure"}}, "failed"),
        ({"eventName": "Invoke", "responseElements": {"ConsoleLogin": "Failure"}}, "success"),
        ({"errorMessage": "Failed authentication"}, "failed"),
        (
            {
                "eventName": "CredentialVerification",
                "serviceEventDetails": {"CredentialVerification": "Failure"},
            },
            "failed",
        ),
        ({"responseElements": None}, "success"),
    ],
)
def test_the_outcome_is_told_from_code_message_and_answer(record: Any, expected: str) -> None:
    assert outcome(record) == expected


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-west-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-isob-east-1", "aws-iso-b"),
        (None, "aws"),
    ],
)
def test_a_region_tells_its_partition(region: str | None, partition: str) -> None:
    assert partition_of(region) == partition


USER = {"type": "IAMUser", "accountId": "111122223333", "userName": "alice"}
SESSION = "arn:aws:sts::111122223333:assumed-role/"
SSO_ISSUER = (
    "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_1"
)


def issued_by(arn: str, **more: object) -> dict[str, object]:
    return {"sessionContext": {"sessionIssuer": {"arn": arn}, **more}}


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        (
            USER | {"arn": "arn:aws:iam::111122223333:user/alice"},
            "arn:aws:iam::111122223333:user/alice",
        ),
        (
            USER | {"arn": "arn:aws:iam::111122223333:user/a/b/alice"},
            "arn:aws:iam::111122223333:user/alice",
        ),
        (USER, "arn:aws:iam::111122223333:user/alice"),
        (USER | {"userName": "HIDDEN_DUE_TO_SECURITY_REASONS"}, None),
        (
            {"type": "Root", "arn": "arn:aws:iam::111122223333:root"},
            "arn:aws:iam::111122223333:root",
        ),
        ({"type": "Root", "accountId": "111122223333"}, "arn:aws:iam::111122223333:root"),
        ({"arn": f"{SESSION}Deploy/ci-17"}, "arn:aws:iam::111122223333:role/Deploy"),
        (
            {"arn": f"{SESSION}Deploy/ci"} | issued_by("arn:aws:iam::111122223333:role/ci/Deploy"),
            "arn:aws:iam::111122223333:role/Deploy",
        ),
        (
            {"arn": f"{SESSION}Deploy/x"} | issued_by("arn:…", sourceIdentity="alice"),
            "identity:111122223333:alice",
        ),
        ({"arn": f"{SESSION}AWSReservedSSO_Admin_1/alice@example.com"}, "sso:alice@example.com"),
        ({"arn": f"{SESSION}AWSReservedSSO_Admin_1/al"} | issued_by(SSO_ISSUER), "sso:al"),
        (
            {"arn": f"{SESSION}AWSReservedSSO_Fake/arn:aws:iam::111122223333:root"}
            | issued_by("arn:aws:iam::111122223333:role/AWSReservedSSO_Fake"),
            "arn:aws:iam::111122223333:role/AWSReservedSSO_Fake",
        ),
        (
            {"type": "Unknown", "arn": f"{SESSION}AWSReservedSSO_Admin_1/alice"},
            "sso:alice",
        ),
        (
            {"arn": "arn:aws:sts::111122223333:federated-user/tmp"}
            | issued_by("arn:aws:iam::111122223333:user/apps/broker"),
            "arn:aws:iam::111122223333:user/broker",
        ),
        (
            {"arn": "arn:aws:sts::111122223333:federated-user/tmp"},
            "arn:aws:sts::111122223333:federated-user/tmp",
        ),
        (
            {"type": "AWSService", "invokedBy": "config.amazonaws.com"},
            "service:config.amazonaws.com",
        ),
        ({"invokedBy": "AWS Internal"}, "service:AWS Internal"),
        (
            {
                "type": "WebIdentityUser",
                "identityProvider": "accounts.google.com",
                "userName": "42",
            },
            "web:accounts.google.com:42",
        ),
        ({"type": "SAMLUser", "identityProvider": "idp", "userName": "bob"}, "saml:idp:bob"),
        (
            {"type": "Directory", "accountId": "111122223333", "userName": "bob"},
            "directory:111122223333:bob",
        ),
        ({"type": "IdentityCenterUser", "onBehalfOf": {"userId": "u-1"}}, "sso:u-1"),
        ({"type": "Unknown", "accountId": "111122223333", "userName": "alice"}, "sso:alice"),
        (
            {"type": "AWSAccount", "accountId": "444455556666", "principalId": "AROAX:session"},
            "account:444455556666:AROAX",
        ),
        (
            {"type": "AWSAccount", "accountId": "ANONYMOUS_PRINCIPAL", "principalId": ""},
            "anonymous",
        ),
        ({}, None),
        (None, None),
        ("alice", None),
    ],
)
def test_the_principal_is_who_is_behind_the_identity(identity: Any, expected: str | None) -> None:
    assert principal({"userIdentity": identity, "awsRegion": "eu-west-1"}) == expected


def test_failed_and_successful_sign_ins_of_a_user_have_the_same_principal() -> None:
    failed = {"userIdentity": USER | {"principalId": "AIDAX"}, "awsRegion": "us-gov-west-1"}
    arn = "arn:aws-us-gov:iam::111122223333:user/staff/alice"

    assert principal(failed) == principal({"userIdentity": USER | {"arn": arn}})


@settings(deadline=None)
@given(st.text(max_size=40), st.sampled_from(["", "AWSReservedSSO_"]), st.text(max_size=40))
def test_what_a_caller_chooses_is_never_taken_for_the_arn_of_another(
    session: str, prefix: str, identity: str
) -> None:
    chosen = {
        "arn": f"{SESSION}{prefix}Role/{session}",
        "sessionContext": {"sourceIdentity": identity},
    }

    found = principal({"userIdentity": chosen})

    assert found is not None
    assert not found.startswith("arn:") or found == f"arn:aws:iam::111122223333:role/{prefix}Role"


def test_failed_and_successful_sign_ins_at_identity_center_have_the_same_principal() -> None:
    identity = {"type": "IdentityCenterUser", "onBehalfOf": {"userId": "u-1"}}
    failed = {"userIdentity": identity}
    successful = {"userIdentity": identity, "additionalEventData": {"UserName": "alice"}}

    assert principal(failed) == principal(successful) == "sso:u-1"
