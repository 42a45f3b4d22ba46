"""The account's primary contact is complete and its phone number verified.

Why: when AWS sees an account abused, or its keys published, it writes to the primary contact. A
contact that nobody reads lets the abuse run on, and makes a lost root password hard to recover.
Fix: in the console, open Account, edit the contact information, and verify the phone number. Use a
number and a mailbox that belong to a team, not to one person.

    aws account put-contact-information --contact-information file://contact.json

Note: whether the details are still right, only people can tell: look at them once a year. This rule
finds what is missing and, where AWS verifies numbers, an unverified phone number. The details
themselves are never stored.
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
from vedette.resources.account import AccountContacts, Contact

NEEDED = frozenset({"FullName", "AddressLine1", "City", "PostalCode", "CountryCode", "PhoneNumber"})
UNVERIFIED = frozenset({"PENDING", "UNVERIFIED"})


def account(contact: Contact | Fact[Contact] | None) -> AccountContacts:
    return AccountContacts.sample(primary=contact)


COMPLETE = Contact(filled_in=NEEDED | {"CompanyName"})
VERIFIED = Contact(filled_in=NEEDED, phone_status="VERIFIED")
NOT_OFFERED = Contact(filled_in=NEEDED, phone_status="NOT_SUPPORTED")
PENDING = Contact(filled_in=NEEDED, phone_status="PENDING")
WITHOUT_PHONE = Contact(filled_in=NEEDED - {"PhoneNumber"})


@posture_rule(
    AccountContacts,
    severity=Severity.MEDIUM,
    controls=("cis_aws_5_0:1.1", "cis_aws_7_0:2.2"),
    reads=((AccountContacts, "primary"),),
    examples=(
        Example("everything is filled in", account(COMPLETE), PASSED),
        Example("the phone number is verified", account(VERIFIED), PASSED),
        Example("AWS does not verify numbers here", account(NOT_OFFERED), PASSED),
        Example("the phone number awaits its code", account(PENDING), FAILED),
        Example("there is no phone number", account(WITHOUT_PHONE), FAILED),
        Example("there is no contact", account(None), FAILED),
        Example("access is denied", account(Fact.unreadable("access denied")), UNKNOWN),
    ),
)
def rule(account: AccountContacts, context: Context[NoParameters]) -> Judgement:
    contact = known(account.primary)
    if contact is None:
        return failed("The account has no primary contact.")
    missing = sorted(NEEDED - contact.filled_in)
    if missing:
        return failed(f"The primary contact lacks {', '.join(missing)}.", missing=missing)
    if contact.phone_status in UNVERIFIED:
        return failed("The phone number is not verified.", phone_status=contact.phone_status)
    return passed("The primary contact is complete.", phone_status=contact.phone_status)
