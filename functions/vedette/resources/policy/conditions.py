"""Do conditions narrow a statement to known callers?

The reference is AWS's own definition of a public bucket policy (Amazon S3 User Guide, "Blocking
public access: The meaning of 'public'"): a policy is public unless it grants access only to fixed
values, without wildcard or policy variable, of a list of keys. We take that list and add the keys
by which other services name a caller. Where AWS leaves room we judge by what a stranger can do:

- Account: ``aws:SourceAccount``, ``aws:PrincipalAccount``, ``aws:SourceOwner`` (IAM User Guide,
  "AWS global condition context keys"), ``kms:CallerAccount`` (AWS KMS Developer Guide) and
  ``s3:DataAccessPointAccount`` (S3 User Guide).
- Organisation: ``aws:PrincipalOrgID``, ``aws:PrincipalOrgPaths``, ``aws:SourceOrgID``,
  ``aws:SourceOrgPaths``. A path may end in a wildcard: the organisation before its first slash is
  what is fixed.
- ARN: ``aws:SourceArn``, ``aws:PrincipalArn``, ``s3:DataAccessPointArn`` and
  ``lambda:SourceFunctionArn``. A wildcard is harmless beside a fixed account id, as AWS says of
  access points; the name of a bucket is fixed wherever its account stands, for it is unique.
- Network: ``aws:SourceVpc``, ``aws:SourceVpce``, the keys of their owners (``aws:SourceVpcArn``,
  ``aws:VpceAccount``, ``aws:VpceOrgID``, ``aws:VpceOrgPaths``), and ``aws:SourceIp`` in ranges no
  wider than /8 (IPv4) or /32 (IPv6), S3's bounds, that together are no more than sixteen /8: the
  halves of the internet are the internet. ``elasticfilesystem:AccessedViaMountTarget`` (Amazon EFS
  User Guide).
- ``aws:userid`` without wildcard, ``lambda:EventSourceToken`` (AWS Lambda Developer Guide) and
  ``s3:x-amz-server-side-encryption-aws-kms-key-id`` (on S3's list).

These do not narrow: anything the caller sets or everyone has (``aws:UserAgent``, ``aws:Referer``,
``aws:SecureTransport``, ``aws:PrincipalTag/...``, ``aws:username``, ``sts:ExternalId``), what says
where a call goes (``aws:ResourceOrgID``, ``kms:ViaService``), private addresses that every VPC has
(``aws:VpcSourceIp``), and ``lambda:FunctionUrlAuthType``, since any account can sign a request.

Operators (IAM User Guide, "Condition operators"): the equals and like forms of String and Arn,
IpAddress and Bool narrow. Negated forms leave out a few and let in the rest. With IfExists, and
with ForAllValues, a request that lacks the key passes; so they narrow only if the key is always
there, or if a Null condition of the same statement demands it.
"""

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from vedette.resources.arn import PARTS
from vedette.resources.policy.callers import (
    ANYONE,
    Callers,
    is_account,
    is_fixed,
    joined,
    met,
)
from vedette.resources.policy.document import Condition

_WIDEST = {4: 8, 6: 32}
_WIDEST_SHARE: Final = 16  # Of the address space: one part in sixteen.

_STRING = frozenset({"stringequals", "stringequalsignorecase", "stringlike"})
_ARN = frozenset({"arnequals", "arnlike"})
_POSITIVE = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
}
_ALWAYS_PRESENT = frozenset({"kms:calleraccount"})
# In the ARNs of these services no colon follows the account, so that under StringLike a wildcard
# for the region cannot swallow an account and put the wanted digits into a name.
_NAMES_WITHOUT_COLON = frozenset({"events", "s3", "ses", "sns", "sqs"})

Reader = Callable[[Condition], Callers]


def callers(conditions: Sequence[Condition]) -> Callers:
    """Bound who can meet all conditions of an Allow statement; ``anyone`` if nothing narrows."""
    demanded = {one.key for one in conditions if one.operator == "null" and _says(one, "false")}
    present = demanded | _ALWAYS_PRESENT
    return met(_pinned(one) for one in conditions if _binds(one, present))


def narrows(conditions: Sequence[Condition]) -> bool:
    """Say whether the conditions of an Allow statement narrow it to known callers."""
    return not callers(conditions).anyone


def spared(conditions: Sequence[Condition]) -> Callers:
    """Bound who escapes a Deny statement by its conditions; ``anyone`` if that cannot be told.

    A Deny holds for a caller who meets all its conditions, so each condition may spare some.
    ``StringNotEquals aws:PrincipalOrgID`` spares the organisation and nobody else, as a request
    without the key is denied too. ``ForAnyValue`` and a plain Bool spare requests without the key.
    """
    return joined(_spared_by(one) for one in conditions)


def _binds(condition: Condition, present: set[str] | frozenset[str]) -> bool:
    may_lack_key = condition.if_exists or condition.quantifier == "ForAllValues"
    return not may_lack_key or condition.key in present


def _says(condition: Condition, answer: str) -> bool:
    return {value.lower() for value in condition.values} == {answer}


