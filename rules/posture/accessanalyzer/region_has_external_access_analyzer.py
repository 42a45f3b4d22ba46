"""IAM Access Analyzer looks for external access in the region.

Why: buckets, roles, keys, queues and functions are opened to strangers by one line of one policy.
An external access analyzer reads every such policy of its region as it changes and reports who
outside the account or the organisation is let in.
Fix: create an analyzer in every region that is in use; it costs nothing. In an organisation, one
analyzer of the organisation in the delegated administrator's account does it for all accounts.

    aws accessanalyzer create-analyzer --region REGION --analyzer-name external-access \
        --type ACCOUNT

Note: a member account cannot see an analyzer that the organisation's administrator runs for it. If
you have one in every region, suppress this rule in the member accounts. Analyzers of unused and of
internal access answer other questions and do not count.
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
from vedette.resources.accessanalyzer import AccessAnalyzerRegion, Analyzer


def region(*analyzers: Analyzer) -> AccessAnalyzerRegion:
    return AccessAnalyzerRegion.sample(analyzers=analyzers)


def analyzer(kind: str, status: str = "ACTIVE") -> Analyzer:
    return Analyzer(name="watch", kind=kind, status=status)


DENIED = AccessAnalyzerRegion.sample(analyzers=Fact.unreadable("access denied"))


@posture_rule(
    AccessAnalyzerRegion,
    severity=Severity.LOW,
    controls=("cis_aws_5_0:1.19", "cis_aws_7_0:2.18", "fsbp:IAM.28"),
    reads=((AccessAnalyzerRegion, "analyzers"),),
    examples=(
        Example("the account is analyzed", region(analyzer("ACCOUNT")), PASSED),
        Example("the organisation is analyzed", region(analyzer("ORGANIZATION")), PASSED),
        Example("there is no analyzer", region(), FAILED),
        Example("only unused access", region(analyzer("ACCOUNT_UNUSED_ACCESS")), FAILED),
        Example("only internal access", region(analyzer("ORGANIZATION_INTERNAL_ACCESS")), FAILED),
        Example("the analyzer is disabled", region(analyzer("ACCOUNT", "DISABLED")), FAILED),
        Example("analyzers cannot be listed", DENIED, UNKNOWN),
    ),
)
def rule(region: AccessAnalyzerRegion, context: Context[NoParameters]) -> Judgement:
    analyzers = known(region.analyzers)
    working = [one.name for one in analyzers if one.finds_external_access]
    if working:
        return passed(f"External access is analyzed by {working[0]}.", analyzers=working)
    others = {one.name: f"{one.kind}, {one.status}" for one in analyzers}
    return failed("No active analyzer looks for external access.", analyzers=others)
