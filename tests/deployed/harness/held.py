"""Types of CloudFormation resources that moto does not have, so that references to them resolve.

moto warns and goes on without such a resource, and fails at a reference to it. One that is held has
an id and the attributes that templates refer to; what it does, the harness does (`applying.py`).

Source of the attributes: CloudFormation Template Reference, "Return values" of each type.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Final

from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel
from moto.events.models import events_backends
from moto.stepfunctions.models import stepfunctions_backends

Attribute = Callable[[str, str, str], str]  # (id, account, region) -> value


def _api_endpoint(name: str, _: str, region: str) -> str:
    return f"https://{name}.execute-api.{region}.amazonaws.com"


def _group_arn(name: str, account: str, region: str) -> str:
    return f"arn:aws:scheduler:{region}:{account}:schedule-group/{name}"


def _alarm_arn(name: str, account: str, region: str) -> str:
    return f"arn:aws:cloudwatch:{region}:{account}:alarm:{name}"


def _bus_arn(name: str, account: str, region: str) -> str:
    return f"arn:aws:events:{region}:{account}:event-bus/{name}"


def _machine_name(arn: str, _: str, __: str) -> str:
    return arn.rpartition(":")[2]


def _own_id(name: str, _: str, __: str) -> str:
    return name


HELD: Final[Mapping[str, Mapping[str, Attribute]]] = {
    "AWS::ApiGatewayV2::Api": {"ApiEndpoint": _api_endpoint, "ApiId": _own_id},
    "AWS::ApiGatewayV2::Integration": {"IntegrationId": _own_id},
    "AWS::ApiGatewayV2::Route": {"RouteId": _own_id},
    "AWS::ApiGatewayV2::Stage": {},
    "AWS::CloudWatch::Alarm": {"Arn": _alarm_arn},
    "AWS::Events::EventBusPolicy": {},
    "AWS::S3::BucketPolicy": {},
    "AWS::SNS::Subscription": {"Arn": _own_id},
    "AWS::SNS::TopicPolicy": {},
    "AWS::SQS::QueuePolicy": {},
    "AWS::Scheduler::Schedule": {},
    "AWS::Scheduler::ScheduleGroup": {"Arn": _group_arn},
}
MACHINE: Final = "AWS::StepFunctions::StateMachine"


class _Held:
    """What all held types share; a type has its `attributes`."""

    attributes: ClassVar[Mapping[str, Attribute]] = {}

    def __init__(self, name: str, account: str, region: str) -> None:
        self.physical_resource_id = name
        self._place = (account, region)

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in cls.attributes

    def get_cfn_attribute(self, name: str) -> str:
        return self.attributes[name](self.physical_resource_id, *self._place)

    def is_created(self) -> bool:
        return True

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: Mapping[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> "_Held":
        return cls(resource_name, account_id, region_name)

    @classmethod
    def update_from_cloudformation_json(cls, original_resource: "_Held", **new: Any) -> "_Held":
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, *_: Any) -> None:
        """Leave nothing behind: there is nothing."""


class _Machine(_Held):
    """moto's own type does not know the attribute `Arn`."""

    attributes: ClassVar[Mapping[str, Attribute]] = {"Arn": _own_id, "Name": _machine_name}

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: Mapping[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> "_Held":
        asked = cloudformation_json["Properties"]
        made = stepfunctions_backends[account_id][region_name].create_state_machine(
            resource_name, asked["DefinitionString"], asked["RoleArn"]
        )
        return cls(made.arn, account_id, region_name)

    @classmethod
    def update_from_cloudformation_json(cls, original_resource: "_Held", **new: Any) -> "_Held":
        asked = new["cloudformation_json"]["Properties"]
        stepfunctions_backends[new["account_id"]][new["region_name"]].update_state_machine(
            original_resource.physical_resource_id, asked["DefinitionString"], asked["RoleArn"]
        )
        return original_resource


class _Bus(_Held):
    """moto's own type gives no name to `Ref`."""

    attributes: ClassVar[Mapping[str, Attribute]] = {"Arn": _bus_arn, "Name": _own_id}

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: Mapping[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> "_Held":
        name = cloudformation_json["Properties"]["Name"]
        events_backends[account_id][region_name].create_event_bus(name=name)
        return cls(name, account_id, region_name)


class _Parameter(_Held):
    """moto's own type fails without a name in the template."""


REPLACED: Final[Mapping[str, type[_Held]]] = {
    "AWS::Events::EventBus": _Bus,
    "AWS::SSM::Parameter": _Parameter,
    MACHINE: _Machine,
}


@contextmanager
def held_types() -> Iterator[None]:
    """Let moto's CloudFormation know the held types."""
    # moto lists all models at the first question, so it is asked before there are more.
    known, named = parsing.get_model_map(), parsing.get_name_type_map()
    types = {name: _model(name, _Held, attributes) for name, attributes in HELD.items()}
    if clash := set(types) & set(known):
        raise TypeError(f"moto has these by now: {', '.join(sorted(clash))}")
    types |= {name: _model(name, base, base.attributes) for name, base in REPLACED.items()}
    before = {name: known[name] for name in REPLACED}
    known.update(types)
    named.update(dict.fromkeys(HELD, ""))
    try:
        yield
    finally:
        for name in HELD:
            del known[name], named[name]
        known.update(before)


def _model(
    name: str, base: type[_Held], attributes: Mapping[str, Attribute]
) -> type[CloudFormationModel]:
    members: dict[str, Any] = {
        "attributes": attributes,
        "cloudformation_type": staticmethod(lambda: name),
        "cloudformation_name_type": staticmethod(lambda: ""),
    }
    return type(name.replace("::", ""), (base, CloudFormationModel), members)
