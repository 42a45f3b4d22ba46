from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fakes.clients import Answer, FakeClients, raising, refused
from vedette.aws.collect.reader import Once, Reader, Scope
from vedette.aws.collect.services.iam.credential_report import (
    PAUSES,
    ROOT,
    CredentialReport,
    fetch_report,
    parse_report,
)
from vedette.aws.collect.services.iam.credentials import read_credentials
from vedette.aws.errors import Problem, ReadError
from vedette.resources.iam import IamUser
from vedette.resources.iam_credentials import AccessKey, Credentials
from vedette.resources.resource import GLOBAL_REGION

HEAD = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
    "password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,"
    "access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,"
    "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
    "cert_1_last_rotated,cert_2_active,cert_2_last_rotated"
)
MADE = "2024-01-02T03:04:05+00:00"
USED = "2025-06-07T08:09:10Z"
NO_KEY = "false,N/A,N/A,N/A,N/A"
NO_CERTIFICATES = "false,N/A,false,N/A"
ANN_ARN = "arn:aws:iam::111122223333:user/people/ann"
ANN = IamUser.sample(id="ann", arn=ANN_ARN)
WRITTEN = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def line(user: str, arn: str, password: str, keys: str) -> str:
    return f"{user},{arn},{MADE},{password},{keys},{NO_CERTIFICATES}"


def report(*lines: str) -> CredentialReport:
    return CredentialReport(parse_report("\n".join((HEAD, *lines))), WRITTEN)


NO_SIGN_IN = "false,N/A,N/A,N/A,false"
NO_KEYS = f"{NO_KEY},{NO_KEY}"


def ann(password: str = NO_SIGN_IN, keys: str = NO_KEYS) -> Credentials:
    credentials = report(line("ann", ANN_ARN, password, keys)).credentials("ann")
    assert credentials is not None
    return credentials


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_password_and_its_last_use_are_read() -> None:
    credentials = ann(password=f"true,{USED},{MADE},N/A,true")

    assert credentials.password_enabled
    assert credentials.mfa_active
    assert credentials.password_last_used == moment(USED)
    assert credentials.password_changed == moment(MADE)
    assert credentials.reported == WRITTEN


def test_a_password_that_was_never_used_has_no_date() -> None:
    assert ann(password=f"true,no_information,{MADE},N/A,false").password_last_used is None


def test_keys_keep_their_numbers() -> None:
    credentials = ann(keys=f"{NO_KEY},true,{MADE},{USED},eu-west-1,s3")

    (key,) = credentials.access_keys
    assert key == AccessKey(number=2, active=True, created=moment(MADE), last_used=moment(USED))


def test_an_inactive_key_is_still_a_key() -> None:
    credentials = ann(keys=f"false,{MADE},N/A,N/A,N/A,{NO_KEY}")

    assert [key.active for key in credentials.access_keys] == [False]


@pytest.mark.parametrize(
    ("password", "keys"),
    [
        ("maybe,N/A,N/A,N/A,false", NO_KEYS),
        ("true,yesterday,N/A,N/A,false", NO_KEYS),
        ("true,2025-06-07T08:09:10,N/A,N/A,false", NO_KEYS),
        ("false,N/A,N/A,N/A,", NO_KEYS),
        ("false,N/A,N/A,N/A,false", f"true,N/A,N/A,N/A,N/A,{NO_KEY}"),
    ],
)
def test_a_row_out_of_shape_is_refused(password: str, keys: str) -> None:
    with pytest.raises((ValueError, LookupError)):
        ann(password, keys)


def test_the_root_user_has_a_password_though_the_report_does_not_say_so() -> None:
    written = "not_supported,no_information,not_supported,not_supported,true"
    arn = "arn:aws:iam::111122223333:root"
    row = line(ROOT, arn, written, f"true,{MADE},{USED},us-east-1,iam,{NO_KEY}")

    root = report(row).credentials(ROOT)

    assert root is not None
    assert root.password_enabled
    assert root.last_used == moment(USED)


@pytest.mark.parametrize(
    ("name", "arn"),
    [
        ("a,b", "arn:aws:iam::111122223333:user/a,b"),
        ("a,b", 'arn:aws:iam::111122223333:user/x,"y,arn:/a,b'),
        ("=1+2", "arn:aws:iam::111122223333:user/=1+2"),
        ("true,false,", "arn:aws:iam::111122223333:user/true,false,"),
    ],
)
def test_commas_in_names_and_paths_do_not_shift_columns(name: str, arn: str) -> None:
    odd = line(name, arn, f"true,{USED},{MADE},N/A,true", NO_KEYS)
    quoted = line(
        '"q,uoted"',
        '"arn:aws:iam::1:user/q,uoted"',
        "false,N/A,N/A,N/A,false",
        NO_KEYS,
    )

    both = report(odd, quoted)

    odd_one, quoted_one = both.credentials(name), both.credentials("q,uoted")
    assert odd_one is not None
    assert odd_one.mfa_active
    assert quoted_one is not None
    assert not quoted_one.password_enabled


def test_a_user_whom_the_report_does_not_know_is_not_made_up() -> None:
    assert report().credentials("ann") is None


