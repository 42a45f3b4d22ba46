"""What is true of an account's contacts."""

from tests.aws.truth.world import ACCOUNT, Aws, World

CONTACT = {
    "FullName": "Ada Example",
    "AddressLine1": "1 Example Street",
    "City": "Dublin",
    "PostalCode": "D01",
    "CountryCode": "IE",
    "PhoneNumber": "+353 1 5550100",
}


def seed_reachable(aws: Aws) -> None:
    account = aws("account")
    account.put_contact_information(ContactInformation=CONTACT)
    account.put_alternate_contact(
        AlternateContactType="SECURITY",
        Name="Security team",
        Title="Security operations",
        EmailAddress="security@example.com",
        PhoneNumber="+353 1 5550101",
    )


def seed_billing_contact_only(aws: Aws) -> None:
    aws("account").put_alternate_contact(
        AlternateContactType="BILLING",
        Name="Accounts payable",
        Title="Accounting",
        EmailAddress="billing@example.com",
        PhoneNumber="+353 1 5550102",
    )


WORLDS = (
    World(
        name="reachable",
        seed=seed_reachable,
        verdicts={
            "account/primary_contact_is_complete": {ACCOUNT: "PASSED"},
            "account/security_contact_is_registered": {ACCOUNT: "PASSED"},
        },
    ),
    World(
        name="billing contact only",
        seed=seed_billing_contact_only,
        verdicts={
            "account/primary_contact_is_complete": {ACCOUNT: "FAILED"},
            "account/security_contact_is_registered": {ACCOUNT: "FAILED"},
        },
    ),
)
