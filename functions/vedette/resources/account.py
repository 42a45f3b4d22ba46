"""Snapshots of an account's contacts. Names and addresses of people are not kept."""

from typing import ClassVar

from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.resource import Resource, Value


class Contact(Value):
    """Which fields of a contact are filled in, by AWS's names, and what AWS says of the phone.

    `phone_status` is PENDING, VERIFIED, UNVERIFIED or NOT_SUPPORTED; None where AWS does not say.
    Source: AWS Account Management Reference, ContactInformation, AlternateContact and
    GetContactInformation (VerificationStatus).
    """

    filled_in: frozenset[str]
    phone_status: str | None = None


class AccountContacts(Resource):
    """Whom AWS reaches about the account; its id is the account's. None: nobody is registered."""

    type: ClassVar[str] = "AWS::::Account"
    service: ClassVar[str] = "account"

    primary: Fact[Contact | None] = NOT_COLLECTED
    security: Fact[Contact | None] = NOT_COLLECTED
