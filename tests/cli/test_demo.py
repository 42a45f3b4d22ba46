"""The demo as a newcomer runs it: in a process of its own, in whatever environment they have."""

import json
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from vedette.aws.demo.functions import LEAKED_PASSWORD

FUNCTIONS = Path(__file__).parents[2] / "functions"
SECONDS = 60
INCOMPLETE = 3
# A profile that does not exist, keys that nobody knows, a proxy that does not answer.
THE_USER_S = {
    "AWS_PROFILE": "no-such-profile",
    "AWS_ACCESS_KEY_ID": "AKIAOFTHEUSER0000000",
    "AWS_SECRET_ACCESS_KEY": "secret-of-the-user",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
}
ONLY_THIS_MACHINE = """
import socket, sys
connect = socket.socket.connect
def connect_here(self, address):
    if address[0] != "127.0.0.1":
        raise SystemExit(f"the demo calls {address}")
    return connect(self, address)
socket.socket.connect = connect_here
from vedette.cli.main import main
sys.argv[0] = "vedette"
main()
"""
WITHOUT_MOTO = """
import sys
sys.modules["moto"] = None
from vedette.cli.main import main
main()
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """The demo's outcome, and the folder it ran in."""

    code: int
    stdout: str
    stderr: str
    seconds: float
    folder: Path

    @property
    def report(self) -> Path:
        return self.folder / "vedette-demo-report.html"


def environment(folder: Path, **others: str) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PYTHONPATH": str(FUNCTIONS),
        "COLUMNS": "120",
        **others,
    }


def run(folder: Path, script: str, *arguments: str) -> Ran:
    started = time.monotonic()
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", script, *arguments],
        env=environment(folder, **THE_USER_S),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=2 * SECONDS,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr, time.monotonic() - started, folder)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    ran = run(tmp_path_factory.mktemp("newcomer"), ONLY_THIS_MACHINE, "demo")
    assert ran.code == 0, ran.stderr
    return ran


def test_it_takes_seconds(ran: Ran) -> None:
    assert ran.seconds < SECONDS


def test_it_prints_the_table_and_keeps_remarks_apart(ran: Ran) -> None:
    assert "harbour-lane-books-customer-exports" in ran.stdout
    assert "hlb-trail" in ran.stdout
    assert "Harbour Lane Books: " in ran.stderr
    assert "Try next" in ran.stderr
    assert "Try next" not in ran.stdout


def test_it_hunts_through_logs_and_tells_of_the_attack(ran: Ran) -> None:
    assert "Hunting through its CloudTrail logs" in ran.stderr
    assert "rob.castellan" in ran.stdout
    assert "support-sync" in ran.stdout


def test_it_explains_unknown_and_suppressed(ran: Ran) -> None:
    assert "UNKNOWN: harbour-lane-books-legal-hold" in ran.stderr
    assert "exit code 3" in ran.stderr
    assert "findings about harbour-lane-books-website" in ran.stderr


def test_the_report_is_for_the_user_alone(ran: Ran) -> None:
    assert ran.report.stat().st_mode & 0o777 == 0o600
    assert "harbour-lane-books-customer-exports" in ran.report.read_text()


def test_nothing_tells_a_secret(ran: Ran) -> None:
    told = ran.stdout + ran.stderr + ran.report.read_text()

    assert "DB_PASSWORD" in told
    for secret in (LEAKED_PASSWORD, THE_USER_S["AWS_SECRET_ACCESS_KEY"]):
        assert secret not in told


def test_nothing_is_left_but_the_report(ran: Ran) -> None:
    assert list(ran.folder.iterdir()) == [ran.report]


def test_what_it_says_to_try_works(ran: Ran) -> None:
    commands = dict(re.findall(r"^  vedette ((\w+) .*?)  ", ran.stderr, re.MULTILINE))
    tried = {
        command: run(ran.folder, ONLY_THIS_MACHINE, *shlex.split(command)).code
        for command, name in commands.items()
        if name in {"rules", "doctor", "config"}
    }

    assert set(commands.values()) == {"rules", "demo", "doctor", "config", "hunt", "audit"}
    assert set(tried.values()) == {0}


def test_without_moto_it_says_what_to_install(tmp_path: Path) -> None:
    ran = run(tmp_path, WITHOUT_MOTO, "demo")

    assert ran.code == 2
    assert "pipx install 'vedette[demo]'" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert not ran.report.exists()


def test_a_folder_that_is_not_there_is_refused_at_once(tmp_path: Path) -> None:
    ran = run(tmp_path, ONLY_THIS_MACHINE, "demo", "--output-file", "absent/report.html")

    assert ran.code == 2
    assert "there is no folder" in ran.stderr
    assert "Harbour Lane Books" not in ran.stderr


def test_it_serves_the_account_until_it_is_stopped(tmp_path: Path) -> None:
    serving = subprocess.Popen(
        [sys.executable, "-m", "vedette", "demo", "--serve"],
        env=environment(tmp_path),
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = threading.Timer(SECONDS, serving.kill)
    deadline.start()
    try:
        audited = audit_as_told(serving, tmp_path)
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.communicate()
        deadline.cancel()

    assert audited.returncode == INCOMPLETE, audited.stderr
    summary = json.loads(audited.stdout)["summary"]
    assert summary["suppressed"] == 1
    assert all(summary["verdicts"].values())
    assert serving.returncode == 0
    assert list(tmp_path.iterdir()) == []


def audit_as_told(serving: subprocess.Popen[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the audit that the demo prints, with the options that it suggests."""
    assert serving.stderr is not None
    line = next(line for line in serving.stderr if "--endpoint-url" in line)
    words = shlex.split(line)
    program = next(index for index, word in enumerate(words) if "=" not in word)
    settings = dict(word.split("=", 1) for word in words[:program])
    suggested = ("--service", "s3", "--severity", "critical", "--output", "json")
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "vedette", *words[program + 1 :], *suggested],
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
