"""The class matcher on the files that CloudTrail and others write; see also tests/fuzz."""

import json
from typing import Any

import orjson
import pytest

from tests.detection.compile.sigma_texts import rule_of
from tests.detection.match.matching import ROOT, file, found, matcher, record
from vedette.detection.match.sources import NotRecordsError


def test_a_hit_has_the_record_its_bytes_and_the_rules() -> None:
    stop = record("StopLogging", requestParameters={"name": "trail-prod"})
    (hit,) = matcher().scan(file(record(), stop, record()))
    assert (hit.position, hit.record) == (1, stop)
    assert orjson.loads(hit.raw) == stop
    assert [rule for rule, _ in hit.rules] == [0, 1]


def test_all_records_are_counted_also_before_the_scan_is_read() -> None:
    assert matcher().scan(file(*[record()] * 20_000)).count == 20_000


def test_the_same_record_twice_is_two_hits() -> None:
    stop = record("StopLogging")
    assert found(matcher().scan(file(stop, stop))) == [(0, [0]), (1, [0])]


@pytest.mark.parametrize(
    "written",
    [
        orjson.dumps,
        lambda records: json.dumps({"Records": records}, indent=2).encode(),
        lambda records: json.dumps({"Records": records}).encode(),
        lambda records: b" \n" + orjson.dumps({"a": [1], "Records": records, "z": {}}) + b"\n\n",
        lambda records: bytearray(orjson.dumps({"Records": records})),
        lambda records: orjson.dumps({"Records": [dict(reversed(one.items())) for one in records]}),
    ],
)
def test_a_file_may_be_written_in_many_ways(written: Any) -> None:
    records = [record(), record("StopLogging"), record(requestParameters={"name": "prod"})]
    assert found(matcher().scan(written(records))) == [(1, [0]), (2, [1])]


@pytest.mark.parametrize(
    "data", [b"", b"{}", b'{"Records":5}', b'{"Records":[', b"5", b"[1,", b'"x"', b"\xff"]
)
def test_what_is_no_list_of_records_is_refused(data: bytes) -> None:
    with pytest.raises(NotRecordsError):
        matcher().scan(data)


def test_a_file_nested_too_deep_is_refused_rather_than_crashed_on() -> None:
    deep = b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}"
    with pytest.raises(NotRecordsError):
        matcher().scan(b'{"Records":[' + deep + b"]}")


def test_an_empty_file_of_records_has_no_hits() -> None:
    scan = matcher().scan(b'{"Records":[]}')
    assert (scan.count, list(scan)) == (0, [])


def test_entries_that_are_no_objects_are_reported_and_the_rest_is_matched() -> None:
    scan = matcher().scan(b'[5, null, "x", ' + orjson.dumps(record("StopLogging")) + b"]")
    assert found(scan) == [(3, [0])]
    assert [(position, reason) for position, reason in scan.unreadable] == [
        (0, "it is not an object"),
        (1, "it is not an object"),
        (2, "it is not an object"),
    ]


def test_one_record_of_odd_types_does_not_hide_the_others() -> None:
    odd = record("StopLogging", userAgent={"not": ["text"]}, sourceIPAddress=5)
    listed = record(["StopLogging", "x"])  # type: ignore[arg-type]
    scan = matcher().scan(file(odd, record("StopLogging"), listed, record()))
    assert found(scan) == [(0, [0]), (1, [0]), (2, [0])]


def test_an_absent_and_a_null_field_are_told_apart() -> None:
    present = rule_of("sel: {errorCode|exists: true}\ncondition: sel")
    null = rule_of("sel: {errorCode: null}\ncondition: sel")
    scan = matcher(present, null).scan(
        file(record(), record(errorCode=None), record(errorCode="AccessDenied"))
    )
    assert found(scan) == [(0, [1]), (1, [0, 1]), (2, [0])]


def test_of_a_key_that_stands_twice_the_last_one_counts() -> None:
    twice = b'[{"eventVersion":"1","userIdentity":{"type":"Root"},"userIdentity":{"type":"x"}'
    data = twice + b',"eventName":"a","eventName":"StopLogging"}]'
    assert found(matcher().scan(data)) == [(0, [0])]


