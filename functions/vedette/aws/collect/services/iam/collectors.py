"""The collectors of users, groups, roles and managed policies.

An audit of one principal takes the same listing as an audit of all: what somebody may do hangs on
groups, managed policies and boundaries, and asking for these one by one takes more calls.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from vedette.aws.collect.collector import Collector, fact
from vedette.aws.collect.reader import Reader
from vedette.aws.collect.services.iam.credential_report import REPORT_CALLS
from vedette.aws.collect.services.iam.credentials import USER_CALLS, read_credentials
from vedette.aws.collect.services.iam.principals import AUTHORIZATION_DETAILS, read_principals
from vedette.aws.collect.tags import TAGS
from vedette.resources.arn import Arn
from vedette.resources.iam import IamGroup, IamManagedPolicy, IamRole, IamUser
from vedette.resources.resource import Resource

R = TypeVar("R", bound=Resource)
Only = frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCollector(Collector[R]):
    """A collector of what has a path before its name in the ARN: `user/teams/blue/ann` is `ann`."""

    def names(self, arn: Arn) -> str | None:
        """Return the name that the ARN ends in, if it is of this kind."""
        # Not super(): a dataclass with slots is not the class that super() without arguments means.
        named = Collector.names(self, arn)
        return named.rpartition("/")[2] or None if named else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCollector(Collector[R]):
    """A collector of what has its ARN for an id."""

    def names(self, arn: Arn) -> str | None:
        """Return the ARN itself, if it is of this kind."""
        return str(arn) if Collector.names(self, arn) else None


def _users(reader: Reader, _only: Only) -> Sequence[IamUser]:
    return read_principals(reader).users


def _groups(reader: Reader, _only: Only) -> Sequence[IamGroup]:
    return read_principals(reader).groups


def _roles(reader: Reader, _only: Only) -> Sequence[IamRole]:
    return read_principals(reader).roles


def _policies(reader: Reader, _only: Only) -> Sequence[IamManagedPolicy]:
    return read_principals(reader).policies


USERS = NamedCollector(
    kind=IamUser,
    calls=(AUTHORIZATION_DETAILS,),
    find=_users,
    details=(fact("credentials", *USER_CALLS, *REPORT_CALLS, read=read_credentials),),
    is_global=True,
    arn_service="iam",
    arn_prefix="user/",
    gone=frozenset({"NoSuchEntity"}),
)
GROUPS = NamedCollector(
    kind=IamGroup,
    calls=(AUTHORIZATION_DETAILS,),
    find=_groups,
    is_global=True,
    arn_service="iam",
    arn_prefix="group/",
)
ROLES = NamedCollector(
    kind=IamRole,
    calls=(AUTHORIZATION_DETAILS,),
    find=_roles,
    is_global=True,
    arn_service="iam",
    arn_prefix="role/",
)
POLICIES = PolicyCollector(
    kind=IamManagedPolicy,
    calls=(AUTHORIZATION_DETAILS,),
    find=_policies,
    details=(TAGS,),
    is_global=True,
    arn_service="iam",
    arn_prefix="policy/",
)
