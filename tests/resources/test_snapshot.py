import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.resources.coverage import Coverage, Listing, Note, NoteKind
from vedette.resources.facts import Fact, known, why_unreadable
from vedette.resources.kinds import resource_kinds
from vedette.resources.s3 import EVERYTHING_BLOCKED, S3Bucket
from vedette.resources.snapshot import Snapshot, SnapshotError

READ = S3Bucket.sample(id="read", public_access_block=EVERYTHING_BLOCKED, tags={"a": "b"})
UNREAD = S3Bucket.sample(id="unread", public_access_block=Fact.unreadable("AccessDenied"))


def snapshot(**changes: Any) -> Snapshot:
    values: dict[str, Any] = {
        "as_of": datetime(2026, 6, 1, tzinfo=UTC),
        "account": "111122223333",
        "partition": "aws",
        "regions": ("eu-west-1", "us-east-1"),
        "listings": (Listing(kind="S3Bucket", region="global"),),
        "coverage": (Coverage(service="s3", region="eu-west-1", looked_at=2),),
        "notes": (Note(kind=NoteKind.REGION_OFF, region="us-east-1", text="off"),),
        "resources": (READ, UNREAD),
    }
    return Snapshot(**values | changes)


def test_a_snapshot_survives_its_file() -> None:
    again = Snapshot.from_json(snapshot().to_json())

    assert again.to_json() == snapshot().to_json()
    read, unread = again.inventory.all(S3Bucket)
    assert known(read.public_access_block) == EVERYTHING_BLOCKED
    assert why_unreadable(unread.public_access_block) == "AccessDenied"


def test_a_snapshot_of_another_version_is_refused_with_the_remedy() -> None:
    stored = json.loads(snapshot().to_json()) | {"version": 99}

    with pytest.raises(SnapshotError, match="take a new snapshot"):
        Snapshot.from_json(json.dumps(stored))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("[]", "not a Vedette snapshot"),
        ('{"version": 1}', "holds no resources"),
        ('{"version": 1, "resources": {"Nonsense": []}}', "not known"),
        ('{"version": 1, "resources": {"S3Bucket": [{}]}}', "right shape"),
        ('{"version": 1, "resources": {}, "as_of": "2026-01-01T00:00:00"}', "right shape"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_broken_snapshot_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(SnapshotError, match=reason):
        Snapshot.from_json(text)


@given(st.binary(max_size=200))
def test_no_bytes_do_worse_than_be_refused(content: bytes) -> None:
    with pytest.raises(SnapshotError):
        Snapshot.from_json(content)


def test_a_narrowed_snapshot_keeps_its_regions_and_what_is_global() -> None:
    narrowed = snapshot().narrowed(["eu-west-1"], lambda one: one.id == "read")

    assert [one.id for one in narrowed.resources] == ["read"]
    assert [one.region for one in narrowed.listings] == ["global"]
    assert narrowed.notes == ()


def test_narrowing_forgets_the_old_inventory() -> None:
    whole = snapshot()
    assert len(whole.inventory.all(S3Bucket)) == 2

    narrowed = whole.narrowed(["eu-west-1"], lambda one: one.id == "read")

    assert len(narrowed.inventory.all(S3Bucket)) == 1


def test_every_kind_of_resource_names_a_cloudformation_type_and_a_service() -> None:
    for kind in resource_kinds().values():
        assert kind.type.count("::") == 2, kind
        assert kind.service.isidentifier(), kind


def test_every_kind_of_resource_holds_its_tags_as_a_fact() -> None:
    assert all("tags" in kind.fact_names() for kind in resource_kinds().values())


def test_every_fact_is_not_collected_until_it_is() -> None:
    for kind in resource_kinds().values():
        for name in kind.fact_names():
            default = kind.model_fields[name].default
            assert why_unreadable(default) == "not collected", (kind, name)
