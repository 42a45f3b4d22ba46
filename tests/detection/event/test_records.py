import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.detection.event.files import FileContent, content_of, read_file
from vedette.detection.event.records import Shape, records, records_in, shape_of

RECORDS = [{"eventName": f"Call{number}", "eventID": str(number)} for number in range(3)]
DEEP = b'{"eventName":"Deep","a":' + b"[" * 10_000 + b"]" * 10_000 + b"}"

# Whole numbers beyond 64 bits are read as floating point, as orjson does.
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
# Surrogates cannot stand in UTF-8; half ones have a test of their own.
record_lists = st.lists(st.dictionaries(st.text(max_size=8), json_values, max_size=4), max_size=4)


def read(body: bytes, problem: str | None = None) -> tuple[list[dict[str, Any]], list[str]]:
    said: list[str] = []
    content = FileContent(path="log.json", body=body, problem=problem, size=len(body))
    return list(records(content, said.append)), said


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def envelope(record: dict[str, Any]) -> dict[str, Any]:
    return {"version": "0", "detail-type": "AWS API Call via CloudTrail", "detail": record}


@pytest.mark.parametrize(
    "body",
    [
        dumped({"Records": RECORDS}),
        json.dumps({"Records": RECORDS}, indent=2).encode(),
        dumped({"version": 1, "Records": RECORDS}),
        dumped(RECORDS),
        b"\n".join(map(dumped, RECORDS)),
        b"\r\n\r\n".join(map(dumped, RECORDS)) + b"\r\n",
        b"".join(map(dumped, RECORDS)),
        b"\n".join(json.dumps(record, indent=2).encode() for record in RECORDS),
        dumped({"Records": RECORDS[:1]}) + b"\n" + dumped({"Records": RECORDS[1:]}),
        dumped({"Records": RECORDS[:1]}) + dumped(RECORDS[1:]),
        dumped([envelope(record) for record in RECORDS]),
        b"\n".join(dumped(envelope(record)) for record in RECORDS),
        dumped({"Records": [envelope(record) for record in RECORDS]}),
    ],
)
def test_records_are_found_in_every_shape(body: bytes) -> None:
    assert read(body) == (RECORDS, [])


@pytest.mark.parametrize("shown", [dumped, lambda one: json.dumps(one, indent=1).encode()])
def test_a_single_record_or_envelope_is_a_file(shown: Any) -> None:
    assert read(shown(RECORDS[0])) == (RECORDS[:1], [])
    assert read(shown(envelope(RECORDS[0]))) == (RECORDS[:1], [])


@pytest.mark.parametrize(
    ("body", "shape"),
    [
        (b'{"Records":[]}', Shape.RECORDS),
        (b' {\n "Records" : [', Shape.RECORDS),
        (b"  [", Shape.LIST),
        (b'{"Records":{}}', Shape.OTHER),
        (b'{"eventName":1}', Shape.OTHER),
        (b"", Shape.OTHER),
    ],
)
def test_the_shape_is_told_by_the_beginning(body: bytes, shape: Shape) -> None:
    assert shape_of(body) is shape


def test_a_digest_is_no_log_and_no_problem() -> None:
    digest = {"digestStartTime": "2026-01-01T00:00:00Z", "logFiles": [], "awsAccountId": "1"}

    assert read(dumped(digest)) == ([], [])


@pytest.mark.parametrize("body", [b'{"Records":[]}', b"[]", b'{"version":1,"Records":[]}'])
def test_a_log_without_records_is_no_problem(body: bytes) -> None:
    assert read(body) == ([], [])


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b'{"a":1}', "object 1 is no CloudTrail record"),
        (b"<html>", "it is not JSON"),
        (b"\x00\x01\x02\xff", "it is not JSON"),
        (b"42", "it is not JSON"),
        (b'{"Records":null}', "object 1 is no CloudTrail record"),
        (b'{"Records":[7,{"eventName":"Call0","eventID":"0"}]}', "record 1 is not an object"),
    ],
)
def test_what_is_no_log_is_said(body: bytes, problem: str) -> None:
    found, said = read(body)

    assert said == [problem]
    assert found == (RECORDS[:1] if b"Call0" in body else [])


def test_a_record_nested_too_deep_does_not_hide_the_others() -> None:
    first, last = dumped(RECORDS[0]), dumped(RECORDS[1])
    for body in (
        b'{"Records":[' + first + b"," + DEEP + b"," + last + b"]}",
        b"[" + first + b"," + DEEP + b"," + last + b"]",
        first + b"\n" + DEEP + b"\n" + last,
    ):
        found, said = read(body)
        assert found == RECORDS[:2]
        assert len(said) == 1
        assert said[0].startswith("record 2 was left out (depth limit exceeded")


