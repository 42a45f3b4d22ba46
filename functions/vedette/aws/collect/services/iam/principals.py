"""Reads users, groups, roles and managed policies, which IAM answers together.

Source: IAM API Reference, GetAccountAuthorizationDetails (at most 1,000 entities a page). Pages are
turned into snapshots one by one, and each different policy document is parsed once.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from vedette.aws.collect.reader import Answer, Reader
from vedette.aws.collect.tags import tag_list
from vedette.resources.arn import parse_arn
from vedette.resources.facts import Fact
from vedette.resources.iam import IamGroup, IamManagedPolicy, IamRole, IamUser
from vedette.resources.policy.document import PolicyDocument, PolicyError
from vedette.resources.policy.parsing import parse_policy
from vedette.resources.resource import GLOBAL_REGION

AUTHORIZATION_DETAILS = "iam:GetAccountAuthorizationDetails"
LARGEST_PAGE = 1000
SERVICE_LINKED = "/aws-service-role/"
NO_TAGS: Fact[Mapping[str, str]] = Fact.of({})

Fields = dict[str, Fact[Any]]


@dataclass(slots=True)
class Principals:
    """Everything that the listing answers, service-linked roles left out."""

    users: list[IamUser] = field(default_factory=list)
    groups: list[IamGroup] = field(default_factory=list)
    roles: list[IamRole] = field(default_factory=list)
    policies: list[IamManagedPolicy] = field(default_factory=list)


def read_principals(reader: Reader) -> Principals:
    """Return all principals and managed policies, read once for all collectors."""
    return reader.once("iam principals", _read)


def _read(reader: Reader) -> Principals:
    listing = _Listing(reader.account)
    for page in _pages(reader):
        listing.add(page)
    return listing.finish()


def _pages(reader: Reader) -> Iterator[Answer]:
    start: dict[str, str] = {}
    while True:
        page = reader.call(AUTHORIZATION_DETAILS, MaxItems=LARGEST_PAGE, **start)
        yield page
        if not page.get("IsTruncated"):
            return
        start = {"Marker": page["Marker"]}


class _Listing:
    """Turns pages into snapshots, and remembers which policy is attached to whom."""

    def __init__(self, account: str) -> None:
        self._account = account
        self._found = Principals()
        self._documents: dict[str, PolicyDocument] = {}
        self._attached: defaultdict[str, list[str]] = defaultdict(list)
        self._boundaries: set[str] = set()

    def add(self, page: Answer) -> None:
        for user in page.get("UserDetailList", []):
            self._found.users.append(self._user(user))
        for group in page.get("GroupDetailList", []):
            self._found.groups.append(self._group(group))
        for role in page.get("RoleDetailList", []):
            if not role["Path"].startswith(SERVICE_LINKED):
                self._found.roles.append(self._role(role))
        for policy in page.get("Policies", []):
            if not _by_aws(policy) or _is_counted(policy):
                self._found.policies.append(self._policy(policy))

    def finish(self) -> Principals:
        """Say of each policy whom it is attached to; drop AWS's that no principal here uses."""
        used = self._boundaries.union(self._attached)
        self._found.policies = [
            policy.with_facts({"attached_to": Fact.of(tuple(self._attached[policy.arn]))})
            for policy in self._found.policies
            if policy.arn in used or not policy.by_aws
        ]
        return self._found

    def _user(self, answer: Answer) -> IamUser:
        facts = self._held_policies(answer, "UserPolicyList") | {
            "groups": _answered(answer, "GroupList", tuple),
            "permissions_boundary": self._boundary(answer),
            "tags": _tags(answer),
        }
        return IamUser(**self._identity(answer, "UserName"), **facts)

    def _group(self, answer: Answer) -> IamGroup:
        facts = self._held_policies(answer, "GroupPolicyList")
        # Groups cannot have tags (IAM User Guide, "Tags for IAM resources").
        return IamGroup(**self._identity(answer, "GroupName"), **facts, tags=NO_TAGS)

    def _role(self, answer: Answer) -> IamRole:
        facts = self._held_policies(answer, "RolePolicyList") | {
            "trust_policy": _answered(answer, "AssumeRolePolicyDocument", self._document),
            "permissions_boundary": self._boundary(answer),
            "tags": _tags(answer),
        }
        return IamRole(**self._identity(answer, "RoleName"), **facts)

    def _policy(self, answer: Answer) -> IamManagedPolicy:
        return IamManagedPolicy(
            arn=answer["Arn"],
            id=answer["Arn"],
            account=self._account,
            region=GLOBAL_REGION,
            by_aws=_by_aws(answer),
            document=_answered(answer, "PolicyVersionList", self._default_version),
        )

    def _identity(self, answer: Answer, name: str) -> dict[str, Any]:
        return {
            "arn": answer["Arn"],
            "id": answer[name],
            "account": self._account,
            "region": GLOBAL_REGION,
        }

    def _held_policies(self, answer: Answer, inline: str) -> Fields:
        attached = [one["PolicyArn"] for one in answer.get("AttachedManagedPolicies", [])]
        for arn in attached:
            self._attached[arn].append(answer["Arn"])
        return {
            "attached_policies": _answered(answer, "AttachedManagedPolicies", _arns),
            "inline_policies": _answered(answer, inline, self._inline),
        }

    def _boundary(self, answer: Answer) -> Fact[str | None]:
        """Return the boundary's ARN. IAM leaves the element out where there is none."""
        boundary = answer.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
        if boundary is not None:
            self._boundaries.add(boundary)
        return Fact.of(boundary)

    def _inline(self, answer: list[Answer]) -> dict[str, PolicyDocument]:
        return {one["PolicyName"]: self._document(one["PolicyDocument"]) for one in answer}

    def _default_version(self, versions: list[Answer]) -> PolicyDocument:
        default = next(one for one in versions if one["IsDefaultVersion"])
        return self._document(default["Document"])

    def _document(self, source: str | dict[str, Any]) -> PolicyDocument:
        """Parse a document, or return the one parsed before: most trust policies are alike."""
        text = source if isinstance(source, str) else json.dumps(source)
        if text not in self._documents:
            self._documents[text] = parse_policy(source)
        return self._documents[text]


def _answered(answer: Answer, name: str, change: Callable[[Any], Any]) -> Fact[Any]:
    if name not in answer:
        return Fact.unreadable(f"{AUTHORIZATION_DETAILS} did not answer {name}")
    try:
        return Fact.of(change(answer[name]))
    except PolicyError as error:
        # One policy that cannot be judged must not hide all other principals.
        return Fact.unreadable(f"{name} cannot be judged: {error}")


def _arns(attached: list[Answer]) -> tuple[str, ...]:
    return tuple(sys.intern(one["PolicyArn"]) for one in attached)


def _tags(answer: Answer) -> Fact[Mapping[str, str]]:
    """Return a principal's tags. IAM leaves the element out where there are none."""
    return Fact.of(tag_list(answer.get("Tags")))


def _by_aws(policy: Answer) -> bool:
    return parse_arn(policy["Arn"]).account == "aws"


def _is_counted(policy: Answer) -> bool:
    counts = ("AttachmentCount", "PermissionsBoundaryUsageCount")
    return any(policy.get(count, 0) for count in counts)
