"""Reads EFS file systems; one listing answers everything."""

from collections.abc import Iterator

from vedette.aws.collect.collector import Collector
from vedette.aws.collect.describing import answered
from vedette.aws.collect.reader import Answer, Reader
from vedette.aws.collect.tags import tag_list
from vedette.resources.efs import EfsFileSystem
from vedette.resources.facts import Fact

DESCRIBE = "efs:DescribeFileSystems"
KEY = "FileSystems"
GONE = "FileSystemNotFound"


def find_file_systems(reader: Reader, only: frozenset[str] | None) -> Iterator[EfsFileSystem]:
    """Yield the file systems."""
    for one in _all(reader) if only is None else _these(reader, only):
        yield EfsFileSystem(
            arn=one["FileSystemArn"],
            id=one["FileSystemId"],
            account=reader.account,
            region=reader.region,
            tags=Fact.of(tag_list(one.get("Tags"))),
            is_encrypted=answered(one, DESCRIBE, "Encrypted"),
        )


def _all(reader: Reader) -> Iterator[Answer]:
    yield from reader.pages(DESCRIBE, KEY, MaxItems=100)


def _these(reader: Reader, ids: frozenset[str]) -> Iterator[Answer]:
    for one in sorted(ids):
        answer = reader.optional(DESCRIBE, GONE, FileSystemId=one)
        yield from answer[KEY] if answer else ()


COLLECTORS = (
    Collector(
        kind=EfsFileSystem,
        calls=(DESCRIBE,),
        find=find_file_systems,
        arn_service="elasticfilesystem",
        arn_prefix="file-system/",
    ),
)
