"""What a call does to policies: whom it lets in, and which privileges it gives.

Found are all policy documents among the parameters of a call, whatever service it is: a member
that holds a `Statement`, or a text that is one. Besides, the calls that grant without a document
are read as the statement that they add (Lambda, SQS, SNS, EventBridge, KMS grants).

Not every call with a policy sets one: endpoint policies speak of what may leave the network, and
reads only ask. What cannot be judged is told as `unreadable`, so that a rule can match it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vedette.detection.derive.settings import DerivationSettings
from vedette.detection.event.record import Record, account, event_name, event_source
from vedette.detection.match.reading import read
from vedette.resources.aws_owned_accounts import LOAD_BALANCER_LOGS
from vedette.resources.policy.callers import account_of, is_account
from vedette.resources.policy.document import PolicyDocument, PolicyError
from vedette.resources.policy.exposure import Exposure, find_exposure
from vedette.resources.policy.parsing import parse_policy
from vedette.resources.policy.privileges import escalation_paths, is_administrator

_DEEPEST: Final = 5
_MOST_NODES: Final = 500
_OPENING: Final = re.compile(r"\s*(?:\{|%7B)", re.IGNORECASE)
_VERSION: Final = re.compile(r"\d{8}(v\d+)?$")
_SETS_NONE: Final = frozenset({"CreateVpcEndpoint", "ModifyVpcEndpoint"})
_GRANTING: Final = frozenset(
    {"AddPermission", "AddLayerVersionPermission", "PutPermission", "CreateGrant"}
)
_STARTS_A_NODE: Final = (b",", b"[", b"{")
_LAMBDA_CONDITIONS: Final = {
    "sourceArn": ("ArnLike", "aws:SourceArn"),
    "sourceAccount": ("StringEquals", "aws:SourceAccount"),
    "principalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "organizationId": ("StringEquals", "aws:PrincipalOrgID"),
    "eventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """What the policies of one call amount to; `foreign` names accounts, ids and organizations."""

    everyone: bool = False
    foreign: tuple[str, ...] = ()
    administrator: bool = False
    escalations: tuple[str, ...] = ()
    unreadable: str | None = None

    @property
    def opens_to_foreign_account(self) -> bool:
        """Tell whether anybody is let in whom the account does not know."""
        return bool(self.foreign)


def may_set_a_policy(name: str | None, parameters: bytes) -> bool:
    """Tell at a glance at a call's name and the JSON of its parameters whether it may set policies.

    Where this is false, `policy_change` returns None. `Statement` may be written with escapes, and
    parameters that are too many to search count as a policy that cannot be judged.
    """
    if b"Statement" in parameters or b"\\u" in parameters:
        return True
    if name is not None and _VERSION.sub("", name) in _GRANTING:
        return True
    return sum(map(parameters.count, _STARTS_A_NODE)) >= _MOST_NODES - 1


def policy_change(record: Record, settings: DerivationSettings) -> PolicyChange | None:
    """Judge the policies that a call sets, or return None if it sets none."""
    if "true" in read(record, "readOnly").folded or _call(record) in _SETS_NONE:
        return None
    documents, unreadable = _read(record)
    if not documents and unreadable is None:
        return None
    exposures = [_exposure(document, record, settings) for document in documents]
    identity = [one for one in documents if all(s.principals is None for s in one.statements)]
    return PolicyChange(
        everyone=any(one.public for one in exposures),
        foreign=tuple(sorted({who for one in exposures for who in _foreign(one)})),
        administrator=bool(identity) and is_administrator(*identity),
        escalations=escalation_paths(identity) if identity else (),
        unreadable=unreadable,
    )


def _read(record: Record) -> tuple[list[PolicyDocument], str | None]:
    """Return the policies that a call sets, and why not all of them could be read."""
    documents: list[PolicyDocument] = []
    unreadable: str | None = None
    try:
        for source in _sources(record):
            try:
                documents.append(parse_policy(source))
            except PolicyError as error:
                unreadable = str(error)
    except PolicyError as error:
        unreadable = str(error)
    return documents, unreadable


def _call(record: Record) -> str:
    """Return the name of the call without the version that Lambda and CloudFront put behind it."""
    return _VERSION.sub("", event_name(record) or "")


def _exposure(document: PolicyDocument, record: Record, settings: DerivationSettings) -> Exposure:
    owner = account(record)
    known = settings.accounts_known_to(owner, trusted=True)
    if event_source(record) == "s3.amazonaws.com":
        known |= LOAD_BALANCER_LOGS
    return find_exposure(document, owner=owner or "", trusted_accounts=known)


def _foreign(exposure: Exposure) -> Iterator[str]:
    yield from exposure.foreign_accounts
    yield from exposure.unattributed
    yield from exposure.organizations


def _sources(record: Record) -> Iterator[str | Mapping[str, Any]]:
    """Yield what looks like a policy among the parameters. Raises PolicyError beyond the limits."""
    parameters = record.get("requestParameters")
    if not isinstance(parameters, Mapping):
        return
    to_visit: list[tuple[Any, int]] = [(parameters, 0)]
    for _ in range(_MOST_NODES):
        if not to_visit:
            break
        value, depth = to_visit.pop()
        if _looks_like_a_policy(value):
            yield value
        elif depth < _DEEPEST and isinstance(value, Mapping | list):
            inner = value.values() if isinstance(value, Mapping) else value
            to_visit += [(one, depth + 1) for one in inner]
    else:
        raise PolicyError("The call has too many parameters to search them for policies.")
    statement = _granted(_call(record), parameters)
    if statement is not None:
        yield {"Version": "2012-10-17", "Statement": [statement]}


def _looks_like_a_policy(value: Any) -> bool:
    if isinstance(value, Mapping):
        return "Statement" in value
    return isinstance(value, str) and "Statement" in value and bool(_OPENING.match(value))


def _granted(call: str, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the statement that a call adds which names a principal and no document."""
    if call in _GRANTING:
        principal = _named_principal(parameters)
        if principal is not None:
            conditions = dict(_conditions(parameters))
            return {"Effect": "Allow", "Action": "*", "Principal": principal} | conditions
    return None


def _named_principal(parameters: Mapping[str, Any]) -> Any:
    for key, value in parameters.items():
        name = key.lower()
        if name in ("principal", "granteeprincipal") and isinstance(value, str):
            return _principal(value)
        if name in ("awsaccountid", "awsaccountids"):
            listed = value if isinstance(value, list) else [value]
            return {"AWS": [one for one in listed if isinstance(one, str)]}
    return None


def _principal(text: str) -> Any:
    if text == "*":
        return "*"
    kind = "AWS" if is_account(text) or account_of(text) is not None else "Service"
    return {kind: text}


def _conditions(parameters: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    named: dict[str, dict[str, Any]] = {}
    for key, (operator, condition) in _LAMBDA_CONDITIONS.items():
        if isinstance(value := parameters.get(key), str) and value:
            named.setdefault(operator, {})[condition] = value
    own = parameters.get("condition")
    if isinstance(own, Mapping) and all(
        isinstance(own.get(k), str) for k in ("type", "key", "value")
    ):
        named.setdefault(own["type"], {})[own["key"]] = own["value"]
    if named:
        yield "Condition", named
