import gzip
import hashlib
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.detection.event import gunzip as module
from vedette.detection.event.gunzip import gunzip

LIMIT = 1_000_000
HELLO = b"hello " * 20
WORLD = b"world " * 30


def refuse(packed: bytes, claimed: int) -> bytes:
    raise zlib.error(f"{len(packed)} bytes that claim to be {claimed}")


@pytest.fixture(params=["fast", "isal", "standard library", "streams of zlib"], autouse=True)
def implementation(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run every test with what is installed, with streams alone, and with zlib alone."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "standard library":
            patch.setattr(module, "_decompress_at_once", module._by_standard_library)  # noqa: SLF001
        elif request.param != "fast":
            patch.setattr(module, "_decompress_at_once", refuse)
        if request.param != "isal":
            patch.setattr(module, "_isal_stream", None)
        yield


def zeros(size: int) -> bytes:
    compressor = zlib.compressobj(1, zlib.DEFLATED, 31)
    pieces = [compressor.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)]
    return b"".join(pieces) + compressor.flush()


def test_a_file_is_decompressed() -> None:
    unpacked = gunzip(gzip.compress(HELLO), LIMIT)

    assert (unpacked.body, unpacked.problem) == (HELLO, None)


def test_all_members_of_a_file_are_read() -> None:
    unpacked = gunzip(gzip.compress(HELLO) + gzip.compress(WORLD), LIMIT)

    assert (unpacked.body, unpacked.problem) == (HELLO + WORLD, None)


def test_members_of_the_same_size_are_all_read() -> None:
    unpacked = gunzip(gzip.compress(HELLO) + gzip.compress(HELLO.upper()), LIMIT)

    assert unpacked.body == HELLO + HELLO.upper()


def test_zeros_behind_the_last_member_are_padding() -> None:
    unpacked = gunzip(gzip.compress(HELLO) + bytes(512), LIMIT)

    assert (unpacked.body, unpacked.problem) == (HELLO, None)


def test_anything_else_behind_the_last_member_is_said() -> None:
    unpacked = gunzip(gzip.compress(HELLO) + b"more", LIMIT)

    assert unpacked.body == HELLO
    assert unpacked.problem == "what follows the gzip stream cannot be read"


def test_of_a_truncated_file_the_beginning_is_read() -> None:
    text = b"".join(hashlib.sha512(bytes([n % 256, n // 256])).digest() for n in range(6_000))
    packed = gzip.compress(text)

    unpacked = gunzip(packed[: len(packed) // 2], LIMIT)

    assert unpacked.problem == "the gzip stream is truncated"
    assert len(unpacked.body) > 100_000
    assert text.startswith(bytes(unpacked.body))


@pytest.mark.parametrize("kept", [2, 5, 10, -1, -8])
def test_truncation_is_noticed_anywhere(kept: int) -> None:
    assert gunzip(gzip.compress(HELLO)[:kept], LIMIT).problem == "the gzip stream is truncated"


def test_what_a_corrupt_member_holds_is_not_trusted() -> None:
    corrupt = bytearray(gzip.compress(WORLD))
    corrupt[-6] ^= 0xFF

    unpacked = gunzip(gzip.compress(HELLO) + bytes(corrupt), LIMIT)

    assert unpacked.body == HELLO
    assert "corrupt" in (unpacked.problem or "")


def test_a_file_of_exactly_the_limit_is_read() -> None:
    assert gunzip(gzip.compress(HELLO), len(HELLO)).body == HELLO


def test_a_file_over_the_limit_is_not_kept() -> None:
    unpacked = gunzip(gzip.compress(HELLO), len(HELLO) - 1)

    assert (unpacked.body, unpacked.problem) == (b"", "it decompresses to more than 119 bytes")


def test_a_bomb_is_counted_and_not_kept() -> None:
    bomb = zeros(50_000_000)

    for packed in (bomb, bomb[:-4] + (1_000).to_bytes(4, "little"), bomb * 2):
        unpacked = gunzip(packed, LIMIT)
        assert (unpacked.body, unpacked.problem) == (
            b"",
            "it decompresses to more than 1,000,000 bytes",
        )


def test_a_trailer_that_lies_is_corruption() -> None:
    packed = gzip.compress(HELLO)[:-4] + (121).to_bytes(4, "little")

    unpacked = gunzip(packed, LIMIT)

    assert (unpacked.body, "corrupt" in (unpacked.problem or "")) == (b"", True)


def test_endless_empty_members_come_to_an_end() -> None:
    unpacked = gunzip(gzip.compress(b"") * 200_000, LIMIT)

    assert (unpacked.body, unpacked.problem is None) == (b"", False)


@settings(deadline=None)
@given(st.lists(st.binary(max_size=3_000), min_size=1, max_size=4))
def test_all_ways_give_what_was_compressed(texts: list[bytes]) -> None:
    packed = b"".join(gzip.compress(text) for text in texts)

    unpacked = gunzip(packed, LIMIT)

    assert (unpacked.body, unpacked.problem) == (b"".join(texts), None)


@settings(deadline=None)
@given(st.binary(max_size=2_000), st.data())
def test_no_damage_raises_or_exceeds_the_limit(text: bytes, data: st.DataObject) -> None:
    packed = bytearray(gzip.compress(text) * 2)
    for place in data.draw(st.lists(st.integers(2, len(packed) - 1), max_size=5)):
        packed[place] = data.draw(st.integers(0, 255))

    unpacked = gunzip(bytes(packed[: data.draw(st.integers(2, len(packed)))]), 4_000)

    assert len(unpacked.body) <= 4_000
