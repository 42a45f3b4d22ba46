"""What every resource snapshot has: identity, tags, and facts."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self, TypeVar, get_origin

from pydantic import BaseModel, ConfigDict, TypeAdapter

from vedette.resources.facts import NOT_COLLECTED, Fact, Unreadable, known

GLOBAL_REGION = "global"
SAMPLE_ACCOUNT = "111122223333"
SAMPLE_REGION = "eu-west-1"
R = TypeVar("R", bound="Resource")


class Value(BaseModel):
    """Base of the frozen values that facts hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Resource(Value):
    """One AWS resource as it was at one moment.

    `type` is the CloudFormation type name; `service` the name people give the AWS service, which is
    also the folder of its rules. `id` is unique within type, account and region.
    """

    type: ClassVar[str]
    service: ClassVar[str]

    arn: str
    id: str
    account: str
    region: str
    tags: Fact[Mapping[str, str]] = NOT_COLLECTED

    @classmethod
    def fact_names(cls) -> frozenset[str]:
        """Name the fields that hold facts."""
        return frozenset(
            name for name, field in cls.model_fields.items() if get_origin(field.annotation) is Fact
        )

    @classmethod
    def sample(cls, **values: Any) -> Self:
        """Build an example resource: plain values of fact fields are taken as read.

        Raises pydantic's ValidationError where a value does not fit its field.
        """
        facts = cls.fact_names()
        given = {
            name: Fact.of(value) if name in facts and not isinstance(value, Fact) else value
            for name, value in values.items()
        }
        own_id = given.get("id", "example")
        identity = {
            "arn": f"arn:aws:{cls.service}:{SAMPLE_REGION}:{SAMPLE_ACCOUNT}:{own_id}",
            "id": own_id,
            "account": SAMPLE_ACCOUNT,
            "region": SAMPLE_REGION,
        }
        return cls.model_validate(identity | given)

    def with_facts(self, facts: Mapping[str, Fact[object]]) -> Self:
        """Return a copy in which these facts are replaced, each validated against its type."""
        checked = {name: _adapter(type(self), name).validate_python(f) for name, f in facts.items()}
        return self.model_copy(update=checked)

    def fact(self, name: str) -> Fact[object]:
        """Return the fact of this name."""
        value: Fact[object] = getattr(self, name)
        return value


_ADAPTERS: dict[tuple[type[Resource], str], TypeAdapter[Any]] = {}


def _adapter(kind: type[Resource], name: str) -> TypeAdapter[Any]:
    key = (kind, name)
    if key not in _ADAPTERS:
        annotation: Any = kind.model_fields[name].annotation
        _ADAPTERS[key] = TypeAdapter(annotation)
    return _ADAPTERS[key]


__all__ = [
    "GLOBAL_REGION",
    "NOT_COLLECTED",
    "SAMPLE_ACCOUNT",
    "SAMPLE_REGION",
    "Fact",
    "Resource",
    "Unreadable",
    "Value",
    "known",
]
