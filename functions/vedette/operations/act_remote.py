"""Findings of a deployment as its API tells them, for the command line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vedette.aws.api import FindingsApi, api_address
from vedette.aws.session import AwsSession, SessionOptions
from vedette.operations.act_requests import MOST_LISTED

STACK: Final = "Vedette"
Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """Where a deployment is: the address of its API, or the stack that tells it."""

    session: SessionOptions
    api: str | None = None
    stack: str = STACK

    def open(self) -> FindingsApi:
        """Return the API. Raises ApiError and SessionError."""
        session = AwsSession(self.session)
        return FindingsApi(session, self.api or api_address(session, self.stack))


def list_findings(deployment: Deployment, filters: Mapping[str, str], limit: int) -> list[Told]:
    """Return the findings that fit, the most severe first, at most `limit`."""
    found: list[Told] = []
    for page in _pages(deployment.open(), filters, limit):
        found += page
        if len(found) >= limit:
            break
    return found[:limit]


def show_finding(deployment: Deployment, finding: str) -> Told:
    """Return a finding with its timeline."""
    told: Told = deployment.open().get("findings", finding)
    return told


def do_with_finding(
    deployment: Deployment, finding: str, action: str, wanted: Mapping[str, str]
) -> Told:
    """Do something with a finding (`ack`, `suppress` …) and return it as it is then."""
    told: Told = deployment.open().post("findings", finding, action, body=wanted)
    return told


def _pages(api: FindingsApi, filters: Mapping[str, str], limit: int) -> Iterator[list[Told]]:
    asked = {**filters, "limit": str(min(limit, MOST_LISTED))}
    while True:
        answer = api.get("findings", **asked)
        yield answer["findings"]
        if not answer.get("after"):
            return
        asked["after"] = answer["after"]
