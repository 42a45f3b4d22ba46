"""Who makes a call: found by the access key in its signature, with the policies that it carries."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from moto.backends import get_backend

from tests.deployed.harness.iam.policies import Statement, statements_of
from vedette.aws.stand_in.call import Call
from vedette.aws.stand_in.clients import KEY_ID
from vedette.aws.stand_in.router import CREDENTIAL

PARTITION: Final = "aws"


class UnknownCallerError(Exception):
    """A call is signed with a key that belongs to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A role, a user, a service of AWS, or the test itself (`operator`), which may do all."""

    kind: Literal["operator", "role", "service", "user"]
    arn: str
    account: str
    statements: tuple[Statement, ...] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        """Return what stands last in the ARN, or the service."""
        return self.arn.rpartition("/")[2]


OPERATOR: Final = Principal(kind="operator", arn="operator", account="")


def service(name: str, account: str) -> Principal:
    """Return a service of AWS that acts for a resource in an account."""
    return Principal(kind="service", arn=name, account=account)


def role(arn: str) -> Principal:
    """Return a role with all its policies as they stand now."""
    account = arn.split(":")[4]
    found: Any = _iam(account).get_role_by_arn(arn)
    return Principal(
        kind="role",
        arn=arn,
        account=account,
        statements=(*_inline(found.policies), *_managed(found.managed_policies)),
    )


def trust_of(arn: str) -> list[Statement]:
    """Return the statements that say who may assume a role."""
    found: Any = _iam(arn.split(":")[4]).get_role_by_arn(arn)
    return statements_of(_document(found.assume_role_policy_document))


def caller_of(call: Call) -> Principal:
    """Return who makes a call. Raises UnknownCallerError."""
    found = CREDENTIAL.search(call.environ.get("HTTP_AUTHORIZATION", ""))
    key = found["key"] if found else ""
    if key == KEY_ID:
        return OPERATOR
    access_key = _iam(call.account).access_keys.get(key)
    if access_key is None:
        raise UnknownCallerError(f"nobody has the key {key!r} that signs {call.name}")
    if access_key.role_arn:
        return role(access_key.role_arn)
    return _user(call.account, access_key.user_name)


def _user(account: str, name: str) -> Principal:
    found: Any = _iam(account).get_user(name)
    return Principal(
        kind="user",
        arn=found.arn,
        account=account,
        statements=(*_inline(found.policies), *_managed(found.managed_policies)),
    )


def _iam(account: str) -> Any:
    return get_backend("iam")[account][PARTITION]


def _inline(policies: Mapping[str, Any]) -> list[Statement]:
    return [each for one in policies.values() for each in statements_of(_document(one))]


def _managed(policies: Mapping[str, Any]) -> list[Statement]:
    documents = (_document(one.document) for one in policies.values())
    return [each for one in documents for each in statements_of(one)]


def _document(written: Any) -> Mapping[str, Any]:
    document: Mapping[str, Any] = json.loads(written) if isinstance(written, str) else written
    return document
