"""RDS snapshot is shared with trusted accounts only.

Why: every account that a snapshot is shared with can copy the whole database and keep it; sharing
it with an account of one's own is a quiet way to steal it.
Fix: stop sharing it with accounts that you do not know, or name yours under `trusted_accounts`.

    aws rds modify-db-snapshot-attribute --db-snapshot-identifier SNAPSHOT \
        --attribute-name restore --values-to-remove ACCOUNT_ID
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
from vedette.resources.rds import EVERYONE, DbSnapshot


def snapshot(*accounts: str) -> DbSnapshot:
    return DbSnapshot.sample(shared_with=frozenset(accounts))


KNOWN, UNKNOWN_ACCOUNT = "444455556666", "777788889999"
TRUSTED = frozenset({KNOWN})
DENIED = DbSnapshot.sample(shared_with=Fact.unreadable("AccessDenied"))


@posture_rule(
    DbSnapshot,
    severity=Severity.HIGH,
    controls=(
        *("fsbp:RDS.1", "nist_800_53_r5:AC-3", "nist_800_53_r5:AC-4", "nist_800_53_r5:AC-6"),
        *("nist_800_53_r5:AC-21", "nist_800_53_r5:SC-7"),
    ),
    reads=((DbSnapshot, "shared_with"),),
    examples=(
        Example("it is shared with nobody", snapshot(), PASSED),
        Example("the account is trusted", snapshot(KNOWN), PASSED, trusted_accounts=TRUSTED),
        Example("the account is unknown", snapshot(KNOWN), FAILED),
        Example(
            "one of two accounts is unknown",
            snapshot(KNOWN, UNKNOWN_ACCOUNT),
            FAILED,
            trusted_accounts=TRUSTED,
        ),
        Example("it is shared with everyone", snapshot(EVERYONE), FAILED),
        Example("access is denied", DENIED, UNKNOWN),
    ),
)
def rule(snapshot: DbSnapshot, context: Context[NoParameters]) -> Judgement:
    accounts = known(snapshot.shared_with)
    unknown_ones = sorted(accounts - context.trusted_accounts - {EVERYONE})
    if EVERYONE in accounts:
        return failed("The snapshot is shared with everyone.", accounts=unknown_ones)
    if unknown_ones:
        return failed(f"Shared with {', '.join(unknown_ones)}.", accounts=unknown_ones)
    return passed("The snapshot is shared with no unknown account.", accounts=sorted(accounts))
