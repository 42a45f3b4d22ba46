"""Judges resource snapshots by posture rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vedette.findings.finding import (
    WHOLE_LISTING,
    Control,
    Finding,
    FindingKind,
    ResourceReference,
    finding_id,
)
from vedette.posture.catalogue import CataloguedRule
from vedette.posture.rule import Context, Judgement, Parameters, PostureRule, unknown
from vedette.resources.coverage import Listing
from vedette.resources.facts import UnreadableFactError, known, why_unreadable
from vedette.resources.resource import Resource
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
    except Exception as error:  # noqa: BLE001 - rules are content, possibly the user's own
        return unknown(f"The rule itself failed ({type(error).__name__}: {error}); report this.")


def evaluate(
    rules: Sequence[CataloguedRule], snapshot: Snapshot, settings: PostureSettings
) -> Iterator[Finding]:
    """Judge every resource of the snapshot by every rule for its type.

    Where the resources of a type could not be listed, each rule for it gives one UNKNOWN finding
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
                yield _finding(catalogued, resource, judgement)
        for listing in snapshot.inventory.unlisted(kind):
            yield _unlisted(catalogued, snapshot, listing)


def _finding(catalogued: CataloguedRule, resource: Resource, judgement: Judgement) -> Finding:
    kind = catalogued.rule.resource_type
    tags = None if why_unreadable(resource.tags) else dict(known(resource.tags))
    reference = ResourceReference(type=kind.type, id=resource.id, arn=resource.arn, tags=tags)
    return _assemble(catalogued, reference, (resource.account, resource.region), judgement)


def _unlisted(catalogued: CataloguedRule, snapshot: Snapshot, listing: Listing) -> Finding:
    kind = catalogued.rule.resource_type
    region = listing.region
    arn = f"arn:{snapshot.partition}:{kind.service}:{region}:{snapshot.account}:{WHOLE_LISTING}"
    reference = ResourceReference(type=kind.type, id=WHOLE_LISTING, arn=arn)
    judgement = unknown(listing.problem or "not listed")
    return _assemble(catalogued, reference, (snapshot.account, region), judgement)


def _assemble(
    catalogued: CataloguedRule,
    reference: ResourceReference,
    where: tuple[str, str],
    judgement: Judgement,
) -> Finding:
    account, region = where
    subject = f"{reference.type} {reference.id}"
    return Finding(
        id=finding_id(FindingKind.POSTURE, catalogued.stable_id, account, region, subject),
        rule=catalogued.id,
        title=catalogued.text.title,
        verdict=judgement.verdict,
        severity=catalogued.rule.severity,
        account=account,
        region=region,
        resource=reference,
        reason=judgement.reason,
        controls=tuple(_control(text) for text in catalogued.rule.controls),
        evidence=dict(judgement.evidence),
    )


def _control(text: str) -> Control:
    framework, _, control = text.partition(":")
    return Control(framework=framework, id=control)