@pytest.mark.parametrize("identity", [None, "Root", [], {}, {"type": None}, {"type": ["Root"]}])
def test_an_identity_may_be_anything(identity: object) -> None:
    expected = [(0, [0])] if identity == {"type": ["Root"]} else []
    assert found(matcher(ROOT).scan(file(record(userIdentity=identity)))) == expected


def test_a_name_with_a_dot_inside_the_identity_is_read_both_ways() -> None:
    rule = rule_of("sel: {userIdentity.a.b: x}\ncondition: sel")
    both = ({"a": {"b": "y"}, "a.b": "x"}, {"a": {"b": "x"}, "a.b": "y"}, {"a.b": "y"})
    records = [record(userIdentity=one) for one in both]
    assert found(matcher(rule).scan(file(*records))) == [(0, [0]), (1, [0])]


def test_a_copy_of_a_record_inside_another_is_never_taken_for_it() -> None:
    real = record("PutItem", eventID="1", requestParameters={"name": "x-prod"})
    forged = real | {"requestParameters": {"name": "harmless"}}
    wrapper = record("PutEvents", requestParameters={"entries": [forged, forged, forged]})
    for records in ([wrapper, real, record()], [real, wrapper], [wrapper, real]):
        hits = list(matcher().scan(file(*records)))
        assert [hit.record for hit in hits] == [real]


def test_an_envelope_is_handed_to_the_reader_of_whole_records() -> None:
    def unwrap(raw: bytes) -> list[Any]:
        return [orjson.loads(raw)["detail"]]

    enveloped = {"version": "0", "detail-type": "x", "detail": record("StopLogging")}
    hits = list(matcher(read_whole=unwrap).scan(orjson.dumps([enveloped, record("StopLogging")])))
    assert [hit.record["eventName"] for hit in hits] == ["StopLogging", "StopLogging"]


def test_a_record_without_event_name_and_source_is_matched_as_it_is() -> None:
    assert found(matcher().scan(b'[{"userIdentity":{"type":"Root"}}]')) == [(0, [2])]


@pytest.mark.parametrize("field", ["userAgent", "x", "eventName", "requestParameters"])
def test_bytes_that_are_no_text_are_reported_and_the_rest_is_matched(field: str) -> None:
    bad = orjson.dumps(record("StopLogging") | {field: "NOTEXT"}).replace(b"NOTEXT", b"\xff\xfe")
    scan = matcher().scan(b"[" + bad + b"," + orjson.dumps(record("StopLogging")) + b"]")
    assert found(scan) == [(1, [0])]
    assert [position for position, _ in scan.unreadable] == [0]


def test_bytes_that_are_no_text_are_reported_also_where_no_rule_could_match() -> None:
    bad = orjson.dumps(record(x="NOTEXT")).replace(b"NOTEXT", b"\xff\xfe")
    scan = matcher().scan(b"[" + bad + b"]")
    assert found(scan) == []
    assert [position for position, _ in scan.unreadable] == [0]


def test_text_beyond_ascii_is_matched() -> None:
    rule = rule_of("sel: {userAgent|contains: STRASSE}\ncondition: sel")
    data = json.dumps([record(userAgent="in der straße")], ensure_ascii=False).encode()
    assert found(matcher(rule).scan(data)) == [(0, [0])]


def test_records_may_be_given_one_by_one() -> None:
    lines = [orjson.dumps(record()), b"not json", orjson.dumps(record("StopLogging"))]
    scan = matcher().scan_records(lines)
    assert found(scan) == [(2, [0])]
    assert [position for position, _ in scan.unreadable] == [1]


def test_a_record_that_is_parsed_already_is_matched() -> None:
    matching = record("StopLogging", userIdentity={"type": "Root"})
    assert [rule for rule, _ in matcher().matches_on(matching)] == [0, 2]
    assert matcher().matches_on({}) == ()
