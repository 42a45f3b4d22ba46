"""What the stand-in remembers beside moto: state of accounts that moto does not keep."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

RootMfa = Literal["none", "virtual", "hardware"]
Columns = dict[str, str]


class Place(NamedTuple):
    """A region of an account."""

    account: str
    region: str


class BucketKey(NamedTuple):
    """A bucket of an account."""

    account: str
    bucket: str


@dataclass(slots=True)
class Root:
    """The root user of an account: its MFA device and its number of active access keys."""

    mfa: RootMfa = "none"
    access_keys: int = 0


@dataclass(slots=True)
class Hub:
    """Security Hub in one region: enabled standards and product subscriptions, by ARN."""

    standards: dict[str, str] = field(default_factory=dict)
    products: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SharingBlocks:
    """A region's block of public sharing of snapshots and of images."""

    snapshots: str = "unblocked"
    images: str = "unblocked"


@dataclass(slots=True)
class State:
    """Everything that is remembered; a new one is an untouched AWS."""

    analyzers: defaultdict[Place, list[dict[str, Any]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    contacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    regions_opted_in: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    roots: defaultdict[str, Root] = field(default_factory=lambda: defaultdict(Root))
    credentials: defaultdict[str, defaultdict[str, Columns]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )
    organization_features: defaultdict[str, list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    sharing_blocks: defaultdict[Place, SharingBlocks] = field(
        default_factory=lambda: defaultdict(SharingBlocks)
    )
    default_groups: set[str] = field(default_factory=set)
    metadata_defaults: defaultdict[Place, dict[str, Any]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    hubs: defaultdict[Place, Hub] = field(default_factory=lambda: defaultdict(Hub))
    recorder_statuses: dict[Place, str] = field(default_factory=dict)
    confirmed_subscriptions: set[str] = field(default_factory=set)
    mfa_delete: dict[BucketKey, str] = field(default_factory=dict)
    page_size: int | None = None