def _pinned(condition: Condition) -> Callers:
    reader = _READERS.get(condition.key)
    return reader(condition) if reader and condition.values else ANYONE


def _spared_by(condition: Condition) -> Callers:
    if condition.operator == "bool" and condition.key == "aws:principalisawsservice":
        # Anonymous requests lack this key (IAM User Guide), so only IfExists denies them.
        known = condition.if_exists and _says(condition, "false")
        return Callers(services=True) if known else ANYONE
    operator = _POSITIVE.get(condition.operator)
    if operator is None or condition.quantifier == "ForAnyValue":
        return ANYONE
    return _pinned(condition.model_copy(update={"operator": operator}))


def _strings(
    fixed: Callable[[str], str | None], named: Callable[[frozenset[str]], Callers]
) -> Reader:
    """Read a key whose values, each fixed, name callers of one kind."""

    def read(condition: Condition) -> Callers:
        found = {fixed(value) for value in condition.values}
        names = frozenset(name for name in found if name is not None)
        return ANYONE if condition.operator not in _STRING or None in found else named(names)

    return read


def _whole(value: str) -> str | None:
    return value if is_fixed(value) else None


def _account(value: str) -> str | None:
    return value if is_account(value) else None


def _organization(path: str) -> str | None:
    return _whole(path.partition("/")[0])


def _arns(condition: Condition) -> Callers:
    if condition.operator not in _STRING | _ARN:
        return ANYONE
    by_part = condition.operator in _ARN
    return joined(_arn_caller(value, by_part=by_part) for value in condition.values)


def _arn_caller(value: str, *, by_part: bool) -> Callers:
    """Read one ARN; Arn operators compare the six parts one by one, String operators do not."""
    parts = value.split(":", PARTS - 1)
    if len(parts) == PARTS:
        _, partition, service, region, account, name = parts
        before = [partition, service, *([] if service in _NAMES_WITHOUT_COLON else [region])]
        exact = by_part or all(map(_is_plain, before))
        if exact and is_account(account):
            return Callers(accounts=frozenset({account}))
        if by_part and service == "s3" and is_fixed(name):
            return Callers(sources=frozenset({value}))
    return Callers(sources=frozenset({value})) if is_fixed(value) else ANYONE


def _is_plain(part: str) -> bool:
    return not part or is_fixed(part)


def _of_network(read_owner: Reader) -> Reader:
    """Read a key that names the owner of the network that a call comes from."""

    def read(condition: Condition) -> Callers:
        owner = read_owner(condition)
        named = owner.accounts | owner.organizations | owner.sources
        return owner if owner.anyone else Callers(networks=named)

    return read


def _addresses(condition: Condition) -> Callers:
    if condition.operator != "ipaddress":
        return ANYONE
    try:
        ranges = {ip_network(value, strict=False) for value in condition.values}
    except ValueError:
        return ANYONE
    if any(one.prefixlen < _WIDEST[one.version] for one in ranges) or _is_wide(ranges):
        return ANYONE
    return Callers(networks=frozenset(condition.values))


def _is_wide(ranges: Iterable[IPv4Network | IPv6Network]) -> bool:
    shares = {4: 0.0, 6: 0.0}
    for one in ranges:
        shares[one.version] += 2.0**-one.prefixlen
    return max(shares.values()) > 1 / _WIDEST_SHARE


def _mount_target(condition: Condition) -> Callers:
    pinned = condition.operator == "bool" and _says(condition, "true")
    return Callers(networks=frozenset({"mount targets"})) if pinned else ANYONE


_accounts = _strings(_account, lambda names: Callers(accounts=names))
_organizations = _strings(_organization, lambda names: Callers(organizations=names))
_networks = _strings(_whole, lambda names: Callers(networks=names))
_sources = _strings(_whole, lambda names: Callers(sources=names))

_READERS: dict[str, Reader] = {
    "aws:principalaccount": _accounts,
    "aws:principalarn": _arns,
    "aws:principalorgid": _organizations,
    "aws:principalorgpaths": _organizations,
    "aws:sourceaccount": _accounts,
    "aws:sourcearn": _arns,
    "aws:sourceip": _addresses,
    "aws:sourceorgid": _organizations,
    "aws:sourceorgpaths": _organizations,
    "aws:sourceowner": _accounts,
    "aws:sourcevpc": _networks,
    "aws:sourcevpcarn": _of_network(_arns),
    "aws:sourcevpce": _networks,
    "aws:userid": _sources,
    "aws:vpceaccount": _of_network(_accounts),
    "aws:vpceorgid": _of_network(_organizations),
    "aws:vpceorgpaths": _of_network(_organizations),
    "elasticfilesystem:accessedviamounttarget": _mount_target,
    "kms:calleraccount": _accounts,
    "lambda:eventsourcetoken": _sources,
    "lambda:sourcefunctionarn": _arns,
    "s3:dataaccesspointaccount": _accounts,
    "s3:dataaccesspointarn": _arns,
    "s3:x-amz-server-side-encryption-aws-kms-key-id": _sources,
}
