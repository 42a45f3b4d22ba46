"""`vedette hunt --validate-digests` on copies of a bucket; tests/aws does the bucket itself."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from tests.aws.command import Ran, vedette
from tests.cli.key_server import KeyServer
from tests.detection.digests.chain import (
    Chain,
    answer,
    der,
    fingerprint_of,
    new_key,
    pem,
    rewrite,
)
from tests.operations.hunting import TRAIL_STOPPED, rules

# The signature of the newest digest is not in a copy, so what it vouches for is left out.
UNTIL = ("--until", "2026-09-01T03:00:00Z")


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return new_key()


@pytest.fixture
def chain(tmp_path: Path, key: RSAPrivateKey) -> Chain:
    return Chain(tmp_path / "bucket", key).hours(4)


@pytest.fixture
def own(tmp_path: Path) -> list[str | Path]:
    return ["--no-built-in", "--rules", rules(tmp_path / "rules", stopped=TRAIL_STOPPED)]


@pytest.fixture
def keys(tmp_path: Path, key: RSAPrivateKey) -> list[str | Path]:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(answer(key)), encoding="utf-8")
    return ["--validate-digests", "--digest-keys", path]


def states(ran: Ran) -> dict[str, int]:
    found: dict[str, int] = ran.json["digests"]["states"]
    return found


def named(ran: Ran, state: str) -> list[str]:
    files: list[dict[str, Any]] = ran.json["digests"]["files"]
    return [one["file"].rpartition("/")[2] for one in files if one["state"] == state]


def test_logs_that_nobody_touched_are_valid_and_named(
    chain: Chain, own: list[str | Path], keys: list[str | Path]
) -> None:
    ran = vedette("hunt", chain.folder, *own, *keys, *UNTIL, "--output", "json")

    assert ran.code == 0, ran.stderr
    assert states(ran) == {"valid": 6}
    assert {one.name for one in (*chain.logs[:3], *chain.digests[:3])} == set(named(ran, "valid"))
    assert "3 of 3 log files and 3 of 3 digests are as AWS delivered them" in ran.stderr
    schema = json.loads(Path("docs/schemas/hunt.json").read_text(encoding="utf-8"))
    jsonschema.validate(ran.json, schema)


@pytest.mark.parametrize("output", ["table", "json", "jsonl", "csv", "html"])
def test_a_log_that_was_tampered_with_is_loud_in_every_output(
    chain: Chain, own: list[str | Path], keys: list[str | Path], output: str
) -> None:
    rewrite(chain.logs[1], "ListBuckets", "GetObject")

    ran = vedette("hunt", chain.folder, *own, *keys, *UNTIL, "--output", output)

    assert ran.code == 3
    assert "Digests: TAMPERED: 1 changed or missing" in ran.stderr
    told = "".join((ran.stdout + ran.stderr).split())
    assert chain.logs[1].name in told
    assert "itisnotwhatAWSdelivered" in told


def test_tampering_counts_as_critical_for_the_threshold(
    chain: Chain, own: list[str | Path], keys: list[str | Path]
) -> None:
    chain.logs[1].unlink()
    arguments = ("hunt", chain.folder, *own, *keys, *UNTIL)

    assert vedette(*arguments, "--fail-on", "critical").code == 1
    assert vedette(*arguments).code == 3


def test_what_could_not_be_validated_is_no_finding_but_not_everything(
    chain: Chain, own: list[str | Path], keys: list[str | Path]
) -> None:
    """The newest digest of a copy lacks its signature, so nothing vouches for the newest log."""
    ran = vedette(
        "hunt", chain.folder, *own, *keys, "--output", "json", "--fail-on", "informational"
    )

    assert ran.code == 3
    assert states(ran) == {"unverified": 1, "not_covered": 1, "valid": 6}
    assert named(ran, "unverified") == [chain.digests[3].name]
    assert named(ran, "not_covered") == [chain.logs[3].name]
    assert "2 could not be validated" in ran.stderr


def test_missing_changed_and_added_files_and_gaps_are_told_apart(
    chain: Chain, own: list[str | Path], keys: list[str | Path]
) -> None:
    chain.pause(5)
    chain.hours(2)
    chain.logs[0].unlink()
    chain.digests[2].unlink()
    added = chain.logs[1].with_name(chain.logs[1].name.replace("_0000", "_9999"))
    added.write_bytes(chain.logs[1].read_bytes())

    ran = vedette("hunt", chain.folder, *own, *keys, "--output", "json")

    assert set(named(ran, "missing")) == {chain.logs[0].name, chain.digests[2].name}
    assert {added.name, chain.logs[2].name} <= set(named(ran, "not_covered"))
    assert named(ran, "gap") == [chain.digests[4].name]


def test_a_folder_of_logs_finds_the_digests_beside_it(
    chain: Chain, own: list[str | Path], keys: list[str | Path]
) -> None:
    logs = next(chain.folder.glob("AWSLogs/*/CloudTrail"))

    ran = vedette("hunt", logs, *own, *keys, *UNTIL, "--output", "json")

    assert ran.code == 0, ran.stderr
    assert states(ran) == {"valid": 6}


def test_without_digests_nothing_is_called_valid(
    tmp_path: Path, chain: Chain, own: list[str | Path], keys: list[str | Path]
) -> None:
    for digest in chain.digests:
        digest.unlink()

    ran = vedette("hunt", chain.folder, *own, *keys)

    assert ran.code == 3
    assert "there are no digests for that time" in ran.stdout


def test_that_every_log_is_gone_is_loud_though_nothing_is_left_to_hunt_through(
    chain: Chain, own: list[str | Path], keys: list[str | Path]
) -> None:
    for path in chain.logs:
        path.unlink()

    ran = vedette("hunt", chain.folder, *own, *keys, *UNTIL)

    assert ran.code == 2
    assert "Digests: TAMPERED: 3 changed or missing" in ran.stderr
    assert f"{chain.logs[0].name}: a digest vouches for it" in ran.stderr


def test_a_hostile_name_is_escaped(
    chain: Chain, own: list[str | Path], keys: list[str | Path]
) -> None:
    name = "111122223333_CloudTrail_\x1b[2J<b>_20260901T0000Z_x.json.gz"
    chain.logs[0].with_name(name).write_bytes(chain.logs[0].read_bytes())

    for output in ("table", "json", "jsonl", "html"):
        ran = vedette("hunt", chain.folder, *own, *keys, "--output", output)
        assert "\x1b" not in ran.stdout + ran.stderr
        assert output != "html" or "<b>_2026" not in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--digest-keys", "keys.json"], "add --validate-digests"),
        (["--validate-digests", "--digest-keys", "/nonexistent/keys.json"], "cannot be read"),
        (["--validate-digests", "--digest-keys", "/dev/null"], "no public key"),
    ],
)
def test_keys_that_cannot_be_used_end_it_before_it_begins(
    chain: Chain, own: list[str | Path], arguments: list[str], said: str
) -> None:
    ran = vedette("hunt", chain.folder, *own, *arguments)

    assert ran.code == 2
    assert said in " ".join(ran.stderr.split())


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, chain: Chain, own: list[str | Path], keys: list[str | Path]
) -> None:
    (tmp_path / "cryptography.py").write_text("raise ModuleNotFoundError('cryptography')\n")
    path = f"{tmp_path}:{Path('functions').absolute()}"

    ran = vedette("hunt", chain.folder, *own, *keys, environment={"PYTHONPATH": path})

    assert ran.code == 2
    assert "pipx install 'vedette[digests]'" in " ".join(ran.stderr.split())


def test_cloudtrail_is_asked_for_the_keys_of_the_region_and_time(
    chain: Chain, own: list[str | Path], key: RSAPrivateKey
) -> None:
    with KeyServer(der(key), fingerprint_of(key)) as server:
        ran = vedette(
            *("hunt", chain.folder, *own, "--validate-digests", *UNTIL),
            *("--endpoint-url", server.url, "--output", "json"),
        )

    assert ran.code == 0, ran.stderr
    assert states(ran) == {"valid": 6}
    (asked,) = server.asked
    assert asked.region == "eu-west-1"
    assert asked.start <= chain.end.timestamp() - 4 * 3_600 < chain.end.timestamp() <= asked.end


def test_keys_that_cloudtrail_does_not_give_are_said_and_nothing_is_valid(
    chain: Chain, own: list[str | Path]
) -> None:
    with KeyServer(b"", "", denied=True) as server:
        ran = vedette(
            *("hunt", chain.folder, *own, "--validate-digests", *UNTIL),
            *("--endpoint-url", server.url, "--output", "json"),
        )

    assert ran.code == 3
    assert "valid" not in states(ran)
    assert "public keys of eu-west-1" in named(ran, "unverified")
    assert "cloudtrail:ListPublicKeys was denied" in ran.stdout


@pytest.mark.parametrize("region", ["aa-aa-1", "eu-nowhere-7"])
def test_a_region_that_there_is_not_is_not_asked(
    chain: Chain, own: list[str | Path], region: str
) -> None:
    for path in chain.digests:
        path.rename(path.with_name(path.name.replace("eu-west-1", region)))
    with KeyServer(b"", "") as server:
        ran = vedette(
            *("hunt", chain.folder, *own, "--validate-digests"),
            *("--endpoint-url", server.url, "--output", "json"),
        )

    assert ran.code == 3
    assert f"public keys of {region}" in named(ran, "unverified")
    assert server.asked == []


def test_the_key_may_be_a_pem(
    tmp_path: Path, chain: Chain, own: list[str | Path], key: RSAPrivateKey
) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(pem(key))

    ran = vedette("hunt", chain.folder, *own, "--validate-digests", "--digest-keys", path, *UNTIL)

    assert ran.code == 0, ran.stderr