def test_depth_alone_is_survived() -> None:
    for body in (b"[" * 1_000_000, b'{"a":' * 200_000, b'{"Records":[' * 100_000):
        found, said = read(body)
        assert found == []
        assert said[0] == "the file ends within a record; it is truncated or still being written"


def test_of_a_log_that_is_being_written_the_whole_records_are_read() -> None:
    whole = dumped({"Records": RECORDS})
    for body in (whole[: whole.index(b"Call2")], whole[:-2], b"\n".join(map(dumped, RECORDS))[:-9]):
        found, said = read(body)
        assert found == RECORDS[: len(found)]
        assert len(found) >= 2
        assert len(said) == 1


def test_the_problem_that_a_file_already_bears_is_not_repeated() -> None:
    body = dumped({"Records": RECORDS})[:-20]

    assert read(body, problem="the gzip stream is truncated") == (RECORDS[:2], [])


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (b'{"eventName":"A\xff"}', {"eventName": "A�"}),
        (rb'{"eventName":"A\ud83d"}', {"eventName": "A?"}),
        (b'{"eventName":"A","n":NaN}', {"eventName": "A", "n": None}),
        (b'{"eventName":"A","n":1e999}', {"eventName": "A", "n": None}),
    ],
)
def test_a_character_cut_in_two_does_not_hide_a_call(broken: bytes, expected: Any) -> None:
    found, said = read(b'{"Records":[' + broken + b"," + dumped(RECORDS[0]) + b"]}")

    assert found == [expected, RECORDS[0]]
    assert said[0].startswith("record 1 was read as far as it goes")


def test_one_record_that_is_not_json_does_not_hide_the_others() -> None:
    body = b'{"Records":[{"eventName":oops},' + dumped(RECORDS[0]) + b"]}"

    found, said = read(body)

    assert found == RECORDS[:1]
    assert said[0].startswith("record 1 was left out")


def test_of_a_key_that_stands_twice_the_last_value_counts() -> None:
    body = b'{"Records":[{"eventName":"A","eventName":"B"}]}'

    assert read(body) == ([{"eventName": "B"}], [])


def test_problems_are_reported_in_bounded_number() -> None:
    _, said = read(dumped({"Records": list(range(1_000))}))

    assert said[:2] == ["record 1 is not an object", "record 2 is not an object"]
    assert said[5:] == ["and 995 more problems like these"]


def test_brackets_and_quotes_in_texts_do_not_mislead() -> None:
    odd = {"eventName": '}]{["\\', "Records": [{"eventName": "inner"}]}
    body = dumped({"Records": [odd]})[:-1]

    assert read(body)[0] == [odd]


@settings(deadline=None)
@given(record_lists)
def test_every_sound_list_is_read_as_json_reads_it(written: list[dict[str, Any]]) -> None:
    expected = [one for one in written if not {"Records", "detail-type"} & set(one)]
    body = json.dumps({"Records": expected}, ensure_ascii=False).encode("utf-8", "replace")

    assert read(body)[0] == json.loads(body)["Records"]


@settings(deadline=None)
@given(record_lists, st.integers(1, 30))
def test_slicing_finds_every_whole_record_of_a_cut_file(
    written: list[dict[str, Any]], cut: int
) -> None:
    body = json.dumps({"Records": written}).encode()

    found, _ = read(body[:-cut])

    assert found == written[: len(found)]


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(alphabet='{}[]":,\\ Record1', max_size=80).map(str.encode))
def test_no_bytes_raise(body: bytes) -> None:
    found, _ = read(body)

    assert all(isinstance(record, dict) for record in found)


def test_many_escapes_without_an_end_are_read_in_linear_time() -> None:
    body = b'{"Records":[{"a":"' + rb"\"" * 2_000_000

    assert read(body) == (
        [],
        ["the file ends within a record; it is truncated or still being written"],
    )


def test_the_recorded_files_are_read_without_a_problem(recorded: Path) -> None:
    for path in sorted(recorded.rglob("*.gz")):
        said: list[str] = []
        found = list(records(read_file(path), said.append))
        assert said == []
        assert found == json.loads(gzip.decompress(path.read_bytes()))["Records"]


def test_one_entry_may_be_a_record_an_envelope_or_damaged() -> None:
    assert records_in(dumped(RECORDS[0])) == RECORDS[:1]
    assert records_in(dumped(envelope(RECORDS[0]))) == RECORDS[:1]
    assert records_in(b'{"eventName":"A\xff"}') == [{"eventName": "A\ufffd"}]


@pytest.mark.parametrize("raw", [b"7", b"null", b'{"eventName":', DEEP, b'{"Records":[]}'])
def test_an_entry_without_a_record_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"record 1|no record"):
        records_in(raw)


def test_a_compressed_file_is_content_too() -> None:
    said: list[str] = []
    content = content_of(gzip.compress(dumped({"Records": RECORDS})), "log.json.gz")

    assert list(records(content, said.append)) == RECORDS
