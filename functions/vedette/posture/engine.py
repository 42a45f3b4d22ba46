"""Judges resource snapshots by posture rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vedette.findings.finding import (
    WHOLE_LISTING,
    Finding,
    FindingKind,
    ResourceReference,
    finding_id,
    parse_control,
)
from vedette.posture.catalogue import CataloguedRule
from vedette.posture.rule import Context, Judgement, Parameters, PostureRule, unknown
from vedette.resources.arn import Arn
from vedette.resources.coverage import Listing
from vedette.resources.facts import UnreadableFactError, known, why_unreadable
from vedette.resources.resource import GLOBAL_REGION, Resource
from vedette.resources.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class PostureSettings:
    """What the configuration says to the rules: parameters by rule id, trusted account ids."""

    parameters: Mapping[str, Parameters] = field(default_factory=dict)
    trusted_accounts: frozenset[str] = frozenset()


def judge(
    rule: PostureRule[Any], resource: Resource, context: Context[Parameters]
) -> Judgement | None:
    """Judge one resource; None if the rule does not apply to it.

    An unreadable fact makes UNKNOWN with its reason. So does a rule that crashes: one bad rule must
    neither stop an audit nor pass a resource.
    """
    try:
        if rule.applies is not None and not rule.applies(resource):
            return None
        return rule.judge(resource, context)
    except UnreadableFactError as error:
        return unknown(error.reason)
    except Exception as error:  # noqa: BLE001 - a rule is content, maybe a user's
        return unknown(f"The rule itself failed ({type(error).__name__}: {error}); report this.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one rule says about one resource; `resource` is None where none could be listed."""

    rule: CataloguedRule
    judgement: Judgement
    account: str
    region: str
    reference: ResourceReference

    def finding(self) -> Finding:
        """Return the outcome as a finding."""
        subject = f"{self.reference.type} {self.reference.id}"
        key = (self.rule.stable_id, self.account, self.region, subject)
        return Finding(
            id=finding_id(FindingKind.POSTURE, *key),
            rule=self.rule.id,
            title=self.rule.text.title,
            verdict=self.judgement.verdict,
            severity=self.rule.rule.severity,
            account=self.account,
            region=self.region,
            resource=self.reference,
            reason=self.judgement.reason,
            controls=tuple(parse_control(text) for text in self.rule.rule.controls),
            evidence=dict(self.judgement.evidence),
        )


def evaluate(
    rules: Sequence[CataloguedRule], snapshot: Snapshot, settings: PostureSettings
) -> Iterator[Outcome]:
    """Judge every resource of the snapshot by every rule for its type.

    Where the resources of a type could not be listed, each rule for it gives one UNKNOWN outcome
    per region with the resource id `*`.
    """
    for catalogued in rules:
        context = Context(
            as_of=snapshot.as_of,
            parameters=settings.parameters.get(catalogued.id) or catalogued.rule.parameters(),
            inventory=snapshot.inventory,
            trusted_accounts=settings.trusted_accounts | {snapshot.account},
        )
        kind = catalogued.rule.resource_type
        for resource in snapshot.inventory.readable(kind):
            judgement = judge(catalogued.rule, resource, context)
            if judgement is not None:
                yield _outcome(catalogued, resource, judgement)
        for listing in snapshot.inventory.unlisted(kind):
            yield _unlisted(catalogued, snapshot, listing)


def _outcome(rule: CataloguedRule, resource: Resource, judgement: Judgement) -> Outcome:
    tags = None if why_unreadable(resource.tags) else dict(known(resource.tags))
    return Outcome(
        rule=rule,
        judgement=judgement,
        account=resource.account,
        region=resource.region,
        reference=ResourceReference(
            type=resource.type, id=resource.id, arn=resource.arn, tags=tags
        ),
    )


def _unlisted(rule: CataloguedRule, snapshot: Snapshot, listing: Listing) -> Outcome:
    kind = rule.rule.resource_type
    arn = Arn(
        partition=snapshot.partition,
        service=kind.service,
        region="" if listing.region == GLOBAL_REGION else listing.region,
        account=snapshot.account,
        resource=WHOLE_LISTING,
    )
    return Outcome(
        rule=rule,
        judgement=unknown(listing.problem or "It was not listed."),
        account=snapshot.account,
        region=listing.region,
        reference=ResourceReference(type=kind.type, id=WHOLE_LISTING, arn=str(arn)),
    )
