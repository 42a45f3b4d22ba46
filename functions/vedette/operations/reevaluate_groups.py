"""Puts together what is read together: keys of resources in one account, region and service."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from vedette.aws.collect.catalogue import collectors
from vedette.aws.collect.collector import Collector
from vedette.aws.collect.services.iam.credentials import FEW_USERS
from vedette.aws.fleet import Member
from vedette.operations.reevaluate_content import PostureContent
from vedette.operations.reevaluate_reading import Request, rules_of
from vedette.operations.selection import Named
from vedette.posture.catalogue import CataloguedRule
from vedette.resources.arn import Arn, ArnError, parse_arn
from vedette.resources.keys import ResourceKey
from vedette.resources.resource import GLOBAL_REGION, Resource

Messages = frozenset[str]
OneCollector = Collector[Resource]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a group is read; of the types in a `whole` group all resources are."""

    account: str
    region: str
    service: str
    whole: bool


@dataclass(frozen=True, kw_only=True)
class Group:
    """Resources that are read together, each with the messages that told of its change."""

    place: Place
    keys: Mapping[ResourceKey, Messages]

    @property
    def messages(self) -> Messages:
        """Return the messages behind all of its keys."""
        return frozenset().union(*self.keys.values())

    @cached_property
    def collectors(self) -> Mapping[ResourceKey, OneCollector]:
        """Return what reads each key."""
        return {key: one for key in self.keys if (one := collector_for(key)) is not None}

    def rules(self, content: PostureContent) -> list[CataloguedRule]:
        """Return the rules that judge the group's resources."""
        return rules_of(content, {one.kind for one in self.collectors.values()})

    def request(self, member: Member, rules: Sequence[CataloguedRule]) -> Request:
        """Return what has to be read. Raises UnreachableAccountError."""
        is_global = self.place.region == GLOBAL_REGION
        return Request(
            member=member,
            rules=rules,
            regions=member.regions() if is_global else (self.place.region,),
            only=Named(ids={}) if self.place.whole else self._named(member, rules),
        )

    def _named(self, member: Member, rules: Sequence[CataloguedRule]) -> Named:
        """Name the resources. Of what a rule looks up beside its own resource, all is read."""
        looked_up = {
            kind
            for one in rules
            for kind, _ in one.rule.reads
            if kind is not one.rule.resource_type
        }
        ids: defaultdict[type[Resource], set[str]] = defaultdict(set)
        for key, one in self.collectors.items():
            if one.kind not in looked_up and key.id is not None:
                ids[one.kind].add(key.id)
        arns = (arn_of(key, one, member.partition) for key, one in self.collectors.items())
        return Named(
            arns=tuple(one for one in arns if one is not None),
            ids={kind: frozenset(some) for kind, some in ids.items()},
        )


def collector_for(key: ResourceKey) -> OneCollector | None:
    """Return what reads the type of a key; None for a type that Vedette does not look at."""
    for one in collectors():
        kind = one.kind
        is_service = key.service is None or (
            kind.service == key.service and one.is_global == (key.region == GLOBAL_REGION)
        )
        if kind.type == key.type and is_service:
            return one
    return None


def arn_of(key: ResourceKey, collector: OneCollector, partition: str) -> Arn | None:
    """Return the ARN of the resource that a key names; None where none follows from its id."""
    if not collector.arn_service or key.id is None:
        return None
    if key.id.startswith("arn:"):
        return _parsed(key.id)
    is_bucket = collector.arn_service == "s3" and not collector.arn_prefix
    return Arn(
        partition=partition,
        service=collector.arn_service,
        region="" if collector.is_global else key.region,
        account="" if is_bucket else key.account,
        resource=collector.arn_prefix + key.id,
    )


def _parsed(text: str) -> Arn | None:
    try:
        return parse_arn(text)
    except ArnError:
        return None


def coalesced(told: Mapping[ResourceKey, Iterable[str]]) -> dict[ResourceKey, Messages]:
    """Join the messages of each resource; where all of a type are meant, those of each of them."""
    joined: defaultdict[ResourceKey, set[str]] = defaultdict(set)
    for key, messages in told.items():
        joined[key.whole_type if key.whole_type in told else key].update(messages)
    return {key: frozenset(messages) for key, messages in joined.items()}


def groups_of(keys: Mapping[ResourceKey, Messages]) -> Iterator[Group]:
    """Yield the groups, in a steady order; keys that nothing reads are in none."""
    grouped: defaultdict[Place, list[ResourceKey]] = defaultdict(list)
    for key in keys:
        if (one := collector_for(key)) is not None:
            region = GLOBAL_REGION if one.is_global else key.region
            place = Place(key.account, region, one.kind.service, whole=key.id is None)
            grouped[place].append(key)
    for place in sorted(grouped, key=str):
        for some in _portions(place, sorted(grouped[place], key=str)):
            yield Group(place=place, keys={key: keys[key] for key in some})


def _portions(place: Place, keys: list[ResourceKey]) -> Iterator[list[ResourceKey]]:
    """Of few users IAM tells how things are now; of many, its report of up to 4 hours ago."""
    most = FEW_USERS if place.service == "iam" and not place.whole else len(keys)
    left = iter(keys)
    while portion := list(islice(left, most)):
        yield portion
