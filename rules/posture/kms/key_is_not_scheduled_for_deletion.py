"""KMS key is not scheduled for deletion.

Why: once the waiting period is over, everything that the key encrypted is lost for good; deleting
keys is also how an extortionist destroys backups.
Fix: find out who scheduled it and why; unless that was meant, cancel the deletion and enable the
key.

    aws kms cancel-key-deletion --key-id KEY
    aws kms enable-key --key-id KEY

Note: suppress this rule for a key that is going on purpose, until its deletion date.
"""

from datetime import UTC, datetime

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
from vedette.resources.kms import KeyDescription, KmsKey

PENDING = frozenset({"PendingDeletion", "PendingReplicaDeletion"})


def key(description: KeyDescription | Fact[KeyDescription]) -> KmsKey:
    return KmsKey.sample(description=description)


def belongs_to_customer(key: KmsKey) -> bool:
    return known(key.description).is_customers


@posture_rule(
    KmsKey,
    severity=Severity.CRITICAL,
    controls=("fsbp:KMS.3", "nist_800_53_r5:SC-12", "nist_800_53_r5:SC-12(2)"),
    reads=((KmsKey, "description"),),
    applies=belongs_to_customer,
    examples=(
        Example("the key is in use", key(KeyDescription()), PASSED),
        Example("the key is disabled", key(KeyDescription(state="Disabled")), PASSED),
        Example(
            "the key goes in three weeks",
            key(
                KeyDescription(
                    state="PendingDeletion", deletion_date=datetime(2026, 6, 22, tzinfo=UTC)
                )
            ),
            FAILED,
        ),
        Example(
            "a primary key waits for its replicas to go",
            key(KeyDescription(state="PendingReplicaDeletion")),
            FAILED,
        ),
        Example("access is denied", key(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(key: KmsKey, context: Context[NoParameters]) -> Judgement:
    description = known(key.description)
    if description.state not in PENDING:
        return passed("No deletion is scheduled.", state=description.state)
    if description.deletion_date is None:
        return failed("It is deleted as soon as its replicas are gone.", state=description.state)
    days = (description.deletion_date - context.as_of).days
    day = description.deletion_date.date().isoformat()
    return failed(f"It is deleted on {day}, in {max(days, 0)} days.", deletion_date=day)
