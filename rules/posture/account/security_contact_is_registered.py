"""The account has a security contact.

Why: without one, AWS sends its security and abuse notices to the root user's mailbox, where they
wait among invoices. With one, the team that can act on them gets them at once.
Fix: register a team's mailbox and phone number as the alternate contact for security. In an
organisation, do it for all accounts from the management account with --account-id.

    aws account put-alternate-contact --alternate-contact-type SECURITY --name "Security team" \
        --title "Security operations" --email-address security@example.com \
        --phone-number "+1 555 0100"
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


def account(contact: Contact | Fact[Contact] | None) -> AccountContacts:
    return AccountContacts.sample(security=contact)


TEAM = Contact(filled_in=frozenset({"Name", "Title", "EmailAddress", "PhoneNumber"}))
WITHOUT_ADDRESS = Contact(filled_in=frozenset({"Name", "PhoneNumber"}))


@posture_rule(
    AccountContacts,
    severity=Severity.MEDIUM,
    controls=(
        "cis_aws_5_0:1.2",
        "cis_aws_7_0:2.3",
        "fsbp:Account.1",
        "nist_800_53_r5:CM-2",
        "nist_800_53_r5:CM-2(2)",
    ),
    reads=((AccountContacts, "security"),),
    examples=(
        Example("a team is registered", account(TEAM), PASSED),
        Example("nobody is registered", account(None), FAILED),
        Example("the contact has no mail address", account(WITHOUT_ADDRESS), FAILED),
        Example("access is denied", account(Fact.unreadable("access denied")), UNKNOWN),
    ),
)
def rule(account: AccountContacts, context: Context[NoParameters]) -> Judgement:
    contact = known(account.security)
    if contact is None:
        return failed("No security contact is registered.")
    if "EmailAddress" not in contact.filled_in:
        return failed("The security contact has no mail address.")
    return passed("A security contact is registered.")
