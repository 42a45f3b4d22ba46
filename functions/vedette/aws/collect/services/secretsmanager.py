"""Reads Secrets Manager secrets, never their values."""

from collections.abc import Iterator
from typing import Any

from vedette.aws.collect.collector import Collector, fact
from vedette.aws.collect.policies import read_policy
from vedette.aws.collect.reader import Reader
from vedette.aws.collect.tags import tag_list
from vedette.resources.arn import parse_arn
from vedette.resources.facts import Fact
from vedette.resources.policy.document import PolicyDocument
from vedette.resources.secretsmanager import Secret

SECRET = "secret:"  # noqa: S105 - the start of an ARN's last part
GONE = "ResourceNotFoundException"


def find_secrets(reader: Reader, only: frozenset[str] | None) -> Iterator[Secret]:
    """Yield the secrets of a region; their pages answer everything but the policy."""
    for stored in _all(reader) if only is None else _these(reader, only):
        yield _secret(reader, stored)


def _all(reader: Reader) -> Iterator[dict[str, Any]]:
    yield from reader.pages("secretsmanager:ListSecrets", "SecretList", MaxResults=100)


def _these(reader: Reader, ids: frozenset[str]) -> Iterator[dict[str, Any]]:
    named = {reader.arn("secretsmanager", SECRET + secret_id) for secret_id in ids}
    for arn in sorted(named & reader.scope.only):
        answer = reader.optional("secretsmanager:DescribeSecret", GONE, SecretId=arn)
        if answer is not None:
            yield answer


def _secret(reader: Reader, stored: dict[str, Any]) -> Secret:
    """Source: both APIs leave out RotationEnabled until rotation has been configured once."""
    arn = stored["ARN"]
    return Secret(
        arn=arn,
        id=parse_arn(arn).resource.removeprefix(SECRET),
        account=reader.account,
        region=reader.region,
        tags=Fact.of(tag_list(stored.get("Tags"))),
        owning_service=stored.get("OwningService"),
        primary_region=stored.get("PrimaryRegion"),
        rotates=Fact.of(bool(stored.get("RotationEnabled", False))),
        last_rotated=Fact.of(stored.get("LastRotatedDate")),
    )


def _policy(reader: Reader, secret: Secret) -> PolicyDocument:
    answer = reader.call("secretsmanager:GetResourcePolicy", SecretId=secret.arn)
    return read_policy(answer.get("ResourcePolicy"))


SECRETS = Collector(
    kind=Secret,
    calls=("secretsmanager:ListSecrets", "secretsmanager:DescribeSecret"),
    find=find_secrets,
    details=(fact("policy", "secretsmanager:GetResourcePolicy", read=_policy),),
    arn_service="secretsmanager",
    arn_prefix=SECRET,
    gone=frozenset({GONE}),
)
COLLECTORS = (SECRETS,)
