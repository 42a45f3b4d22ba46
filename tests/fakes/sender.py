"""A sender that keeps what it is given, and fails on demand."""

from collections import defaultdict
from collections.abc import Callable

from vedette.alerting.message import Message
from vedette.alerting.sender import Channel, SendError, Subscription


class FakeSender:
    """Keeps messages by channel; `failing` says what a channel raises, `refuses` for which."""

    def __init__(self) -> None:
        self.sent: defaultdict[Channel, list[Message]] = defaultdict(list)
        self.failing: dict[Channel, SendError] = {}
        self.refuses: Callable[[Message], SendError | None] = lambda _: None
        self.subscribed: dict[Channel, list[Subscription]] = {}

    def send(self, channel: Channel, message: Message) -> None:
        error = self.failing.get(channel) or self.refuses(message)
        if error is not None:
            raise error
        self.sent[channel].append(message)

    def subscriptions(self, channel: Channel) -> list[Subscription]:
        if channel in self.failing:
            raise self.failing[channel]
        return self.subscribed.get(channel, [])

    def ids(self, channel: Channel = Channel.ALERTS) -> list[str]:
        """Return the ids of the messages that a channel got."""
        return [one.id for one in self.sent[channel]]

    def listen(self, channel: Channel, *marks: str, confirmed: bool = True) -> None:
        """Let somebody subscribe to a channel for each mark."""
        told = [Subscription(protocol="email", confirmed=confirmed, mark=one) for one in marks]
        self.subscribed[channel] = told
