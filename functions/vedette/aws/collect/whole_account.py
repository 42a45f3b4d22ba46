"""Makes the snapshots whose subject is the account, as a whole or in one region."""

from typing import TypeVar

from vedette.aws.collect.reader import Reader
from vedette.resources.arn import Arn
from vedette.resources.facts import Fact
from vedette.resources.resource import Resource

R = TypeVar("R", bound=Resource)


def whole_account(kind: type[R], reader: Reader, **facts: Fact[object]) -> R:
    """Return the account as the reader's region shows it, with these facts.

    AWS's tagging API knows no tags of an account, so it has none.
    """
    root = Arn(
        partition=reader.partition,
        service="iam",
        region="",
        account=reader.account,
        resource="root",
    )
    identity = {
        "arn": str(root),
        "id": reader.account,
        "account": reader.account,
        "region": reader.region,
        "tags": Fact.of({}),
    }
    return kind.model_validate(identity | facts)
