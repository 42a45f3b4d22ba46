"""Reads whether Security Hub is on and what feeds it.

InvalidAccessException is what every operation answers while Security Hub is off; a caller without
permission gets AccessDeniedException. Source: AWS Security Hub API Reference, DescribeHub.
"""

from collections.abc import Iterator

from vedette.aws.collect.collector import Collector, fact
from vedette.aws.collect.reader import Reader
from vedette.aws.collect.whole_account import whole_account
from vedette.resources.facts import Fact, known
from vedette.resources.securityhub import SecurityHubRegion

HUB = "securityhub:DescribeHub"
STANDARDS = "securityhub:GetEnabledStandards"
PRODUCTS = "securityhub:ListEnabledProductsForImport"
OFF = "InvalidAccessException"
GOING = "DELETING"
OWN_PRODUCT = "/aws/securityhub"


def find_region(reader: Reader, _only: frozenset[str] | None) -> Iterator[SecurityHubRegion]:
    """Yield the region."""
    is_enabled = reader.optional(HUB, OFF) is not None
    yield whole_account(SecurityHubRegion, reader, is_enabled=Fact.of(is_enabled))


def _feeds(reader: Reader, region: SecurityHubRegion) -> frozenset[str]:
    """Return the standards; only where there are none, the products, its own left out."""
    if not known(region.is_enabled):
        return frozenset()
    listed = reader.pages(STANDARDS, "StandardsSubscriptions", MaxResults=100)
    standards = [one["StandardsArn"] for one in listed if one["StandardsStatus"] != GOING]
    if standards:
        return frozenset(standards)
    products = reader.pages(PRODUCTS, "ProductSubscriptions", MaxResults=100)
    return frozenset(one for one in products if not one.endswith(OWN_PRODUCT))


COLLECTORS = (
    Collector(
        kind=SecurityHubRegion,
        calls=(HUB,),
        find=find_region,
        details=(fact("feeds", STANDARDS, PRODUCTS, read=_feeds),),
    ),
)
