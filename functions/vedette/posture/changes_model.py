"""What stands in `rules/changes/<service>.yml`: which CloudTrail event changes which resource.

`docs/patterns.md` explains the keys. A path begins with `request`, `response` or `resources`, that
is requestParameters, responseElements and the record's own list of resources. Other words in its
place are `caller` (the IAM user that calls), `account` and `all` (every resource of the type).
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from vedette.resources.resource import GLOBAL_REGION

ACCOUNT_TYPE = "AWS::::Account"
PARTS = ("request", "response", "resources")
WORDS = ("caller", "account", "all")
AND = " and "
_API_VERSION = re.compile(r"_?\d{4}_?\d\d_?\d\d(v\d+)?\Z", re.ASCII)

EventName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]{2,79}$")]
EventSource = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{2,40}\.amazonaws\.com$")]
TypeName = Annotated[str, StringConstraints(pattern=r"^AWS::[A-Za-z0-9]*::[A-Za-z0-9]+$")]
Sentence = Annotated[str, StringConstraints(min_length=20, max_length=500)]


class Section(BaseModel):
    """Base of the parts of a file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ChangingEvents(Section):
    """Events, and where each names what it changes.

    Of the places in `id` the first that names anything counts; ` and ` joins two that both count.
    With `mixed` resources of other types are named there too, and passed over. With `optional` an
    event that names nothing changes nothing of this type. `region` is where the resource's region
    stands, if it stands there; else it is the event's.
    """

    names: tuple[EventName, ...] = Field(min_length=1)
    id: tuple[str, ...] = Field(min_length=1)
    region: str | None = None
    mixed: bool = False
    optional: bool = False

    @model_validator(mode="before")
    @classmethod
    def _one_place_is_a_list(cls, written: Any) -> Any:
        if isinstance(written, dict) and isinstance(written.get("id"), str):
            return {**written, "id": (written["id"],)}
        return written

    @model_validator(mode="after")
    def _places_are_known(self) -> Self:
        places = [one for each in self.id for one in each.split(AND)]
        for one in (*places, *([self.region] if self.region else ())):
            if one not in WORDS and one.split(".")[0] not in PARTS:
                known = ", ".join((*PARTS, *WORDS))
                raise ValueError(f"{one!r} is no place in an event; a place begins with {known}")
        return self


class ChangingType(Section):
    """A type of resource, how events name resources of it, and the events that change them.

    `arn` is what stands in front of the id in the last part of an ARN, and `until` the character
    behind it; `whole_arn` says that the snapshot's id is the ARN itself. `begins` is how every id
    begins; what begins with `alias` is another name that cannot be told from here, and with
    `only_arns` so is all that is no ARN. `lower_case`: AWS keeps ids in lower case.
    """

    type: TypeName
    service: str | None = None
    region: Literal["global"] | None = None
    arn: str | None = None
    until: str | None = None
    begins: str | None = None
    alias: str | None = None
    whole_arn: bool = False
    only_arns: bool = False
    lower_case: bool = False
    events: tuple[ChangingEvents, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _account_settings_name_their_service(self) -> Self:
        if (self.service is not None) != (self.type == ACCOUNT_TYPE):
            raise ValueError(f"`service` belongs to the type {ACCOUNT_TYPE}, and only to it")
        return self

    @property
    def is_global(self) -> bool:
        """Tell whether the resources have no region."""
        return self.region == GLOBAL_REGION


class ChangeExample(Section):
    """An event (members of a CloudTrail record) and what it changes, ids by type.

    `*` stands for every resource of the type; a type that is not named is not changed.
    """

    event: Mapping[str, Any]
    changes: Mapping[str, tuple[str, ...]]


class ChangesFile(Section):
    """One file: the events of one or a few event sources.

    `versioned`: CloudTrail puts the version of the API behind the names of these events.
    `left_to_sweep` says, by type, which changes of it no event here tells, and why.
    """

    sources: tuple[EventSource, ...] = Field(min_length=1)
    versioned: bool = False
    resources: tuple[ChangingType, ...] = Field(min_length=1)
    left_to_sweep: Mapping[TypeName, Sentence] = Field(default_factory=dict)
    examples: tuple[ChangeExample, ...] = Field(min_length=1)


def without_version(event_name: str) -> str:
    """Return an event's name without an API version: `AddPermission20150331v2` is AddPermission."""
    return _API_VERSION.sub("", event_name)
