"""Mends of SNS: a subscription by mail or HTTP waits until its owner confirms it.

moto confirms all at once. Source: SNS API Reference, Subscribe, ListSubscriptionsByTopic and
GetTopicAttributes.
"""

from typing import Any

from vedette.aws.stand_in.call import Answer
from vedette.aws.stand_in.gaps.exchange import Exchange, Gap, Mend
from vedette.aws.stand_in.wire import Result

NEED_CONFIRMATION = {"email", "email-json", "http", "https"}
PENDING = "PendingConfirmation"


def _hide_pending(exchange: Exchange, result: Result) -> None:
    for one in result["Subscriptions"]:
        if _is_pending(exchange, one["SubscriptionArn"], one["Protocol"]):
            one["SubscriptionArn"] = PENDING


def _tell_pending(exchange: Exchange, result: Result) -> None:
    asked = exchange.parameters
    arn = result["SubscriptionArn"]
    if _is_pending(exchange, arn, asked["Protocol"]) and not asked.get("ReturnSubscriptionArn"):
        result["SubscriptionArn"] = "pending confirmation"


def _count_subscriptions(exchange: Exchange, result: Result) -> None:
    of_topic = _subscriptions(exchange, exchange.parameters["TopicArn"])
    pending = sum(_is_pending(exchange, one.arn, one.protocol) for one in of_topic)
    result["Attributes"]["SubscriptionsPending"] = str(pending)
    result["Attributes"]["SubscriptionsConfirmed"] = str(len(of_topic) - pending)


def _confirm_subscription(exchange: Exchange) -> Answer:
    """Confirm all of a topic's subscriptions, since no token reaches anybody here."""
    of_topic = _subscriptions(exchange, exchange.parameters["TopicArn"])
    if not of_topic:
        return exchange.refuse("NotFound", "Topic does not exist", status=404)
    exchange.state.confirmed_subscriptions.update(one.arn for one in of_topic)
    return exchange.reply({"SubscriptionArn": of_topic[-1].arn})


def _is_pending(exchange: Exchange, arn: str, protocol: str) -> bool:
    return protocol in NEED_CONFIRMATION and arn not in exchange.state.confirmed_subscriptions


def _subscriptions(exchange: Exchange, topic_arn: str) -> list[Any]:
    known = exchange.backend("sns").subscriptions.values()
    return [one for one in known if one.topic.arn == topic_arn]


GAPS: dict[str, Gap] = {"sns:ConfirmSubscription": _confirm_subscription}
MENDS: dict[str, Mend] = {
    "sns:GetTopicAttributes": _count_subscriptions,
    "sns:ListSubscriptions": _hide_pending,
    "sns:ListSubscriptionsByTopic": _hide_pending,
    "sns:Subscribe": _tell_pending,
}
