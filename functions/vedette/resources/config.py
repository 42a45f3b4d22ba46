"""Snapshots of AWS Config: what is recorded in a region, and where that goes."""

from collections.abc import Mapping
from typing import ClassVar

from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.resource import Resource, Value

GLOBAL_TYPES = frozenset(
    {"AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User"}
)
"""The global types, which one region may record for all. Source: AWS Config, RecordingGroup."""


class ConfigRecorder(Value):
    """What a configuration recorder records.

    Every type but `excluded` if `takes_every_type`, else only certain ones. The global types are
    told apart: `takes_global_types`.
    """

    name: str
    takes_every_type: bool
    takes_global_types: bool
    excluded: frozenset[str] = frozenset()


class RecorderStatus(Value):
    """Whether a recorder runs, and how the last event that it recorded was processed.

    `last_status` is Pending, Success, Failure or NotApplicable, in capitals from some regions; None
    before the first event.
    """

    recording: bool
    last_status: str | None = None

    @property
    def has_failed(self) -> bool:
        """Tell whether recording failed last."""
        return (self.last_status or "").casefold() == "failure"


class ConfigRegion(Resource):
    """AWS Config in one region; its id is the account's.

    `statuses` are by recorder name. Without a recorder, neither they nor the delivery channels are
    asked for, and both are empty.
    """

    type: ClassVar[str] = "AWS::::Account"
    service: ClassVar[str] = "config"

    recorders: Fact[tuple[ConfigRecorder, ...]] = NOT_COLLECTED
    statuses: Fact[Mapping[str, RecorderStatus]] = NOT_COLLECTED
    delivery_channels: Fact[tuple[str, ...]] = NOT_COLLECTED


class ConfigAccount(Resource):
    """The account as the subject of AWS Config in its regions; its id is the account's."""

    type: ClassVar[str] = "AWS::::Account"
    service: ClassVar[str] = "config"
