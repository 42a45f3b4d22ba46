"""Snapshots of IAM: the account's settings, users, groups, roles, policies and certificates.

Principals and policies come from one call, so their facts are whole or missing together. A
principal's id is its name, without the path: IAM keeps names unique whatever the path is. Attached
policies stand here by ARN; their documents are those of `IamManagedPolicy`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Literal

from vedette.resources.arn import parse_arn
from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.iam_credentials import Credentials
from vedette.resources.policy.document import PolicyDocument
from vedette.resources.resource import Resource, Value

GOV_CLOUD = "aws-us-gov"


class PasswordPolicy(Value):
    """What IAM asks of users' passwords; `reuse_prevention` is 0 where old ones may come back.

    Source: IAM API Reference, PasswordPolicy.
    """

    minimum_length: int
    reuse_prevention: int = 0


class RootUser(Value):
    """Which credentials the root user has. Source: IAM API Reference, GetAccountSummary."""

    has_password: bool
    has_access_keys: bool
    has_mfa: bool


class RootManagement(Value):
    """How the account takes part in central management of root credentials.

    `part` is `manager` for the management account or a delegated administrator, `member` for
    another account of an organisation, `alone` for an account without one. `features` are those
    switched on in the organisation, which AWS tells the manager only.
    Source: IAM API Reference, ListOrganizationsFeatures.
    """

    part: Literal["manager", "member", "alone"]
    features: frozenset[str] = frozenset()


class IamAccount(Resource):
    """The account's IAM settings and its root user; its id is the account's."""

    type: ClassVar[str] = "AWS::::Account"
    service: ClassVar[str] = "iam"

    password_policy: Fact[PasswordPolicy | None] = NOT_COLLECTED
    root_user: Fact[RootUser] = NOT_COLLECTED
    root_credentials: Fact[Credentials] = NOT_COLLECTED
    root_virtual_mfa: Fact[tuple[str, ...]] = NOT_COLLECTED
    saml_providers: Fact[tuple[str, ...]] = NOT_COLLECTED
    root_management: Fact[RootManagement] = NOT_COLLECTED

    @property
    def has_root_sign_in(self) -> bool:
        """Tell whether root users of this partition sign in at all.

        AWS GovCloud (US) accounts have no root user with a password or MFA (AWS GovCloud User
        Guide, "Differences for IAM").
        """
        return parse_arn(self.arn).partition != GOV_CLOUD


class IamUser(Resource):
    """One IAM user. `groups` are names."""

    type: ClassVar[str] = "AWS::IAM::User"
    service: ClassVar[str] = "iam"

    groups: Fact[tuple[str, ...]] = NOT_COLLECTED
    attached_policies: Fact[tuple[str, ...]] = NOT_COLLECTED
    inline_policies: Fact[Mapping[str, PolicyDocument]] = NOT_COLLECTED
    permissions_boundary: Fact[str | None] = NOT_COLLECTED
    credentials: Fact[Credentials] = NOT_COLLECTED


class IamGroup(Resource):
    """One group of IAM users."""

    type: ClassVar[str] = "AWS::IAM::Group"
    service: ClassVar[str] = "iam"

    attached_policies: Fact[tuple[str, ...]] = NOT_COLLECTED
    inline_policies: Fact[Mapping[str, PolicyDocument]] = NOT_COLLECTED


class IamRole(Resource):
    """One IAM role; service-linked roles, which only AWS can change, are left out."""

    type: ClassVar[str] = "AWS::IAM::Role"
    service: ClassVar[str] = "iam"

    trust_policy: Fact[PolicyDocument] = NOT_COLLECTED
    attached_policies: Fact[tuple[str, ...]] = NOT_COLLECTED
    inline_policies: Fact[Mapping[str, PolicyDocument]] = NOT_COLLECTED
    permissions_boundary: Fact[str | None] = NOT_COLLECTED


class IamManagedPolicy(Resource):
    """One managed policy, the customer's or one of AWS's that is in use; its id is its ARN.

    A customer may give a policy the name of one of AWS's, so names are not unique. `document` is
    the default version; `attached_to` are the ARNs of users, groups and roles.
    """

    type: ClassVar[str] = "AWS::IAM::ManagedPolicy"
    service: ClassVar[str] = "iam"

    by_aws: bool
    document: Fact[PolicyDocument] = NOT_COLLECTED
    attached_to: Fact[tuple[str, ...]] = NOT_COLLECTED


class IamServerCertificate(Resource):
    """One certificate that is stored in IAM."""

    type: ClassVar[str] = "AWS::IAM::ServerCertificate"
    service: ClassVar[str] = "iam"

    expires: Fact[datetime] = NOT_COLLECTED


def is_aws_policy(arn: str, name: str) -> bool:
    """Tell whether an ARN is that of AWS's own managed policy of this name, path aside."""
    parsed = parse_arn(arn)
    return parsed.account == "aws" and parsed.resource.rpartition("/")[2] == name


def is_role(arn: str) -> bool:
    """Tell whether a principal's ARN is that of a role."""
    return parse_arn(arn).resource.startswith("role/")
