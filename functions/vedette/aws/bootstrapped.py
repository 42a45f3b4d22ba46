"""Whether an account and region are prepared for deployments by the CDK.

Source: AWS CDK Developer Guide, "Bootstrap your environment", "Bootstrap template version history".
"""

from typing import Final

from vedette.aws.collect.reader import Reader

READ: Final = "ssm:GetParameter"
CALLS: Final = frozenset({READ})
PARAMETER: Final = "/cdk-bootstrap/hnb659fds/version"
_ABSENT: Final = "ParameterNotFound"


def bootstrap_version(reader: Reader) -> int | None:
    """Return the version of the preparation; None if there is none. Raises ReadError."""
    answer = reader.optional(READ, _ABSENT, Name=PARAMETER)
    if answer is None:
        return None
    told = answer["Parameter"]["Value"]
    return int(told) if told.isdecimal() else 0
