"""The stack of a member account, for a StackSet: one template for all accounts and regions.

It has neither assets nor a demand for a bootstrapped account, and says nothing about any account:
the hub is a parameter. The audit role is made in the region of global services alone.
"""

import aws_cdk
from constructs import Construct

from infra.audit_role import AuditRole, Trust
from infra.bus import bus_arn
from infra.forwarder import Forwarder
from infra.plan import Plan


class Member(aws_cdk.Stack):
    """Forwards each region's events to the hub, and lets the hub read the account."""

    def __init__(self, scope: Construct, name: str, plan: Plan) -> None:
        super().__init__(
            scope,
            name,
            description="Vedette: a member account, watched by the hub",
            synthesizer=aws_cdk.BootstraplessSynthesizer(),
            suppress_template_indentation=True,
        )
        hub = self._parameter("HubAccount", "Account of the hub", r"^\d{12}$")
        external_id = self._parameter(
            "ExternalId", "The hub's output ExternalId", r"^[A-Za-z0-9_+=,.@:/-]{2,1224}$"
        )
        auditors = aws_cdk.CfnParameter(
            self,
            "HubRoles",
            type="CommaDelimitedList",
            description="The hub's output HubRoles: the roles that may read this account",
        )
        bus = bus_arn(self, hub.value_as_string, plan.deployment.region)
        Forwarder(self, "Forwarder", patterns=plan.patterns, hub_bus=bus)
        audit = AuditRole(
            self,
            "Audit",
            trust=Trust(
                hub=hub.value_as_string,
                auditors=auditors.value_as_list,
                external_id=external_id.value_as_string,
            ),
            policy=plan.audit_policy,
        )
        audit.role.cfn_options.condition = aws_cdk.CfnCondition(
            self,
            "IsGlobalRegion",
            expression=aws_cdk.Fn.condition_equals(self.region, plan.deployment.global_region),
        )

    def _parameter(self, name: str, description: str, pattern: str) -> aws_cdk.CfnParameter:
        return aws_cdk.CfnParameter(
            self, name, type="String", description=description, allowed_pattern=pattern
        )
