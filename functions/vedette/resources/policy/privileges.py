"""What the policies of one principal let it do: administrators, whole services, escalation.

Evaluated is Allow minus Deny over all policies given (IAM User Guide, "Policy evaluation logic").
What a policy says of resources counts as follows, since the question is whether the principal can
reach any resource of a kind and not a particular one:

- An Allow counts if a pattern spans every resource of the kind in an account: ``*``,
  ``arn:…:iam::*:role/*``. Named roles and ``role/application-*`` are a delegation that cannot be
  judged without knowing these roles, so they are no escalation here.
- A Deny counts if it spans every resource of the kind likewise. With NotResource both turn round.
- A condition of an Allow limits when, seldom what, and counts as met; except one that ties the
  action to a permissions boundary, to given policies or to tags of the resource.
- A condition of a Deny counts as not met, except its mirror: "unless with this boundary".
- ``iam:PassedToService`` is evaluated exactly.

Service control policies are not part of it; a permissions boundary can be given.
"""

from collections.abc import Iterable, Sequence

from vedette.resources.arn import PARTS
from vedette.resources.policy.document import Condition, PolicyDocument, Statement
from vedette.resources.policy.escalations import ESCALATIONS, TARGETS, Escalation
from vedette.resources.policy.matching import Patterns, glob_covers, glob_matches

# Whoever may do one of these on every resource can give itself all the rest.
POLICY_WRITES = (
    *("iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy"),
    *("iam:CreatePolicyVersion", "iam:PutGroupPolicy", "iam:PutRolePolicy", "iam:PutUserPolicy"),
)
_ON_ONESELF = frozenset({"iam:AttachUserPolicy", "iam:PutUserPolicy"})
_ONESELF = "/${aws:username}"
_TIES = frozenset({"iam:associatedresourcearn", "iam:permissionsboundary", "iam:policyarn"})
_EQUAL = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"})
_UNEQUAL = frozenset(
    {
        *("stringnotequals", "stringnotequalsignorecase", "stringnotlike"),
        *("arnnotequals", "arnnotlike"),
    }
)


def is_administrator(*documents: PolicyDocument) -> bool:
    """Say whether policies allow every action on every resource.

    A NotAction counts too, and a Deny takes back, by this measure: whoever may still write
    policies for every user, group or role lacks nothing of weight. ``NotAction: iam:*`` is no
    administrator, ``NotAction: aws-portal:*`` is one.
    """
    broad = [
        statement
        for document in documents
        for statement in document.allows
        if (statement.actions.negated or statement.actions.covers("*:*"))
        and _is_everything(statement.resources)
    ]
    return any(
        any(_allows(statement, action, TARGETS[action], None) for statement in broad)
        and not _is_denied(documents, action, TARGETS[action], None)
        for action in POLICY_WRITES
    )


def has_full_access(document: PolicyDocument, service: str) -> bool:
    """Say whether a policy allows every action of a service (``kms``) on every resource."""
    return any(
        statement.actions.covers(f"{service}:*") and _is_everything(statement.resources)
        for statement in document.allows
    ) and not _is_denied((document,), f"{service}:*", f"{service}:*", None)


def wildcard_services(document: PolicyDocument) -> tuple[str, ...]:
    """Return the services whose actions a policy allows by ``service:*`` on every resource."""
    named = {
        service
        for statement in document.allows
        if not statement.actions.negated and _is_everything(statement.resources)
        for service, _, actions in (text.lower().partition(":") for text in statement.actions.texts)
        if actions and not actions.strip("*")
    }
    return tuple(sorted(one for one in named if one.strip("*") and has_full_access(document, one)))


def permits(
    documents: Sequence[PolicyDocument],
    action: str,
    *,
    target: str | None = None,
    passed_to: str | None = None,
) -> bool:
    """Say whether policies allow an action on every resource of a kind.

    ``target`` is the kind, written as service and last part of the ARN: ``kms:key/*``; without it,
    any resource will do. ``passed_to`` is the service that receives a role.
    """
    return any(
        _allows(statement, action, target, passed_to)
        for document in documents
        for statement in document.allows
    ) and not _is_denied(documents, action, target, passed_to)


