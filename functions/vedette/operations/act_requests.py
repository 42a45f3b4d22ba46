"""What people ask of the API, validated: who asks, which findings, what to do.

Who asks is what the gateway says after it has verified the signature; nothing in a request can say
otherwise.

Source: Amazon API Gateway Developer Guide, "AWS Lambda proxy integrations for HTTP APIs", format
2.0; "IAM authorization for HTTP APIs".
"""

import base64
import binascii
import re
from collections.abc import Mapping, Set
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from vedette.findings.action import ActionKind, HumanAction
from vedette.findings.finding import FindingKind
from vedette.findings.severity import Severity
from vedette.findings.tracked import Disposition
from vedette.operations.act_errors import RequestError

LARGEST_BODY: Final = 4_096
MOST_LISTED: Final = 100
LONGEST_SUPPRESSION: Final = timedelta(days=365)
ACTIONS: Final[Mapping[str, ActionKind]] = {
    "ack": ActionKind.ACKNOWLEDGE,
    "reopen": ActionKind.REOPEN,
    "resolve": ActionKind.RESOLVE,
    "suppress": ActionKind.SUPPRESS,
}
_FINDING: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_ACTOR: Final = re.compile(r"arn:[a-z-]+:(iam|sts)::\d{12}:[^\s]{1,1900}", re.ASCII)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Listing(_Strict):
    """Which findings to list. A `rule` needs its `account`; `after` is where a page ended."""

    severity: tuple[Severity, ...] = ()
    kind: FindingKind | None = None
    account: str | None = Field(default=None, pattern=r"^\d{12}$")
    rule: str | None = Field(default=None, min_length=1, max_length=300)
    resource: str | None = Field(default=None, min_length=1, max_length=2_048)
    limit: int = Field(default=50, ge=1, le=MOST_LISTED)
    after: str | None = Field(default=None, max_length=400)

    @field_validator("severity", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        return value.split(",") if isinstance(value, str) else value

    @model_validator(mode="after")
    def _rule_in_an_account(self) -> "Listing":
        if self.rule is not None and self.account is None:
            raise ValueError("with a rule, name the account as well")
        return self


class Wanted(_Strict):
    """What a person wants done. What an action does not take may not be given."""

    reason: str = Field(default="", max_length=1_000)
    until: AwareDatetime | None = None
    disposition: Disposition | None = None

    @field_validator("until")
    @classmethod
    def _within_a_year(
        cls, value: AwareDatetime | None, info: ValidationInfo
    ) -> AwareDatetime | None:
        now: datetime = info.context["now"] if info.context else datetime.now(UTC)
        if value is not None and not now < value <= now + LONGEST_SUPPRESSION:
            raise ValueError(f"give a time within {LONGEST_SUPPRESSION.days} days from now")
        return value


def actor_of(event: Mapping[str, Any], accounts: Set[str]) -> str:
    """Return the ARN of who asks, as the gateway says. Raises RequestError."""
    context = event.get("requestContext")
    authorizer = context.get("authorizer") if isinstance(context, dict) else None
    caller = authorizer.get("iam") if isinstance(authorizer, dict) else None
    told = caller if isinstance(caller, dict) else {}
    arn = told.get("userArn")
    if not isinstance(arn, str) or not _ACTOR.fullmatch(arn):
        raise RequestError(401, "unsigned", "Sign the request with AWS credentials (SigV4).")
    if told.get("accountId") not in accounts or arn.split(":")[4] != told.get("accountId"):
        raise RequestError(
            403, "foreign_account", "Use credentials of an account that Vedette watches."
        )
    return arn


def finding_of(event: Mapping[str, Any]) -> str:
    """Return the id of the finding in the path. Raises RequestError."""
    found = _path(event, "id")
    if not _FINDING.fullmatch(found):
        raise RequestError(400, "bad_id", "Name the finding by its id of 32 hexadecimal digits.")
    return found


def action_of(event: Mapping[str, Any], actor: str, now: datetime) -> HumanAction:
    """Return the action that is asked for. Raises RequestError."""
    kind = ACTIONS.get(_path(event, "action"))
    if kind is None:
        known = ", ".join(sorted(ACTIONS))
        raise RequestError(404, "no_such_action", f"Ask for one of: {known}.")
    wanted = _wanted(event, now)
    if wanted.until is not None and kind is not ActionKind.SUPPRESS:
        raise RequestError(400, "bad_request", "Only suppressing takes `until`.")
    if wanted.disposition is not None and kind is not ActionKind.RESOLVE:
        raise RequestError(400, "bad_request", "Only resolving takes `disposition`.")
    return HumanAction(
        finding=finding_of(event),
        kind=kind,
        actor=actor,
        at=now,
        reason=wanted.reason,
        until=wanted.until,
        disposition=wanted.disposition,
    )


def listing_of(event: Mapping[str, Any]) -> Listing:
    """Return which findings are asked for. Raises RequestError."""
    given = event.get("queryStringParameters")
    try:
        return Listing.model_validate(given if isinstance(given, dict) else {})
    except ValidationError as error:
        raise _refused(error) from error


def _wanted(event: Mapping[str, Any], now: datetime) -> Wanted:
    body = _body(event)
    try:
        return Wanted.model_validate_json(body or "{}", context={"now": now})
    except ValidationError as error:
        raise _refused(error) from error


def _body(event: Mapping[str, Any]) -> str:
    body = event.get("body") or ""
    if not isinstance(body, str) or len(body) > LARGEST_BODY:
        raise RequestError(413, "too_large", f"Send at most {LARGEST_BODY:,} bytes.")
    if event.get("isBase64Encoded") is not True:
        return body
    try:
        return base64.b64decode(body, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise RequestError(400, "bad_request", "Send JSON in UTF-8.") from error


def _path(event: Mapping[str, Any], name: str) -> str:
    parameters = event.get("pathParameters")
    value = parameters.get(name) if isinstance(parameters, dict) else None
    return value if isinstance(value, str) else ""


def _refused(error: ValidationError) -> RequestError:
    """Say what is wrong, without repeating what was sent."""
    problems = (
        f"{'.'.join(map(str, one['loc'])) or 'request'}: {one['msg']}"
        for one in error.errors(include_input=False, include_url=False, include_context=False)
    )
    return RequestError(400, "bad_request", "; ".join(problems)[:500])
