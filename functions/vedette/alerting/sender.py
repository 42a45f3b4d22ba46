"""The port through which messages leave, and what can go wrong there."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from vedette.alerting.message import Message


class Channel(StrEnum):
    """Where a message goes; each is a topic of its own."""

    ALERTS = "alerts"
    CHAT = "chat"
    ESCALATION = "escalation"


class SendError(Exception):
    """A message was not sent; the message of the exception says why."""


class SenderBusyError(SendError):
    """Sending is throttled or the service cannot be reached: later it may work."""


class SenderFailedError(SendError):
    """Sending was refused (a right, a key or the topic is missing) until somebody mends that."""


class MessageRefusedError(SendError):
    """This message will never be taken; others may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Somebody who gets a channel's messages. `mark` names it without telling its address."""

    protocol: str
    confirmed: bool
    mark: str


class Sender(Protocol):
    """Sends messages and knows who gets them. Every method may raise SendError."""

    def send(self, channel: Channel, message: Message) -> None:
        """Send a message to a channel in the channel's shape."""
        ...

    def subscriptions(self, channel: Channel) -> list[Subscription]:
        """Return who gets the messages of a channel."""
        ...
