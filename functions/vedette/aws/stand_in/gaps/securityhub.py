"""Security Hub's standards and product integrations, which moto lacks.

Source: Security Hub API Reference.
"""

from vedette.aws.stand_in.call import Answer
from vedette.aws.stand_in.gaps.exchange import Exchange, Gap, Mend
from vedette.aws.stand_in.gaps.state import Hub
from vedette.aws.stand_in.wire import Result

FOUNDATIONAL = "standards/aws-foundational-security-best-practices/v/1.0.0"
CIS = "ruleset/cis-aws-foundations-benchmark/v/1.2.0"
UNAUTHORIZED = 401


def _enable_default_standards(exchange: Exchange, _: Result) -> None:
    """EnableSecurityHub switches these two on unless it is told not to."""
    hub = exchange.state.hubs[exchange.place] = Hub()
    hub.products.append(exchange.arn("securityhub", "product-subscription/aws/securityhub"))
    if exchange.parameters.get("EnableDefaultStandards", True):
        partition, region = exchange.partition, exchange.call.region
        for standard in (
            f"arn:{partition}:securityhub:{region}::{FOUNDATIONAL}",
            f"arn:{partition}:securityhub:::{CIS}",
        ):
            hub.standards[_subscription_arn(exchange, standard)] = standard


def _get_enabled_standards(exchange: Exchange) -> Answer:
    if not _enabled(exchange):
        return _not_subscribed(exchange)
    wanted = exchange.parameters.get("StandardsSubscriptionArns")
    return _standards(exchange, wanted)


def _batch_enable_standards(exchange: Exchange) -> Answer:
    if not _enabled(exchange):
        return _not_subscribed(exchange)
    asked = [one["StandardsArn"] for one in exchange.parameters["StandardsSubscriptionRequests"]]
    enabled = {_subscription_arn(exchange, standard): standard for standard in asked}
    exchange.state.hubs[exchange.place].standards.update(enabled)
    return _standards(exchange, list(enabled))


def _batch_disable_standards(exchange: Exchange) -> Answer:
    if not _enabled(exchange):
        return _not_subscribed(exchange)
    for subscription in exchange.parameters["StandardsSubscriptionArns"]:
        exchange.state.hubs[exchange.place].standards.pop(subscription, None)
    return exchange.reply({"StandardsSubscriptions": []})


def _list_products(exchange: Exchange) -> Answer:
    if not _enabled(exchange):
        return _not_subscribed(exchange)
    return exchange.reply({"ProductSubscriptions": exchange.state.hubs[exchange.place].products})


def _enable_product(exchange: Exchange) -> Answer:
    if not _enabled(exchange):
        return _not_subscribed(exchange)
    product = exchange.parameters["ProductArn"].split("/", 1)[1]
    subscription = exchange.arn("securityhub", f"product-subscription/{product}")
    exchange.state.hubs[exchange.place].products.append(subscription)
    return exchange.reply({"ProductSubscriptionArn": subscription})


def _standards(exchange: Exchange, wanted: list[str] | None) -> Answer:
    subscriptions = [
        {
            "StandardsSubscriptionArn": subscription,
            "StandardsArn": standard,
            "StandardsInput": {},
            "StandardsStatus": "READY",
        }
        for subscription, standard in exchange.state.hubs[exchange.place].standards.items()
        if wanted is None or subscription in wanted
    ]
    return exchange.reply({"StandardsSubscriptions": subscriptions})


def _subscription_arn(exchange: Exchange, standard: str) -> str:
    return exchange.arn("securityhub", f"subscription/{standard.split('/', 1)[1]}")


def _enabled(exchange: Exchange) -> bool:
    return bool(exchange.backend("securityhub").enabled)


def _not_subscribed(exchange: Exchange) -> Answer:
    account = exchange.call.account
    message = f"Account {account} is not subscribed to AWS Security Hub"
    return exchange.refuse("InvalidAccessException", message, UNAUTHORIZED)


GAPS: dict[str, Gap] = {
    "securityhub:BatchDisableStandards": _batch_disable_standards,
    "securityhub:BatchEnableStandards": _batch_enable_standards,
    "securityhub:EnableImportFindingsForProduct": _enable_product,
    "securityhub:GetEnabledStandards": _get_enabled_standards,
    "securityhub:ListEnabledProductsForImport": _list_products,
}
MENDS: dict[str, Mend] = {"securityhub:EnableSecurityHub": _enable_default_standards}
