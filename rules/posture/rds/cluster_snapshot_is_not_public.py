"""RDS cluster snapshot is not public.

Why: anyone with an AWS account can restore a public snapshot and read the whole database, and
people look for them all day.
Fix: stop sharing it with everyone.

    aws rds modify-db-cluster-snapshot-attribute --db-cluster-snapshot-identifier SNAPSHOT \
        --attribute-name restore --values-to-remove all

Note: snapshots of Neptune and DocumentDB clusters are judged too: they are shared the same way.
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
from vedette.resources.rds import EVERYONE, DbClusterSnapshot


def snapshot(*accounts: str) -> DbClusterSnapshot:
    return DbClusterSnapshot.sample(shared_with=frozenset(accounts))


DENIED = DbClusterSnapshot.sample(shared_with=Fact.unreadable("AccessDenied"))


@posture_rule(
    DbClusterSnapshot,
    severity=Severity.CRITICAL,
    controls=(
        *("fsbp:RDS.1", "nist_800_53_r5:AC-3", "nist_800_53_r5:AC-4", "nist_800_53_r5:AC-6"),
        *("nist_800_53_r5:AC-21", "nist_800_53_r5:SC-7"),
    ),
    reads=((DbClusterSnapshot, "shared_with"),),
    examples=(
        Example("it is shared with nobody", snapshot(), PASSED),
        Example("it is shared with an account", snapshot("444455556666"), PASSED),
        Example("it is shared with everyone", snapshot(EVERYONE), FAILED),
        Example("access is denied", DENIED, UNKNOWN),
    ),
)
def rule(snapshot: DbClusterSnapshot, context: Context[NoParameters]) -> Judgement:
    if EVERYONE in known(snapshot.shared_with):
        return failed("Anyone with an AWS account can restore the snapshot.")
    return passed("The snapshot is not public.")
