"""Looks after the alerts themselves: whether somebody gets them, and what should have happened."""

from collections.abc import Iterator
from typing import Final

from vedette.alerting.sender import Channel
from vedette.alerting.trouble import missed, subscription_trouble
from vedette.operations.reconcile_desk import Desk
from vedette.operations.reconcile_marks import BEGAN_MARK, DUE

_MOST_REMEMBERED: Final = 100


def listeners(desk: Desk) -> Iterator[str]:
    """Tell where nobody listens, or fewer than the time before.

    Raises SendError and FindingStoreError.
    """
    for channel in Channel:
        mark = desk.marks.get(_mark(channel))
        known = frozenset(mark.detail.split()) if mark is not None else frozenset()
        now = desk.sender.subscriptions(channel)
        yield from subscription_trouble(channel, now, known)
        confirmed = sorted(one.mark for one in now if one.confirmed)[:_MOST_REMEMBERED]
        if frozenset(confirmed) != known:
            desk.marks.set(_mark(channel), desk.now, " ".join(confirmed))


def overdue(desk: Desk) -> Iterator[str]:
    """Tell what should have happened by now. Raises FindingStoreError."""
    began = desk.marks.get(BEGAN_MARK)
    if began is None:
        desk.marks.set(BEGAN_MARK, desk.now)
        return
    marks = {one.mark: desk.marks.get(one.mark) for one in DUE}
    known = {name: mark.at for name, mark in marks.items() if mark is not None}
    yield from missed(DUE, known, began.at, desk.now)


def _mark(channel: Channel) -> str:
    return f"subscriptions-{channel.value}"
