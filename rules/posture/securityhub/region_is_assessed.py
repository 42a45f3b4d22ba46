"""Security Hub assesses the region.

Why: Security Hub collects the findings of AWS's and other security services in one place, and its
standards check resources all day long; switched on without either, it shows nothing.
Fix: switch it on with its default standards, best for the organisation from its administrator.

    aws securityhub enable-security-hub --enable-default-standards --region REGION

Note: a standard that is on, or another product's integration, is enough.
"""

from vedette.posture.rule import (
    FAILED,
    PASSED,
    UNKNOWN,
    Context,
    Example,
    Fact,
    Judgement,
    NoParameters,
    Severity,
    failed,
    known,
    passed,
    posture_rule,
)
from vedette.resources.securityhub import SecurityHubRegion

STANDARD = "arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0"


def region(*feeds: str, is_enabled: bool = True) -> SecurityHubRegion:
    return SecurityHubRegion.sample(is_enabled=is_enabled, feeds=frozenset(feeds))


@posture_rule(
    SecurityHubRegion,
    severity=Severity.MEDIUM,
    controls=(
        *("cis_aws_5_0:4.16", "cis_aws_7_0:5.16", "nist_800_53_r5:AU-6(1)"),
        *("nist_800_53_r5:AU-6(5)", "nist_800_53_r5:CA-7", "soc_2:CC7.1", "soc_2:CC7.2"),
        *("soc_2:CC7.3", "soc_2:CC7.4"),
    ),
    reads=((SecurityHubRegion, "is_enabled"), (SecurityHubRegion, "feeds")),
    examples=(
        Example("a standard is on", region(STANDARD), PASSED),
        Example("Security Hub is off", region(is_enabled=False), FAILED),
        Example("nothing feeds it", region(), FAILED),
        Example(
            "the standards are denied",
            SecurityHubRegion.sample(is_enabled=True, feeds=Fact.unreadable("AccessDenied")),
            UNKNOWN,
        ),
    ),
)
def rule(region: SecurityHubRegion, context: Context[NoParameters]) -> Judgement:
    if not known(region.is_enabled):
        return failed("Security Hub is off.")
    feeds = known(region.feeds)
    if not feeds:
        return failed("Security Hub is on, but without standards and integrations.")
    return passed("Security Hub is on.", fed_by=sorted(feeds))
