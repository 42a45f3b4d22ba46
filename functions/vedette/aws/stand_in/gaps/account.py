"""The account's contact information, which moto lacks.

Source: AWS Account Management API Reference.
"""

from vedette.aws.stand_in.call import Answer
from vedette.aws.stand_in.gaps.exchange import Exchange, Gap

NOT_FOUND = 404


def _get_contact_information(exchange: Exchange) -> Answer:
    contact = exchange.state.contacts.get(exchange.call.account)
    if contact is None:
        return exchange.refuse(
            "ResourceNotFoundException", "No contact information was found.", NOT_FOUND
        )
    return exchange.reply({"ContactInformation": contact})


def _put_contact_information(exchange: Exchange) -> Answer:
    contact = exchange.parameters["ContactInformation"]
    exchange.state.contacts[exchange.call.account] = dict(contact)
    return exchange.reply()


GAPS: dict[str, Gap] = {
    "account:GetContactInformation": _get_contact_information,
    "account:PutContactInformation": _put_contact_information,
}
