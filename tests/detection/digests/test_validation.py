import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from tests.detection.digests.chain import BEGIN, HOUR, Chain, answer, new_key, pem, rewrite
from vedette.detection.digests.document import Place
from vedette.detection.digests.keys import PublicKeys, keys_from_answer, keys_from_file
from vedette.detection.digests.store import FolderStore
from vedette.detection.digests.validation import DigestTrouble, Validation, validate


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return new_key()


@pytest.fixture
def chain(tmp_path: Path, key: RSAPrivateKey) -> Chain:
    return Chain(tmp_path, key).hours(4)


def validated(chain: Chain, keys: PublicKeys | None = None, **time: object) -> Validation:
    store = FolderStore([chain.folder], chain.signatures)
    return validate(store, keys or keys_from_answer(answer(chain.key)), **time)  # type: ignore[arg-type]


def troubles(found: Validation) -> list[tuple[DigestTrouble, str]]:
    return [(one.trouble, one.subject.rpartition("/")[2]) for one in found.problems]


def test_a_chain_that_nobody_touched_is_valid(chain: Chain) -> None:
    found = validated(chain)

    assert found.holds
    assert (found.digests, found.valid_digests, found.logs, found.valid_logs) == (4, 4, 4, 4)
    assert found.unvouched == []


def test_a_log_that_was_changed_is_found(chain: Chain) -> None:
    rewrite(chain.logs[1], "2026", "2025")

    found = validated(chain)

    assert troubles(found) == [(DigestTrouble.CHANGED, chain.logs[1].name)]
    assert (found.valid_digests, found.valid_logs) == (4, 3)
    assert not found.holds


def test_a_log_that_is_no_gzip_any_more_is_found(chain: Chain) -> None:
    chain.logs[1].write_bytes(chain.logs[1].read_bytes()[:-12])

    assert troubles(validated(chain)) == [(DigestTrouble.CHANGED, chain.logs[1].name)]


def test_a_log_that_was_packed_anew_is_still_what_aws_delivered(chain: Chain) -> None:
    rewrite(chain.logs[1], "2026", "2026")

    assert validated(chain).holds


def test_a_log_that_was_deleted_is_found(chain: Chain) -> None:
    chain.logs[2].unlink()

    assert troubles(validated(chain)) == [(DigestTrouble.MISSING, chain.logs[2].name)]


def test_a_digest_that_was_changed_is_found_and_vouches_for_nothing(chain: Chain) -> None:
    rewrite(chain.digests[1], '"hashValue": "', '"hashValue": "00')

    found = validated(chain)

    assert troubles(found) == [
        (DigestTrouble.CHANGED, chain.digests[1].name),
        (DigestTrouble.CHANGED, chain.digests[1].name),
    ]
    assert (found.valid_digests, found.logs, len(found.unvouched)) == (3, 3, 1)


def test_a_log_that_was_taken_off_its_digest_is_found_by_the_signature(chain: Chain) -> None:
    name = chain.logs[1].name
    chain.logs[1].unlink()
    rewrite(chain.digests[1], name, "another")

    assert (DigestTrouble.CHANGED, chain.digests[1].name) in troubles(validated(chain))


def test_a_digest_that_was_deleted_is_found(chain: Chain) -> None:
    chain.digests[1].unlink()

    found = validated(chain)

    assert troubles(found) == [(DigestTrouble.MISSING, chain.digests[1].name)]
    assert len(found.unvouched) == 1


def test_the_beginning_of_a_chain_that_was_deleted_is_found(chain: Chain) -> None:
    chain.digests[0].unlink()

    assert troubles(validated(chain)) == [(DigestTrouble.MISSING, chain.digests[0].name)]


def test_what_is_older_than_the_time_asked_for_is_not_missed(chain: Chain) -> None:
    chain.digests[0].unlink()
    chain.logs[0].unlink()

    found = validated(chain, since=BEGIN + HOUR)

    assert found.holds
    assert found.digests == 3


def test_a_pause_of_logging_is_a_gap(chain: Chain) -> None:
    chain.pause(5)
    chain.hours(2)

    found = validated(chain)

    assert troubles(found) == [(DigestTrouble.GAP, chain.digests[4].name)]
    assert "2026-09-01T04:00:00+00:00 to 2026-09-01T09:00:00+00:00" in found.problems[0].reason
    assert found.valid_digests == 6


def test_a_key_that_did_not_sign_makes_nothing_valid(chain: Chain) -> None:
    found = validated(chain, keys_from_file(pem(new_key()), "other.pem"))

    assert {one.trouble for one in found.problems} == {DigestTrouble.CHANGED}
    assert (found.valid_digests, found.valid_logs) == (0, 0)


def test_without_the_key_of_a_digest_it_is_not_verified_and_not_called_changed(
    chain: Chain,
) -> None:
    found = validated(chain, keys_from_answer(answer(new_key())))

    assert {one.trouble for one in found.problems} == {DigestTrouble.UNVERIFIED}
    assert (found.valid_digests, found.valid_logs) == (0, 0)
    assert not found.holds


def test_keys_may_change_along_a_chain(chain: Chain, key: RSAPrivateKey) -> None:
    chain.key = new_key()
    chain.hours(2)

    assert validated(chain, keys_from_answer(answer(key, chain.key))).holds


