"""Amazon Resource Names, taken apart and put together.

Source: AWS General Reference, "Amazon Resource Names (ARNs)".
"""

from dataclasses import dataclass

PARTS = 6


class ArnError(ValueError):
    """The text is not an ARN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arn:
    """The six parts of an ARN; region and account are empty where a service leaves them out."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        """Give the ARN's text back."""
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


def parse_arn(text: str) -> Arn:
    """Take an ARN apart. Raises ArnError with a sentence for people."""
    parts = text.split(":", PARTS - 1)
    if len(parts) != PARTS or parts[0] != "arn" or not (parts[1] and parts[2] and parts[5]):
        shown = text if len(text) <= 80 else text[:77] + "..."  # noqa: PLR2004 - for people
        raise ArnError(f"{shown!r} is not an ARN (arn:partition:service:region:account:resource)")
    _, partition, service, region, account, resource = parts
    return Arn(
        partition=partition, service=service, region=region, account=account, resource=resource
    )
