"""The queues between events and functions, and those of what could not be handled.

Nobody sends into them but who is named, whatever a principal's own policies allow: what stands in
a queue is taken for an event of AWS.
"""

from collections.abc import Sequence
from typing import Final

from aws_cdk import Duration, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.acknowledged import acknowledge
from infra.policies import (
    EVENTBRIDGE,
    allow_service,
    deny_everyone,
    deny_others,
    from_rules,
    not_from_rules,
)

SEND: Final = "sqs:SendMessage"
# Fewer, and throttling alone would send good messages away. Source: Lambda Developer Guide.
TRIES: Final = 5
# The longest that SQS keeps a message: a person has this long to look.
KEPT: Final = Duration.days(14)
# Source: Lambda Developer Guide, configuring a queue to use with Lambda.
TIMEOUTS_HIDDEN: Final = 6


class EventQueue(Construct):
    """A queue that EventBridge fills, with one for the messages that were tried in vain."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        timeout: Duration,
        window: Duration,
        key: kms.IKey | None,
    ) -> None:
        """`timeout` is that of the function that reads it, `window` how long a batch gathers."""
        super().__init__(scope, name)
        self.dead_letters = _queue(self, "DeadLetters", key)
        hidden = TIMEOUTS_HIDDEN * timeout.to_seconds() + window.to_seconds()
        self.queue = _queue(
            self,
            "Queue",
            key,
            hidden=Duration.seconds(hidden),
            dead_letters=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=TRIES),
        )
        # SQS itself moves messages here, without a principal; whoever has one is refused.
        self.dead_letters.add_to_resource_policy(
            deny_everyone(
                "NobodySends",
                SEND,
                self.dead_letters.queue_arn,
                {"Null": {"aws:PrincipalArn": "false"}},
            )
        )

    def admit(self, rules: Sequence[str]) -> None:
        """Let EventBridge send for these rules, by ARN, and refuse all else."""
        _admit_rules(self.queue, rules)


class Undelivered(Construct):
    """What EventBridge could not hand over, after all its tries."""

    def __init__(self, scope: Construct, name: str, key: kms.IKey | None = None) -> None:
        super().__init__(scope, name)
        self.queue = _queue(self, "Queue", key)
        _is_last(self.queue)

    def admit(self, rules: Sequence[str]) -> None:
        """Let EventBridge send for these rules, by ARN, and refuse all else."""
        _admit_rules(self.queue, rules)


class Failures(Construct):
    """What one role could not get done, which it alone reports here."""

    def __init__(self, scope: Construct, name: str, key: kms.IKey | None = None) -> None:
        super().__init__(scope, name)
        self.queue = _queue(self, "Queue", key)
        _is_last(self.queue)

    def admit(self, role: str) -> None:
        """Refuse everyone but this role, by ARN."""
        arn = self.queue.queue_arn
        self.queue.add_to_resource_policy(deny_others("OnlyItsRoleSends", SEND, arn, [role]))


def _queue(
    scope: Construct,
    name: str,
    key: kms.IKey | None,
    *,
    hidden: Duration | None = None,
    dead_letters: sqs.DeadLetterQueue | None = None,
) -> sqs.Queue:
    encryption = sqs.QueueEncryption.KMS if key else sqs.QueueEncryption.SQS_MANAGED
    return sqs.Queue(
        scope,
        name,
        encryption=encryption,
        encryption_master_key=key,
        enforce_ssl=True,
        retention_period=KEPT,
        visibility_timeout=hidden,
        dead_letter_queue=dead_letters,
    )


def _admit_rules(queue: sqs.Queue, rules: Sequence[str]) -> None:
    arn, account = queue.queue_arn, Stack.of(queue).account
    queue.add_to_resource_policy(allow_service(EVENTBRIDGE, SEND, arn, from_rules(rules, account)))
    queue.add_to_resource_policy(
        deny_everyone("OnlyOurRulesSend", SEND, arn, not_from_rules(rules))
    )


def _is_last(queue: sqs.Queue) -> None:
    acknowledge(queue, "SQS3", "It is where failures end: an alarm watches it.")
