"""Credentials in settings are found by form and by name, and references to them are not."""

import time

import pytest

from vedette.resources.credential_names import NameMeaning, meaning_of
from vedette.resources.credentials import CredentialKind, credential_in, credential_in_text

# Put together here, so that no scanner takes this file for a leak.
ACCESS_KEY_ID = "AKIA" + "IOSFODNN7EXAMPLE"
SECRET_ACCESS_KEY = "wJalrXUtnFEMI/" + "K7MDENG/bPxRfiCYEXAMPLEKEY"
RANDOM = "q9Zt4LwX" + "2pVb7NsK"
JWT = ".".join(("eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0In0", "c2lnbmF0dXJlLWhlcmU"))


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("DB_PASSWORD", "hunter2supersecret", CredentialKind.NAMED_PASSWORD),
        ("DB_PASSWORD", "123456", CredentialKind.NAMED_PASSWORD),
        ("dbPassword", "changeme", CredentialKind.NAMED_PASSWORD),
        ("MYSQLPASSWORD", "x1", CredentialKind.NAMED_PASSWORD),
        ("DBPASS", "letmein", CredentialKind.NAMED_PASSWORD),
        ("SMTP_PASS", "p@ss/word", CredentialKind.NAMED_PASSWORD),
        ("DB_PASSWORD_2", "hunter2", CredentialKind.NAMED_PASSWORD),
        ("RESET_PASSWORD", "hunter2", CredentialKind.NAMED_PASSWORD),
        ("APP_SECRET", "hunter2supersecret", CredentialKind.NAMED_SECRET),
        ("JWT_SECRET", "my-jwt-secret", CredentialKind.NAMED_SECRET),
        ("DB_SECRET", "hunter2supersecret", CredentialKind.NAMED_SECRET),
        ("API_KEY", RANDOM, CredentialKind.NAMED_SECRET),
        ("API_KEY", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", CredentialKind.NAMED_SECRET),
        ("stripeApiKey", RANDOM, CredentialKind.NAMED_SECRET),
        ("ENCRYPTION_KEY", RANDOM, CredentialKind.NAMED_SECRET),
        ("GITHUB_TOKEN", RANDOM, CredentialKind.NAMED_SECRET),
        ("SETTING", ACCESS_KEY_ID, CredentialKind.AWS_ACCESS_KEY_ID),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID, CredentialKind.AWS_ACCESS_KEY_ID),
        ("SETTING", SECRET_ACCESS_KEY, CredentialKind.AWS_SECRET_ACCESS_KEY),
        ("SETTING", "ghp_" + "a1B2c3D4e" * 4, CredentialKind.SERVICE_TOKEN),
        ("SETTING", "sk_" + "live_" + RANDOM, CredentialKind.SERVICE_TOKEN),
        ("SETTING", f'{{"slack": "{"xoxb-" + "123456789012-abc"}"}}', CredentialKind.SERVICE_TOKEN),
        ("SETTING", JWT, CredentialKind.SIGNED_TOKEN),
        ("SETTING", "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE", CredentialKind.PRIVATE_KEY),
        ("SETTING", "-----BEGIN " + "PRIVATE KEY-----\nMIIE", CredentialKind.PRIVATE_KEY),
        ("DATABASE_URL", "postgres://app:hunter2@db/app", CredentialKind.PASSWORD_IN_URL),
        ("REDIS_URL", "redis://:hunter2@cache:6379/0", CredentialKind.PASSWORD_IN_URL),
        (
            "SETTING",
            "Server=db;User=app;Password=hunter2;",
            CredentialKind.PASSWORD_IN_CONNECTION_STRING,
        ),
        ("SETTING", "Bearer " + RANDOM, CredentialKind.AUTHORIZATION_HEADER),
        (
            "SETTING",
            "https://hooks.slack.com/services/" + "T0000/B0000/" + RANDOM,
            CredentialKind.WEBHOOK,
        ),
    ],
)
def test_a_credential_is_told_by_its_kind(name: str, value: str, kind: CredentialKind) -> None:
    assert credential_in(name, value) is kind


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD", "   "),
        ("DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"),
        ("DB_PASSWORD", "/prod/db/password"),
        ("DB_PASSWORD", "/MyApp/Prod/DbPassword"),
        ("DB_PASSWORD", "/db_password"),
        ("DB_PASSWORD", "prod/db/password"),
        ("DB_PASSWORD", "/run/secrets/db-password.txt"),
        ("DB_PASSWORD", "{{resolve:secretsmanager:db:SecretString:password}}"),
        ("DB_PASSWORD", "${DB_PASSWORD}"),
        ("DB_PASSWORD", "<your password>"),
        ("DB_PASSWORD", "********"),
        ("DB_PASSWORD", "None"),
        ("DB_PASSWORD", "ssm:/prod/db"),
        ("DB_PASSWORD", "AQICAH" + "h4b2Kx" * 20 + "=="),
        ("SECRET_ARN", "anything"),
        ("PASSWORD_SECRET_NAME", "prod-db"),
        ("DB_PASSWORD_KEY", "password"),
        ("DB_SECRET", "prod-db-credentials"),
        ("DB_SECRET", "prod/db"),
        ("SECRET_ID", "prod-db"),
        ("KMS_KEY_ID", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
        ("ENCRYPTION_KEY", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
        ("ENCRYPTION_KEY", "alias/app"),
        ("SSH_PRIVATE_KEY", "/opt/keys/id_rsa"),
        ("AUTH_TOKEN_URL", "https://login.example.com/token"),
        ("TOKEN_ENDPOINT", "login"),
        ("JWT_PUBLIC_KEY", RANDOM),
        ("MAX_TOKENS", "4096"),
        ("TOKEN", "3600"),
        ("USE_PASSWORD", "true"),
        ("PASSWORD_MIN_LENGTH", "14"),
        ("PASS_THROUGH", "everything"),
        ("COMPASS", "north"),
        ("SORT_KEY", "created_at"),
        ("PASSWORD_RESET_TEMPLATE", "reset.html"),
        ("PASSWORD_RESET_PAGES", "reset"),
        ("DD_KMS_API_KEY", "AQICAH" + "h4b2Kx" * 20 + "=="),
        ("SENTRY_DSN", "https://0123456789abcdef@o1.ingest.sentry.io/2"),
        ("HASH_KEY", "pk"),
        ("PARAMETERS_SECRETS_EXTENSION_CACHE_SIZE", "1000"),
        ("DATABASE_URL", "postgres://db.internal:5432/app"),
        ("DATABASE_URL", "postgres://app:${PASSWORD}@db/app"),
        ("HOMEPAGE", "https://example.com/users/@me"),
        ("GIT_COMMIT", "9fceb02d0ae598e95dc970b74767f19372d61af8"),
        ("LOGICAL_ID", "ProductionFunctionServiceRoleDefaultPol1"),
        ("AUTH_MODE", "Basic authentication"),
        ("CERTIFICATE", "-----BEGIN CERTIFICATE-----\nMIIE"),
        ("KEY_PATH", "prod/key"),
        ("", "value"),
    ],
)
def test_what_is_no_credential_is_left_alone(name: str, value: str) -> None:
    assert credential_in(name, value) is None


@pytest.mark.parametrize(
    "text",
    [
        *("a" * 65_536, "://" * 20_000, "eyJ" * 20_000, "password=" * 7_000, "x:@" * 20_000),
        *("a-" * 30_000 + "!", "/a" * 30_000 + "!", "aB" * 30_000 + "/", "<" * 60_000),
    ],
)
def test_a_hostile_value_takes_no_time(text: str) -> None:
    started = time.process_time()

    credential_in("DB_SECRET", text)
    credential_in(text, "hunter2")

    assert time.process_time() - started < 2


def test_what_stands_behind_the_limit_is_not_read() -> None:
    assert credential_in_text("x" * 70_000 + " " + ACCESS_KEY_ID) is None


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("SECRET_KEY", NameMeaning.SECRET),
        ("clientSecret", NameMeaning.SECRET),
        ("RDS_SECRET", NameMeaning.SECRET_OR_ITS_NAME),
        ("KMS_KEY", NameMeaning.HARMLESS),
        ("ümläut", NameMeaning.HARMLESS),
    ],
)
def test_a_name_means_what_its_words_say(name: str, meaning: NameMeaning) -> None:
    assert meaning_of(name) is meaning
