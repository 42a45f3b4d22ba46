"""The stack of another region of the hub's account: it forwards events, and nothing else."""

import aws_cdk
from constructs import Construct

from infra.bus import bus_arn
from infra.forwarder import Forwarder
from infra.plan import Plan


class RegionForwarder(aws_cdk.Stack):
    """It needs no bootstrap: there is nothing to upload."""

    def __init__(self, scope: Construct, name: str, *, plan: Plan, region: str) -> None:
        super().__init__(
            scope,
            name,
            description=f"Vedette: forwards events of {region} to the hub",
            env=aws_cdk.Environment(region=region),
            synthesizer=aws_cdk.BootstraplessSynthesizer(),
            suppress_template_indentation=True,
        )
        hub = bus_arn(self, self.account, plan.deployment.region)
        Forwarder(self, "Forwarder", patterns=plan.patterns, hub_bus=hub)
