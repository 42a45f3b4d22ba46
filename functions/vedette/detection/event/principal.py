"""The person or workload behind an identity, as one text that stays the same from call to call.

| who | text |
|---|---|
| root | `arn:…:iam::<account>:root` |
| IAM user, with or without a session | `arn:…:iam::<account>:user/<name>` |
| role session | `arn:…:iam::<account>:role/<name>`: sessions come and go, the workload stays |
| role session with a source identity | `identity:<account>:<source identity>` |
| Identity Center user, in whatever account and permission set | `sso:<user name>` |
| Identity Center user who signs in | `sso:<user id>`, for the name is told on success only |
| federated user (GetFederationToken) | the IAM user who asked for the token |
| AWS service | `service:<name>` |
| SAML, web identity or directory user asking for a session | `saml:`, `web:`, `directory:` |
| somebody of another account, as the owner of the resource sees it | `account:<account>:<id>` |
| nobody in particular: a request to a public bucket without credentials | `anonymous` |

Paths of users and roles are left out, since names are unique in an account and not every record
tells the path. What a caller may choose for itself (session names, source identities) never makes
a text that begins with `arn:`, so whoever trusts an ARN trusts what AWS says.

Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element".
"""

from dataclasses import replace
from functools import lru_cache
from typing import Final

from vedette.detection.event.record import Record, text_at
from vedette.resources.arn import Arn, ArnError, parse_arn

HIDDEN: Final = "HIDDEN_DUE_TO_SECURITY_REASONS"
_SSO_ROLE: Final = "AWSReservedSSO_"
_SSO_PATH: Final = ":role/aws-reserved/sso.amazonaws.com/"
_PARTITIONS: Final = {
    "cn": "aws-cn",
    "us-gov": "aws-us-gov",
    "us-iso": "aws-iso",
    "us-isob": "aws-iso-b",
    "eusc": "aws-eusc",
}
_ISSUER: Final = ("sessionContext", "sessionIssuer", "arn")
_SOURCE_IDENTITY: Final = ("sessionContext", "sourceIdentity")
_ANONYMOUS_ACCOUNT: Final = "ANONYMOUS_PRINCIPAL"
_ASKING: Final = {"SAMLUser": "saml", "WebIdentityUser": "web", "Directory": "directory"}


def principal(record: Record) -> str | None:
    """Return the person or workload that made the call, or None if the record does not tell."""
    return _by_arn(record) or _by_type(record)


def session_arn(record: Record) -> str | None:
    """Return the ARN with which the caller appeared: of a role session, that of the session."""
    return text_at(record, "userIdentity", "arn")


def partition_of(region: str | None) -> str:
    """Return the partition (`aws`, `aws-cn` …) of a region."""
    parts = (region or "").split("-")
    longest = next((key for key in ("-".join(parts[:2]), parts[0]) if key in _PARTITIONS), "")
    return _PARTITIONS.get(longest, "aws")


def _by_arn(record: Record) -> str | None:
    arn = session_arn(record)
    if arn is None:
        return None
    issuer = text_at(record, "userIdentity", *_ISSUER)
    return _named(arn, issuer, text_at(record, "userIdentity", *_SOURCE_IDENTITY))


# Most events are of few callers, and to work out a name takes longer than to remember it.
@lru_cache(maxsize=8_192)
def _named(text: str, issuer: str | None, source_identity: str | None) -> str | None:
    arn = _arn(text)
    if arn is None:
        return None
    kind, _, rest = arn.resource.partition("/")
    if kind == "assumed-role":
        if source_identity is not None:
            return f"identity:{arn.account}:{source_identity}"
        role, _, session = rest.partition("/")
        return _of_session(arn, issuer, role, session)
    if kind == "federated-user":
        return _plain(_arn(issuer) or arn)
    return _plain(arn)


def _arn(text: str | None) -> Arn | None:
    try:
        return parse_arn(text or "")
    except ArnError:
        return None


def _of_session(arn: Arn, issuer: str | None, role: str, session: str) -> str:
    # The path is reserved for AWS; the name alone counts where the record gives no issuer.
    if session and role.startswith(_SSO_ROLE) and (issuer is None or _SSO_PATH in issuer):
        return f"sso:{session}"
    return _plain(replace(arn, service="iam", resource=f"role/{role}"))


def _plain(arn: Arn) -> str:
    """Leave the path out of the ARN of a user or role."""
    kind, _, rest = arn.resource.partition("/")
    if kind not in ("user", "role"):
        return str(arn)
    return str(replace(arn, resource=f"{kind}/{rest.rpartition('/')[2]}"))


def _by_type(record: Record) -> str | None:
    """Tell who called where the record bears no ARN: services, failed sign-ins, other accounts."""
    kind = text_at(record, "userIdentity", "type")
    account = text_at(record, "userIdentity", "accountId")
    if kind in _ASKING:
        name = _user_name(record)
        provider = text_at(record, "userIdentity", "identityProvider") or account or ""
        return f"{_ASKING[kind]}:{provider}:{name}" if name else None
    if kind == "AWSService" or (kind is None and account is None):
        service = text_at(record, "userIdentity", "invokedBy")
        return f"service:{service}" if service else None
    if kind == "Root" and account:
        return f"{_iam(record, account)}:root"
    if kind == "IAMUser" and account and (name := _user_name(record)):
        return f"{_iam(record, account)}:user/{name}"
    if kind in ("IdentityCenterUser", "Unknown"):
        return _sso_user(record, _user_name(record))
    return _of_other_account(record, account)


def _sso_user(record: Record, name: str | None) -> str | None:
    # Failed sign-ins bear the id only, so that one ties a person's sign-ins together.
    user = text_at(record, "userIdentity", "onBehalfOf", "userId") or name
    return f"sso:{user}" if user else None


def _of_other_account(record: Record, account: str | None) -> str | None:
    if account == _ANONYMOUS_ACCOUNT:
        return "anonymous"
    identity = text_at(record, "userIdentity", "principalId")
    if account is None or identity is None:
        return None
    return f"account:{account}:{identity.partition(':')[0]}"


def _iam(record: Record, account: str) -> str:
    return f"arn:{partition_of(text_at(record, 'awsRegion'))}:iam::{account}"


def _user_name(record: Record) -> str | None:
    named = (
        text_at(record, "userIdentity", "userName"),
        text_at(record, "additionalEventData", "UserName"),
    )
    return next((name for name in named if name and name != HIDDEN), None)
