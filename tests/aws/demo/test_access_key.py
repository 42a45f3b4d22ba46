"""Credentials that are given outright."""

from urllib.parse import parse_qs, urlsplit

import pytest

from vedette.aws.session import AccessKey, AwsSession, SessionOptions

GIVEN = AccessKey("AKIAGIVENOUTRIGHT000", "as-given-outright")


def key_id_used(options: SessionOptions) -> str:
    url = (
        AwsSession(options).client("sts", "eu-west-1").generate_presigned_url("get_caller_identity")
    )
    (credential,) = parse_qs(str(urlsplit(url).query))["X-Amz-Credential"]
    return credential.partition("/")[0]


def test_a_given_access_key_comes_before_the_environment_s(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOFENVIRONMENT000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "environment")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "environment")

    assert key_id_used(SessionOptions()) == "AKIAOFENVIRONMENT000"
    assert key_id_used(SessionOptions(access_key=GIVEN)) == GIVEN.id


def test_the_secret_is_not_shown() -> None:
    assert GIVEN.secret not in repr(SessionOptions(access_key=GIVEN))
