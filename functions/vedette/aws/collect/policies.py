"""Resource policies as AWS's APIs answer them."""

from vedette.resources.policy.document import PolicyDocument
from vedette.resources.policy.parsing import parse_policy


def read_policy(text: str | None) -> PolicyDocument:
    """Read a policy's text; where there is no policy, it is one without statements.

    Raises PolicyError if the text is not a policy, which the driver turns into UNKNOWN.
    """
    return parse_policy(text) if text else PolicyDocument(statements=())
