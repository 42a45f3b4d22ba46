"""Every file of changes keeps what it promises, and none is missing."""

import gzip
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from vedette.aws.collect.catalogue import collectors
from vedette.posture.catalogue import load_posture_rules
from vedette.posture.changes import ChangeMap, Unchanged
from vedette.posture.changes_catalogue import load_change_map
from vedette.posture.changes_model import ACCOUNT_TYPE, ChangeExample, ChangesFile
from vedette.resources.kinds import resource_kinds
from vedette.resources.resource import GLOBAL_REGION, SAMPLE_ACCOUNT, SAMPLE_REGION, Resource

CHANGES = load_change_map()
EACH_FILE = pytest.mark.parametrize("name", sorted(CHANGES.files))
EXAMPLES = [
    pytest.param(file, example, id=f"{name}: {example.event['eventName']} {number}")
    for name, file in CHANGES.files.items()
    for number, example in enumerate(file.examples)
]
SAMPLES = os.environ.get("VEDETTE_CLOUDTRAIL_SAMPLES")  # noqa: TID251 - where a user keeps real logs
# CloudTrail's own names for calls that the API calls otherwise.
# Source: Amazon S3 User Guide, "Amazon S3 CloudTrail events".
RENAMED = {
    "PutBucketPublicAccessBlock": "PutPublicAccessBlock",
    "DeleteBucketPublicAccessBlock": "DeletePublicAccessBlock",
    "PutAccountPublicAccessBlock": "PutPublicAccessBlock",
    "DeleteAccountPublicAccessBlock": "DeletePublicAccessBlock",
    "PutBucketObjectLockConfiguration": "PutObjectLockConfiguration",
    "PutBucketLifecycle": "PutBucketLifecycleConfiguration",
    "PutBucketNotification": "PutBucketNotificationConfiguration",
}

# Event sources of services whose models are named otherwise.
ENDPOINTS = {
    "accessanalyzer": ("access-analyzer",),
    "cloudwatch": ("monitoring",),
    "efs": ("elasticfilesystem",),
    "s3control": ("s3", "s3-control"),
}


@cache
def operations(source: str) -> frozenset[str]:
    """Return the operations of all service models whose endpoint an event source names."""
    session = botocore.session.Session()
    prefix = source.removesuffix(".amazonaws.com")
    names: set[str] = set()
    for service in session.get_available_services():
        if prefix in ENDPOINTS.get(service, (service,)):
            names.update(session.get_service_model(service).operation_names)
    return frozenset(names)


def record(example: ChangeExample, file: ChangesFile) -> dict[str, Any]:
    return {
        "eventSource": file.sources[0],
        "awsRegion": SAMPLE_REGION,
        "recipientAccountId": SAMPLE_ACCOUNT,
        **example.event,
    }


def changed(found: ChangeMap, event: dict[str, Any]) -> dict[str, set[str]]:
    ids: dict[str, set[str]] = {}
    for key in found.resolve(event).keys:
        ids.setdefault(key.type, set()).add(key.id or "*")
    return ids


@pytest.mark.parametrize(("file", "example"), EXAMPLES)
def test_an_example_resolves_as_its_file_says(file: ChangesFile, example: ChangeExample) -> None:
    found = changed(CHANGES, record(example, file))

    assert found == {kind: set(ids) for kind, ids in example.changes.items()}


@EACH_FILE
def test_every_event_is_an_operation_of_the_api(name: str) -> None:
    file = CHANGES.files[name]
    known = frozenset[str]().union(*map(operations, file.sources))

    named = {
        RENAMED.get(one, one)
        for kind in file.resources
        for each in kind.events
        for one in each.names
    }

    assert named - known == set()


@EACH_FILE
def test_every_type_is_collected_with_its_region_and_its_arn(name: str) -> None:
    collected = {(one.kind.type, one.kind.service): one for one in collectors()}
    of_type = {one.kind.type: one for one in collectors()}

    for kind in CHANGES.files[name].resources:
        if kind.type == ACCOUNT_TYPE:
            assert (kind.type, kind.service) in collected
            continue
        collector = of_type[kind.type]
        # A bucket is listed for the account as a whole and has a region all the same.
        is_global = collector.is_global and kind.type != "AWS::S3::Bucket"
        assert kind.is_global is is_global
        assert kind.arn in (None, collector.arn_prefix)


def kinds_read() -> set[type[Resource]]:
    rules = [one.rule for one in load_posture_rules()]
    return {rule.resource_type for rule in rules} | {
        kind for rule in rules for kind, _ in rule.reads
    }


@pytest.mark.parametrize("kind_name", sorted(one.__name__ for one in kinds_read()))
def test_every_kind_that_rules_read_is_changed_by_some_event(kind_name: str) -> None:
    kind = resource_kinds()[kind_name]
    service = kind.service if kind.type == ACCOUNT_TYPE else None
    is_global = any(one.is_global and one.kind is kind for one in collectors())

    entries = [
        one
        for file in CHANGES.files.values()
        for one in file.resources
        if (one.type, one.service) == (kind.type, service)
    ]

    assert entries
    if kind.type == ACCOUNT_TYPE:
        assert any(one.is_global is is_global for one in entries)


@EACH_FILE
def test_what_is_left_to_the_sweep_is_a_type_of_the_file(name: str) -> None:
    file = CHANGES.files[name]

    assert set(file.left_to_sweep) <= {one.type for one in file.resources}


@EACH_FILE
def test_a_record_that_tells_nothing_stands_for_every_resource_of_its_type(name: str) -> None:
    file = CHANGES.files[name]
    for kind in file.resources:
        for events in kind.events:
            event = {
                "eventSource": file.sources[0],
                "eventName": events.names[0],
                "awsRegion": SAMPLE_REGION,
                "recipientAccountId": SAMPLE_ACCOUNT,
            }
            found = [
                key
                for key in CHANGES.resolve(event).keys
                if (key.type, key.service) == (kind.type, kind.service)
            ]
            if events.optional:
                continue
            assert found, events.names[0]
            expected = GLOBAL_REGION if kind.is_global else SAMPLE_REGION
            assert expected in {key.region for key in found}


@pytest.mark.skipif(SAMPLES is None, reason="VEDETTE_CLOUDTRAIL_SAMPLES names no folder of logs")
def test_real_records_resolve_to_something_or_to_a_reason() -> None:
    resolved = 0
    for path in sorted(Path(str(SAMPLES)).rglob("*.json.gz")):
        for event in json.loads(gzip.decompress(path.read_bytes()))["Records"]:
            found = CHANGES.resolve(event)
            assert bool(found.keys) is (found.unchanged is None)
            resolved += bool(found.keys)
            if found.keys:
                assert event.get("errorCode") is None
            if event.get("errorCode") is not None:
                assert found.unchanged in (Unchanged.FAILED, Unchanged.NOT_IN_MAP)

    assert resolved > 0
