"""Looks how full the queues are, and how old what is in them is."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from vedette.aws.collect.reader import Reader
from vedette.aws.deployment_stack import StackResource
from vedette.aws.queues import age_of_oldest, depth_of
from vedette.operations.deployed_looks import Area, Look
from vedette.operations.hub_queues import FED, LAST, NOTES, QUEUE, fitting, name_of
from vedette.operations.hub_reach import Hub

QUEUES: Final = Area("queue")
# Batches gather for 20 seconds and are tried five times: what is older than this is stuck.
LATE: Final = timedelta(minutes=15)
_SECONDS: Final = timedelta(seconds=1)


def look_at_queues(hub: Hub, now: datetime) -> Iterator[Look]:
    """Tell of every queue in all watched regions."""
    for region in hub.watched_regions:
        yield from QUEUES.each(region, _in_region, hub, region, now)


def _in_region(hub: Hub, region: str, now: datetime) -> Iterator[Look]:
    stack = hub.forwarder(region)
    for one in stack.of_kind(QUEUE) if stack is not None else ():
        where = f"{name_of(one.logical)} ({region})"
        reader = hub.in_region(region)
        yield from QUEUES.each(where, _queue, reader, one, where, now)


def _queue(reader: Reader, queue: StackResource, where: str, now: datetime) -> Iterator[Look]:
    depth = depth_of(reader, queue.physical)
    count = depth.waiting + depth.in_work
    if not count:
        yield QUEUES.ok(where, "empty")
        return
    age = age_of_oldest(reader, queue.physical, now)
    aged = "of unknown age" if age is None else f"the oldest {age // _SECONDS * _SECONDS} old"
    said = f"{count:,} messages, {aged}"
    if fitting(LAST, queue.logical):
        note = fitting(NOTES, queue.logical)
        remedy = f"They are {note}." if note else "Have them handled: vedette redrive"
        yield QUEUES.blind(where, said, remedy)
    elif fitting(FED, queue.logical) and age is not None and age > LATE:
        yield QUEUES.blind(where, said, "Look at the errors in the log of the function it feeds.")
    else:
        yield QUEUES.ok(where, said)
