"""`vedette findings`: the real command against an API that verifies signatures."""

from collections.abc import Iterator

import pytest

from tests.aws.command import KEYS, Ran, vedette
from tests.cli.findings_server import USER, FindingsServer
from tests.operations.acting import observation
from vedette.findings.severity import Severity
from vedette.findings.tracked import FindingStatus


@pytest.fixture
def api() -> Iterator[FindingsServer]:
    with FindingsServer() as server:
        server.store.record(
            [observation(1, Severity.CRITICAL), observation(2, title="\x1b[31mred\u202e")]
        )
        yield server


ONE = observation(1).id


def run(api: FindingsServer, *arguments: str) -> Ran:
    return vedette("findings", *arguments, "--api", api.url, "--region", "eu-west-3")


def test_open_findings_are_listed_the_most_severe_first(api: FindingsServer) -> None:
    ran = run(api, "list")

    assert ran.code == 0, ran.stderr
    assert [line.split()[1] for line in ran.stdout.splitlines()] == ["CRITICAL", "HIGH"]
    assert "\x1b[31m" not in ran.stdout
    assert "\u202e" not in ran.stdout
    assert "2 findings" in ran.stderr
    assert api.regions == {"eu-west-3"}


def test_findings_are_listed_as_json_by_filter_over_pages(api: FindingsServer) -> None:
    api.store.record(observation(number, Severity.LOW) for number in range(10, 190))

    found = run(api, "list", "--severity", "low", "--limit", "150", "--output", "json").json

    assert len({one["id"] for one in found}) == 150
    assert {one["severity"] for one in found} == {"low"}


def test_the_exit_code_tells_of_severe_findings(api: FindingsServer) -> None:
    assert run(api, "list", "--fail-on", "critical").code == 1
    assert run(api, "list", "--severity", "high", "--fail-on", "critical").code == 0


def test_a_finding_is_shown_and_acknowledged_by_who_signs(api: FindingsServer) -> None:
    acknowledged = run(api, "ack", ONE, "--reason", "on it")
    shown = run(api, "show", ONE)

    assert acknowledged.code == 0, acknowledged.stderr
    assert f"acknowledged by {USER}: on it" in shown.stdout
    assert shown.stdout.startswith("CRITICAL  Finding 1\n  it happened\n")


def test_a_finding_is_suppressed_for_some_days(api: FindingsServer) -> None:
    ran = run(api, "suppress", ONE, "--reason", "a drill", "--days", "365", "--output", "json")

    assert ran.json["status"] == "suppressed"
    assert ran.json["suppression"]["actor"] == USER


def test_a_finding_is_resolved(api: FindingsServer) -> None:
    ran = run(api, "resolve", ONE, "--reason", "key deleted", "--disposition", "benign")

    known = api.store.get(ONE)
    assert ran.code == 0, ran.stderr
    assert known is not None
    assert known.status is FindingStatus.RESOLVED


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "f" * 32), "There is no finding of this id"),
        (("show", "../x"), "32 hexadecimal digits"),
        (("suppress", ONE, "--reason", " ", "--days", "3"), "--reason: say why."),
        (("list", "--rule", "impact/x"), "with a rule, name the account as well"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(
    api: FindingsServer, arguments: tuple[str, ...], said: str
) -> None:
    ran = run(api, *arguments)

    assert ran.code == 2
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr


def test_who_may_not_is_told_what_it_takes(api: FindingsServer) -> None:
    keys = KEYS | {"AWS_SECRET_ACCESS_KEY": "stolen"}
    ran = vedette("findings", "list", "--api", api.url, environment=keys)

    assert ran.code == 2
    assert "execute-api:Invoke" in ran.stderr


def test_without_credentials_it_says_how_to_get_some(api: FindingsServer) -> None:
    ran = vedette("findings", "list", "--api", api.url, environment={"HOME": "/nonexistent"})

    assert ran.code == 2
    assert "There are no AWS credentials" in ran.stderr


@pytest.mark.parametrize("url", ["http://example.com", "ftp://127.0.0.2", "findings"])
def test_nothing_signed_goes_over_an_open_line(url: str) -> None:
    ran = vedette("findings", "list", "--api", url)

    assert ran.code == 2
    assert "is not the address of an API" in ran.stderr


def test_an_api_that_is_not_there_is_told() -> None:
    ran = vedette("findings", "list", "--api", "http://127.0.0.1:9")

    assert ran.code == 2
    assert "cannot be reached" in ran.stderr
