"""Reads whom AWS reaches about the account.

Source: AWS Account Management API Reference; ResourceNotFoundException means that no such contact
is registered.
"""

from collections.abc import Iterator

from vedette.aws.collect.collector import Collector, fact
from vedette.aws.collect.reader import Answer, Reader
from vedette.resources.account import AccountContacts, Contact
from vedette.resources.facts import Fact
from vedette.resources.resource import GLOBAL_REGION

PRIMARY = "account:GetContactInformation"
ALTERNATE = "account:GetAlternateContact"
NONE_REGISTERED = "ResourceNotFoundException"
# Accounts of these partitions keep their contacts in the commercial account they belong to.
WITHOUT_CONTACTS = ("aws-us-gov", "aws-iso")


def find_contacts(reader: Reader, _only: frozenset[str] | None) -> Iterator[AccountContacts]:
    """Yield the account, unless its partition keeps no contacts."""
    if reader.partition.startswith(WITHOUT_CONTACTS):
        return
    yield AccountContacts(
        arn=reader.arn("iam", "root"),
        id=reader.account,
        account=reader.account,
        region=GLOBAL_REGION,
        tags=Fact.of({}),
    )


def _primary(reader: Reader, _account: AccountContacts) -> Contact | None:
    answer = reader.optional(PRIMARY, NONE_REGISTERED)
    if answer is None:
        return None
    filled_in = _filled_in(answer["ContactInformation"])
    return Contact(filled_in=filled_in, phone_status=answer.get("VerificationStatus"))


def _security(reader: Reader, _account: AccountContacts) -> Contact | None:
    answer = reader.optional(ALTERNATE, NONE_REGISTERED, AlternateContactType="SECURITY")
    return Contact(filled_in=_filled_in(answer["AlternateContact"])) if answer else None


def _filled_in(contact: Answer) -> frozenset[str]:
    """Name the fields that hold more than blanks; what they hold is not kept."""
    return frozenset(name for name, text in contact.items() if text.strip())


CONTACTS = Collector(
    kind=AccountContacts,
    calls=(),
    find=find_contacts,
    details=(
        fact("primary", PRIMARY, read=_primary),
        fact("security", ALTERNATE, read=_security),
    ),
    is_global=True,
)
COLLECTORS = (CONTACTS,)
