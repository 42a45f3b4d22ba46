"""What is wrong with the alerts themselves: nobody listens, or what should happen does not."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from vedette.alerting.facts import instant
from vedette.alerting.sender import Channel, Subscription

# A chat is everyone's own choice.
REQUIRED: Final = frozenset({Channel.ALERTS, Channel.ESCALATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something that leaves a mark each time it is done, and how old the mark may be."""

    mark: str
    name: str
    within: timedelta


def subscription_trouble(
    channel: Channel, now: Sequence[Subscription], known: Set[str]
) -> Iterator[str]:
    """Tell what is wrong with who gets a channel; `known` are the marks of the time before."""
    confirmed = [one for one in now if one.confirmed]
    waiting = len(now) - len(confirmed)
    if waiting:
        yield f"{channel.value}: {waiting} subscriptions wait to be confirmed"
    if channel in REQUIRED and not confirmed:
        yield f"{channel.value}: nobody gets these messages"
    lost = len(known - {one.mark for one in confirmed})
    if lost:
        yield f"{channel.value}: {lost} subscriptions are gone"


def missed(
    due: Sequence[Due], marks: Mapping[str, datetime], began: datetime, now: datetime
) -> Iterator[str]:
    """Tell what has not happened in time; without a mark it counts from when we began."""
    for one in due:
        last = marks.get(one.mark)
        if now - (last or began) > one.within:
            told = f"last {instant(last)}" if last else "never yet"
            yield f"{one.name} is overdue: {told}"
