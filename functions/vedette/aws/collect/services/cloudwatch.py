"""Gives the account as the subject of monitoring; what watches it is read with the trails."""

from collections.abc import Iterator

from vedette.aws.collect.collector import Collector
from vedette.aws.collect.reader import Reader
from vedette.aws.collect.whole_account import whole_account
from vedette.resources.cloudwatch import CloudWatchAccount


def find_account(reader: Reader, _only: frozenset[str] | None) -> Iterator[CloudWatchAccount]:
    """Yield the account."""
    yield whole_account(CloudWatchAccount, reader)


COLLECTORS = (Collector(kind=CloudWatchAccount, calls=(), find=find_account, is_global=True),)
