"""Messages through SNS: a topic for each channel."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from vedette.alerting.message import Message
from vedette.alerting.sender import (
    Channel,
    MessageRefusedError,
    SenderBusyError,
    SenderFailedError,
    SendError,
    Subscription,
)
from vedette.aws.errors import CALL_ERRORS, Problem, read_error

PUBLISH: Final = "sns:Publish"
LIST_SUBSCRIPTIONS: Final = "sns:ListSubscriptionsByTopic"
# Source: SNS API Reference, Publish and common errors.
_REFUSED: Final = frozenset(
    {
        *("InvalidParameter", "InvalidParameterException", "InvalidParameterValue"),
        *("ParameterValueInvalid", "ParameterValueInvalidException", "ValidationError"),
    }
)
_PASSING: Final = frozenset({Problem.THROTTLED, Problem.UNREACHABLE})
_PASSING_CODES: Final = frozenset(
    {"InternalError", "InternalErrorException", "InternalFailure", "ServiceUnavailable"}
    | {"KMSThrottling", "KMSThrottlingException", "Throttled"}
)
# Source: SNS API Reference, ListSubscriptionsByTopic: what stands in place of the ARN.
_NO_ARN: Final = frozenset({"PendingConfirmation", "Deleted"})
_MOST_PAGES: Final = 50
_NUMBERS: Final = frozenset({"severity_rank"})


class SnsTopics:
    """Sends to topics; `client` gives an SNS client and is asked when the first one is needed."""

    SEND_CALLS: Final = frozenset({PUBLISH})
    LOOK_CALLS: Final = frozenset({LIST_SUBSCRIPTIONS})
    CALLS: Final = SEND_CALLS | LOOK_CALLS

    def __init__(self, client: Callable[[], Any], topics: Mapping[Channel, str]) -> None:
        self._client = client
        self._topics = topics

    def send(self, channel: Channel, message: Message) -> None:
        """Publish a message in the channel's shape."""
        self._call(PUBLISH, "publish", TopicArn=self._topics[channel], **_shape(channel, message))

    def subscriptions(self, channel: Channel) -> list[Subscription]:
        """Return who is subscribed, without their addresses."""
        found: list[Subscription] = []
        start: dict[str, str] = {}
        for _ in range(_MOST_PAGES):
            answer = self._call(
                LIST_SUBSCRIPTIONS,
                "list_subscriptions_by_topic",
                TopicArn=self._topics[channel],
                **start,
            )
            found += [_subscription(one) for one in answer.get("Subscriptions", ())]
            if not answer.get("NextToken"):
                break
            start = {"NextToken": answer["NextToken"]}
        return found

    def _call(self, operation: str, method: str, **parameters: Any) -> Any:
        try:
            return getattr(self._client(), method)(**parameters)
        except CALL_ERRORS as error:
            raise _meaning(operation, error) from error


def _shape(channel: Channel, message: Message) -> dict[str, Any]:
    if channel is Channel.CHAT:
        # Chat integrations read the message as it is, and none of its attributes.
        return {"Message": message.chat_body()}
    return {
        "Subject": message.subject,
        "Message": message.bodies(),
        "MessageStructure": "json",
        "MessageAttributes": {
            name: {"DataType": "Number" if name in _NUMBERS else "String", "StringValue": value}
            for name, value in message.attributes.items()
        },
    }


def _subscription(answer: Mapping[str, str]) -> Subscription:
    arn = answer.get("SubscriptionArn", "")
    return Subscription(
        protocol=answer.get("Protocol", ""),
        confirmed=bool(arn) and arn not in _NO_ARN,
        mark=hashlib.sha256(arn.encode()).hexdigest()[:12],
    )


def _meaning(operation: str, error: Any) -> SendError:
    said = read_error(operation, error)
    if said.code in _REFUSED:
        return MessageRefusedError(said.reason)
    passing = said.problem in _PASSING or said.code in _PASSING_CODES
    return SenderBusyError(said.reason) if passing else SenderFailedError(said.reason)
