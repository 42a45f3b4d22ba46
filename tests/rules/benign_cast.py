"""Who works in an organisation on ordinary days, and short ways to write down what they do."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from vedette.aws.demo.records import CONSOLE, Actor, Call, Cast, Diary

ACCOUNT = "111122223333"
MEMBERS = tuple(f"2222333344{number:02d}" for number in range(12))
REGION, GLOBAL = "eu-west-1", "us-east-1"
OFFICE, BUILDERS, NODES = "198.51.100.24", "192.0.2.80", "10.20.1.14"
IAC_ROLE, CI_ROLE, AUDIT_ROLE = "terraform-deploy", "github-actions", "VedetteAudit"
CAST = Cast(account=ACCOUNT)


def role_arn(name: str) -> str:
    """Return the ARN of a role of the account."""
    return CAST.arn("iam", f"role/{name}")


PLACEHOLDERS = {
    "iac_principals": [role_arn(IAC_ROLE)],
    "ci_principals": [role_arn(CI_ROLE)],
    "vedette_principals": [role_arn(AUDIT_ROLE)],
    "scanner_principals": [role_arn("prowler")],
}


def calls(diary: Diary, actor: Actor, service: str, names: str, **members: Any) -> None:
    """Write down one call for each name."""
    region = GLOBAL if service in {"iam", "organizations"} else REGION
    for name in names.split():
        diary.call(actor, Call(service=service, name=name, region=region, **members))


def denied(diary: Diary, actor: Actor, calls: Iterable[tuple[str, str]]) -> None:
    """Write down a call that was denied for each service and name."""
    for service, name in calls:
        diary.denied(actor, Call(service=service, name=name, region=REGION))


def buckets(count: int) -> list[dict[str, Any]]:
    """Return requests about some buckets."""
    return [{"bucketName": f"example-{number}"} for number in range(count)]


def instances(*numbers: int) -> list[dict[str, str]]:
    """Return instances by number, as calls list them."""
    return [{"instanceId": f"i-0a1b2c3d4e5f6{number:04d}"} for number in numbers]


def of_service(name: str, service: str) -> Actor:
    """Return a session of a service-linked role."""
    actor = CAST.role(f"AWSServiceRoleFor{name}", name, f"{service}.amazonaws.com", service)
    path = f"role/aws-service-role/{service}.amazonaws.com/AWSServiceRoleFor{name}"
    context = actor.identity["sessionContext"]
    issuer = context["sessionIssuer"] | {"arn": CAST.arn("iam", path)}
    session = {"sessionContext": context | {"sessionIssuer": issuer}}
    invoked = {"invokedBy": f"{service}.amazonaws.com"}
    return replace(actor, identity={**actor.identity, **session, **invoked})


def sso_user(name: str, permissions: str, agent: str = CONSOLE) -> Actor:
    """Return somebody who came through Identity Center."""
    role = f"AWSReservedSSO_{permissions}_0123456789abcdef"
    actor = CAST.role(role, f"{name}@example.com", OFFICE, agent)
    path = f"role/aws-reserved/sso.amazonaws.com/{REGION}/{role}"
    context = actor.identity["sessionContext"]
    issuer = context["sessionIssuer"] | {"arn": CAST.arn("iam", path)}
    return replace(
        actor, identity={**actor.identity, "sessionContext": context | {"sessionIssuer": issuer}}
    )
