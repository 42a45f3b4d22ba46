"""All policies that decide what an IAM user or role may do."""

from collections.abc import Iterable

from vedette.resources.facts import UnreadableFactError, known
from vedette.resources.iam import IamGroup, IamManagedPolicy, IamRole, IamUser
from vedette.resources.inventory import Inventory
from vedette.resources.policy.document import PolicyDocument
from vedette.resources.policy.privileges import escalation_paths, is_administrator
from vedette.resources.resource import Value


class Privileges(Value):
    """What a principal can make of its permissions: `ways` are known ways to more of them."""

    administrator: bool
    ways: tuple[str, ...] = ()


def find_privileges(principal: IamUser | IamRole, inventory: Inventory) -> Privileges:
    """Weigh all policies of a principal, less what its permissions boundary leaves out.

    An administrator has nothing left to gain, so no ways are looked for. Raises
    UnreadableFactError if one of the policies or groups could not be read.
    """
    documents = policies_of(principal, inventory)
    boundary = boundary_of(principal, inventory)
    limits = [documents] if boundary is None else [documents, (boundary,)]
    if all(is_administrator(*limit) for limit in limits):
        return Privileges(administrator=True)
    ways = escalation_paths(documents, boundary=boundary)
    return Privileges(administrator=False, ways=ways)


def policies_of(principal: IamUser | IamRole, inventory: Inventory) -> tuple[PolicyDocument, ...]:
    """Return a principal's inline and attached policies, and those of a user's groups."""
    groups = _groups(principal, inventory) if isinstance(principal, IamUser) else ()
    return tuple(
        document for holder in (principal, *groups) for document in _held(holder, inventory)
    )


def boundary_of(principal: IamUser | IamRole, inventory: Inventory) -> PolicyDocument | None:
    """Return the document of a principal's permissions boundary, or None if it has none."""
    arn = known(principal.permissions_boundary)
    return None if arn is None else _document(arn, inventory)


def _groups(user: IamUser, inventory: Inventory) -> Iterable[IamGroup]:
    for name in known(user.groups):
        group = inventory.find(IamGroup, name)
        if group is None:
            raise UnreadableFactError(f"the group {name} was not answered")
        yield group


def _held(holder: IamUser | IamRole | IamGroup, inventory: Inventory) -> Iterable[PolicyDocument]:
    yield from known(holder.inline_policies).values()
    for arn in known(holder.attached_policies):
        yield _document(arn, inventory)


def _document(arn: str, inventory: Inventory) -> PolicyDocument:
    policy = inventory.find(IamManagedPolicy, arn)
    if policy is None:
        raise UnreadableFactError(f"the document of {arn} was not answered")
    return known(policy.document)
