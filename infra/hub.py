"""The hub stack: what Vedette runs in the one account that watches the others."""

import aws_cdk
from aws_cdk import aws_ssm
from constructs import Construct

from vedette import __version__


class Hub(aws_cdk.Stack):
    """Composes the capabilities; so far it only says which version is deployed."""

    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name, description="Vedette: security operations for AWS (hub)")
        aws_ssm.StringParameter(
            self, "Version", description="The deployed version of Vedette", string_value=__version__
        )