class Aws:
    """An account whose report takes a while, and whose user can be asked about."""

    def __init__(self, *states: str | dict[str, Any], content: str = HEAD) -> None:
        self._gets = iter(states)
        self._content = content
        self.calls: Counter[str] = Counter()
        self.pauses: list[float] = []
        answers: dict[str, Answer] = {
            "get_credential_report": self.get,
            "generate_credential_report": lambda: {"State": "STARTED"},
            "get_login_profile": raising(refused("NoSuchEntity")),
            "get_user": lambda **_: {"User": {"PasswordLastUsed": moment(USED)}},
            "list_mfa_devices": lambda **_: {"MFADevices": [{"SerialNumber": "x"}]},
            "list_access_keys": lambda **_: {
                "AccessKeyMetadata": [
                    {"AccessKeyId": "AKIA1", "Status": "Inactive", "CreateDate": moment(MADE)},
                    {"AccessKeyId": "AKIA2", "Status": "Active", "CreateDate": moment(MADE)},
                ]
            },
            "get_access_key_last_used": self.key_used,
        }
        self.clients = FakeClients(
            answers={name: self.counted(name, answer) for name, answer in answers.items()}
        )

    def counted(self, name: str, answer: Answer) -> Answer:
        def call(**parameters: Any) -> Any:
            self.calls[name] += 1
            return answer(**parameters)

        return call

    def get(self) -> dict[str, Any]:
        state = next(self._gets, "")
        if state:
            raise refused(str(state))
        return {"Content": self._content.encode(), "GeneratedTime": WRITTEN}

    def key_used(self, AccessKeyId: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        used = {"LastUsedDate": moment(USED)} if AccessKeyId == "AKIA2" else {}
        return {"AccessKeyLastUsed": {"ServiceName": "N/A", **used}}

    def reader(self, *only: str) -> Reader:
        scope = Scope(
            account="111122223333",
            partition="aws",
            regions=("eu-west-1",),
            home="us-east-1",
            only=frozenset(only),
        )
        return Reader(self.clients, scope, GLOBAL_REGION, Once())

    def fetch(self) -> CredentialReport:
        return fetch_report(self.reader(), self.pauses.append)


def test_a_report_that_is_there_takes_one_call() -> None:
    aws = Aws()

    assert aws.fetch().reported == WRITTEN
    assert aws.calls == {"get_credential_report": 1}


@pytest.mark.parametrize("code", ["ReportNotPresent", "ReportExpired", "ReportInProgress"])
def test_a_report_that_is_not_there_is_asked_for_and_waited_for(code: str) -> None:
    aws = Aws(code, "ReportInProgress")

    assert aws.fetch().reported == WRITTEN
    assert aws.calls == {"get_credential_report": 3, "generate_credential_report": 2}
    assert aws.pauses == list(PAUSES[:2])


def test_a_report_that_never_comes_is_a_failed_read() -> None:
    aws = Aws(*["ReportInProgress"] * 100)

    with pytest.raises(ReadError, match="took too long"):
        aws.fetch()

    assert aws.pauses == list(PAUSES)
    assert sum(PAUSES) < 90


def test_a_denied_report_is_a_denial() -> None:
    with pytest.raises(ReadError) as error:
        Aws("AccessDenied").fetch()

    assert error.value.problem is Problem.DENIED


def test_a_broken_report_is_fetched_once_and_not_for_every_user() -> None:
    aws = Aws(content=f"{HEAD}\nann,arn:x,too,short")
    reader = aws.reader()

    for _ in range(3):
        with pytest.raises(ReadError, match="unexpected answer"):
            read_credentials(reader, ANN)

    assert aws.calls["get_credential_report"] == 1


def test_all_users_share_one_report() -> None:
    rows = [
        line(name, f"arn:aws:iam::1:user/{name}", "false,N/A,N/A,N/A,true", NO_KEYS)
        for name in ("ann", "bob")
    ]
    aws = Aws(content="\n".join((HEAD, *rows)))
    reader = aws.reader()

    read = [read_credentials(reader, IamUser.sample(id=name)) for name in ("ann", "bob")]

    assert [one.mfa_active for one in read] == [True, True]
    assert aws.calls == {"get_credential_report": 1}


@pytest.mark.parametrize("only", [(), (ANN_ARN,)])
def test_a_new_user_and_the_only_one_wanted_are_asked_about_directly(only: tuple[str, ...]) -> None:
    aws = Aws()

    read = read_credentials(aws.reader(*only), ANN)

    assert not read.password_enabled
    assert read.mfa_active
    assert read.password_last_used == moment(USED)
    assert [(key.number, key.active, key.last_used) for key in read.access_keys] == [
        (1, False, None),
        (2, True, moment(USED)),
    ]
    assert read.reported is None
    assert aws.calls["get_credential_report"] == (0 if only else 1)


def test_a_user_who_is_gone_by_now_is_told_from_one_without_password() -> None:
    aws = Aws()
    aws.clients.answers["get_user"] = raising(refused("NoSuchEntity"))

    with pytest.raises(ReadError) as error:
        read_credentials(aws.reader(ANN_ARN), ANN)

    assert error.value.code == "NoSuchEntity"