def test_a_download_lacks_the_signature_of_the_newest_digest_alone(chain: Chain) -> None:
    chain.signatures.clear()

    found = validated(chain)

    assert troubles(found) == [(DigestTrouble.UNVERIFIED, chain.digests[3].name)]
    assert (found.valid_digests, found.valid_logs) == (3, 3)


def test_a_digest_under_another_name_is_found(chain: Chain) -> None:
    moved = chain.digests[3].with_name(chain.digests[3].name.replace("T04", "T05"))
    chain.digests[3].rename(moved)
    chain.signatures[moved.name] = chain.signatures[chain.digests[3].name]

    found = validated(chain)

    assert troubles(found) == [(DigestTrouble.CHANGED, moved.name)]
    assert chain.digests[3].name in found.problems[0].reason


def test_a_log_that_somebody_added_is_counted(chain: Chain) -> None:
    chain.logs[0].with_name(chain.logs[0].name.replace("_000", "_999")).write_bytes(b"{}")

    assert len(validated(chain).unvouched) == 1


@pytest.mark.parametrize("text", [b"", b"not gzip", b"[]", b'{"digestS3Bucket": 1}'])
def test_what_is_no_digest_is_said(chain: Chain, text: bytes) -> None:
    chain.digests[3].write_bytes(text)

    found = validated(chain)

    assert troubles(found) == [(DigestTrouble.UNREADABLE, chain.digests[3].name)]
    assert found.valid_digests == 3


def test_an_algorithm_that_is_not_known_is_said(chain: Chain) -> None:
    chain.hour(digestSignatureAlgorithm="SHA512withRSA")

    found = validated(chain)

    assert troubles(found) == [(DigestTrouble.UNREADABLE, chain.digests[4].name)]
    assert "SHA512withRSA" in found.problems[0].reason


def test_a_signature_that_is_no_number_is_wrong(chain: Chain) -> None:
    chain.signatures[chain.digests[3].name] = "not hexadecimal"

    assert troubles(validated(chain)) == [(DigestTrouble.CHANGED, chain.digests[3].name)]


def test_no_digests_at_all_are_a_problem(tmp_path: Path, key: RSAPrivateKey) -> None:
    found = validated(Chain(tmp_path, key))

    assert not found.holds
    assert [one.trouble for one in found.problems] == [DigestTrouble.MISSING]


def test_of_two_copies_of_a_log_that_in_its_own_place_counts(chain: Chain) -> None:
    copy = chain.folder / "copies" / chain.logs[1].name
    copy.parent.mkdir()
    copy.write_bytes(b"{}")

    assert validated(chain).holds


def test_a_log_that_cannot_be_read_is_not_called_changed(chain: Chain) -> None:
    chain.logs[1].unlink()
    os.mkfifo(chain.logs[1])

    assert troubles(validated(chain)) == [(DigestTrouble.UNREADABLE, chain.logs[1].name)]


def test_a_log_that_was_emptied_is_changed(chain: Chain) -> None:
    chain.logs[1].write_bytes(b"")

    assert troubles(validated(chain)) == [(DigestTrouble.CHANGED, chain.logs[1].name)]


def test_digests_that_lie_there_twice_are_one_chain(chain: Chain) -> None:
    shutil.copytree(chain.folder / "AWSLogs", chain.folder / "copy")

    found = validated(chain)

    assert found.holds
    assert (found.digests, found.logs) == (4, 4)


def test_what_is_valid_is_named(chain: Chain) -> None:
    names = {name.rpartition("/")[2] for name in validated(chain).valid}

    assert names == {one.name for one in (*chain.logs, *chain.digests)}


def test_a_log_newer_than_the_newest_digest_is_told_from_one_that_nobody_vouches_for(
    chain: Chain,
) -> None:
    new, added = (
        chain.logs[0].with_name(chain.logs[0].name.replace(f"T0000Z_{16 * '0'}", later))
        for later in ("T0400Z_new", "T0001Z_added")
    )
    for path in (new, added):
        path.write_bytes(b"{}")

    found = {Path(one.name): one.early for one in validated(chain).unvouched}

    assert found == {new: True, added: False}


@pytest.mark.parametrize(("since", "until", "count"), [(None, None, 4), (1, 3, 2), (4, 9, 0)])
def test_of_logs_without_digests_those_of_the_time_asked_for_count(
    chain: Chain, since: int | None, until: int | None, count: int
) -> None:
    for path in chain.digests:
        path.unlink()

    def at(hours: int | None) -> datetime | None:
        return None if hours is None else BEGIN + hours * HOUR

    assert len(validated(chain, since=at(since), until=at(until)).unvouched) == count


def test_progress_counts_the_logs(chain: Chain) -> None:
    told: list[tuple[int, int]] = []

    validated(chain, on_log=lambda done, total: told.append((done, total)))

    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_digest_outside_of_what_is_listed_is_not_missed(chain: Chain) -> None:
    @dataclass
    class Part(FolderStore):
        beyond: str

        def __post_init__(self) -> None:
            super().__init__([chain.folder], chain.signatures)

        def reaches(self, place: Place) -> bool:
            return place.name != self.beyond

    chain.digests[0].unlink()
    chain.logs[0].unlink()

    assert validate(Part(chain.digests[0].name), keys_from_answer(answer(chain.key))).holds
