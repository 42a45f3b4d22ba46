"""Sends messages to their channels, one a second, and none twice in the life of a function."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, Protocol

from vedette.alerting.message import Message
from vedette.alerting.sender import Channel, MessageRefusedError, Sender, SenderFailedError

# The chat first: if it fails for a while, the mail has not been sent yet and is not sent twice.
EVERYONE: Final = (Channel.CHAT, Channel.ALERTS)
ON_CALL: Final = (Channel.ESCALATION,)
_REMEMBERED: Final = 2_000


class Waiting(Protocol):
    """Makes messages wait for their turn."""

    def wait(self) -> None:
        """Wait. Raises SenderBusyError where the time is up."""
        ...


class Sent:
    """What was sent lately, so that a batch that is handed out again is not sent again."""

    def __init__(self, most: int = _REMEMBERED) -> None:
        self._most = most
        self._known: OrderedDict[tuple[Channel, str], None] = OrderedDict()

    def __contains__(self, sent: tuple[Channel, str]) -> bool:
        return sent in self._known

    def add(self, channel: Channel, message: str) -> None:
        """Remember a message, and forget the oldest if there are too many."""
        self._known[channel, message] = None
        while len(self._known) > self._most:
            self._known.popitem(last=False)


class Announcer:
    """Sends messages; `chat_failures` tells why the chat did not get some."""

    def __init__(self, sender: Sender, pace: Waiting, sent: Sent) -> None:
        self._sender = sender
        self._pace = pace
        self._sent = sent
        self.chat_failures: list[str] = []

    def announce(self, message: Message, channels: Sequence[Channel] = EVERYONE) -> None:
        """Send a message to those channels that have not got it. Raises SendError.

        A chat that refuses a message for good keeps nobody from getting their mail.
        """
        missing = [one for one in channels if (one, message.id) not in self._sent]
        if missing:
            self._pace.wait()
        for channel in missing:
            try:
                self._sender.send(channel, message)
            except (SenderFailedError, MessageRefusedError) as error:
                if channel is not Channel.CHAT:
                    raise
                self.chat_failures.append(str(error))
            self._sent.add(channel, message.id)