def escalation_paths(
    documents: Sequence[PolicyDocument], *, boundary: PolicyDocument | None = None
) -> tuple[str, ...]:
    """Return the names of the known ways by which a principal can raise its own privileges.

    ``documents`` are all policies of the principal, those of its groups included; ``boundary`` is
    its permissions boundary. The ways are those of ``escalations.ESCALATIONS``, in that order.
    """
    limits = (documents,) if boundary is None else (documents, (boundary,))
    return tuple(way.name for way in ESCALATIONS if all(_is_open(way, limit) for limit in limits))


def _is_open(way: Escalation, documents: Sequence[PolicyDocument]) -> bool:
    return all(
        permits(documents, action, target=TARGETS.get(action), passed_to=way.passed_to)
        for action in way.needs
    )


def _allows(statement: Statement, action: str, target: str | None, passed_to: str | None) -> bool:
    return (
        statement.actions.matches(action)
        and _spans(statement.resources, action, target)
        and all(_may_hold(condition, action, passed_to) for condition in statement.conditions)
    )


def _is_denied(
    documents: Iterable[PolicyDocument], action: str, target: str | None, passed_to: str | None
) -> bool:
    kind = target or f"{action.partition(':')[0]}:*"
    return any(
        statement.actions.covers(action)
        and _spans(statement.resources, action, kind)
        and all(_must_hold(condition, action, passed_to) for condition in statement.conditions)
        for document in documents
        for statement in document.denials
    )


def _spans(resources: Patterns, action: str, target: str | None) -> bool:
    """Say whether resources span a kind, or without a target, touch the action's service."""
    service, _, last = (target or f"{action.partition(':')[0]}:").partition(":")
    spanned = any(_spans_one(text, action, service, last) for text in resources.texts)
    return spanned != resources.negated


def _spans_one(text: str, action: str, service: str, last: str) -> bool:
    if not last:
        return _touches(text, service)
    if action in _ON_ONESELF and text.lower().endswith(_ONESELF):
        return True
    return glob_covers(text, f"{_place(text, service)}:{last}")


def _touches(text: str, service: str) -> bool:
    head = text.split(":", 3)
    return any("*" in part for part in head[:2]) or glob_matches("".join(head[2:3]), service)


def _place(text: str, service: str) -> str:
    """Write the start of an ARN of a service in a partition, region and account of a pattern."""
    parts = [part.replace("*", "").replace("?", "0") for part in text.split(":", PARTS - 1)]
    partition, region, account = ("".join(parts[place : place + 1]) for place in (1, 3, 4))
    return f"arn:{partition}:{service}:{region}:{account}"


def _is_everything(resources: Patterns) -> bool:
    """Say whether resources are all there are; NotResource leaves out a few and is taken so."""
    return resources.negated or any(_is_every_arn(text) for text in resources.texts)


def _is_every_arn(text: str) -> bool:
    kind, *rest = text.split(":")
    named = kind.removeprefix("arn") + "".join(rest[1:])
    return text.endswith("*") and not named.strip("*")


def _may_hold(condition: Condition, action: str, passed_to: str | None) -> bool:
    """Say whether a condition of an Allow leaves the action open on every resource."""
    if _is_about_service(condition, action, passed_to):
        return _service_fits(condition, passed_to or "")
    ties = condition.operator in _EQUAL and not condition.if_exists and _is_tie(condition)
    return not ties or "*" in condition.values


def _must_hold(condition: Condition, action: str, passed_to: str | None) -> bool:
    """Say whether a condition of a Deny is met by all but tied uses of the action."""
    if _is_about_service(condition, action, passed_to):
        return _service_fits(condition, passed_to or "")
    return condition.operator in _UNEQUAL and _is_tie(condition)


def _is_tie(condition: Condition) -> bool:
    return condition.key in _TIES or ":resourcetag/" in condition.key


def _is_about_service(condition: Condition, action: str, passed_to: str | None) -> bool:
    is_string = condition.operator in _EQUAL | _UNEQUAL
    return (
        is_string
        and condition.key == "iam:passedtoservice"
        and passed_to is not None
        and action.lower() == "iam:passrole"
    )


def _service_fits(condition: Condition, service: str) -> bool:
    named = any(
        glob_matches(value.lower(), name)
        for value in condition.values
        for name in (service, f"{service}.cn")
    )
    return named == (condition.operator in _EQUAL)
