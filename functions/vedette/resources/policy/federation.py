"""Identity providers that many customers share, and the claims that tell these customers apart.

A role that trusts such a provider without asking who the customer is can be assumed by anybody who
has an account there. Sources: IAM User Guide, "Available keys for AWS web identity federation" and
"Identity-provider controls for shared OIDC providers"; the providers' pages on AWS federation.
"""

from collections.abc import Sequence

from vedette.resources.policy.callers import is_fixed
from vedette.resources.policy.document import Condition

_GITHUB = ("sub", "job_workflow_ref", "repository", "repository_id", "repository_owner")
_CLAIMS: dict[str, tuple[str, ...]] = {
    "accounts.google.com": ("aud", "oaud", "sub"),
    "agent.buildkite.com": ("sub",),
    "app.terraform.io": ("sub",),
    "cognito-identity.amazonaws.com": ("aud", "sub"),
    "gitlab.com": ("sub",),
    "graph.facebook.com": ("app_id", "id"),
    "token.actions.githubusercontent.com": (*_GITHUB, "repository_owner_id"),
    "www.amazon.com": ("app_id", "user_id"),
}
_OPERATORS = frozenset({"stringequals", "stringequalsignorecase", "stringlike"})


def shared_provider(provider: str) -> str | None:
    """Return the host of a shared provider, from its name or the ARN of its IAM resource."""
    host = provider.partition(":oidc-provider/")[2] or provider
    return host if host in _CLAIMS else None


def names_customer(host: str, conditions: Sequence[Condition]) -> bool:
    """Say whether conditions demand a claim that only one customer of the provider has.

    A wildcard may follow the customer's name and the separator after it: ``repo:octo-org/*`` does
    name one, ``repo:octo-org*`` also lets in ``octo-org-two``.
    """
    keys = {f"{host}:{claim}" for claim in _CLAIMS[host]}
    return any(
        one.key in keys
        and one.operator in _OPERATORS
        and not one.if_exists
        and one.quantifier != "ForAllValues"
        and one.values
        and all(map(_is_one_customer, one.values))
        for one in conditions
    )


def _is_one_customer(value: str) -> bool:
    if is_fixed(value):
        return True
    head = value.split("*", 1)[0].split("?", 1)[0].split("${", 1)[0]
    name = head.partition(":")[2]
    return any(separator in name[1:] for separator in ":/")
