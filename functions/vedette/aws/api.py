"""Speaks to the API of a deployment, signed with the caller's own credentials.

Sources: AWS IAM User Guide, "Signature Version 4 for API requests"; AWS CloudFormation API
Reference, DescribeStacks.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session

from vedette.aws.errors import CALL_ERRORS, read_error
from vedette.aws.session import AwsSession
from vedette.resources.errors import UserError

DESCRIBE: Final = "cloudformation:DescribeStacks"
OUTPUT: Final = "ApiUrl"
SERVICE: Final = "execute-api"
LARGEST: Final = 10_000_000
SECONDS: Final = 35
_HOST: Final = re.compile(r"[a-z0-9]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?")
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_REFUSED: Final = 400
_FORBIDDEN: Final = 403


class ApiError(UserError):
    """The API does not do what is asked; the message says why, and what to do."""


class FindingsApi:
    """The API at an address; `region` is where it stands, if the address does not tell."""

    def __init__(self, session: AwsSession, url: str) -> None:
        """Raise ApiError for an address over which nothing signed should go."""
        parts = urlsplit(url)
        local = parts.hostname in _LOCAL
        if parts.hostname is None or (parts.scheme != "https" and not local):
            raise ApiError(f"--api: {url} is not the address of an API (https://…).")
        told = _HOST.fullmatch(parts.hostname)
        self._session = session
        self._url = url.rstrip("/")
        self._region = told.group(1) if told else session.region
        self._http = URLLib3Session(timeout=SECONDS)

    def get(self, *path: str, **query: str) -> Any:
        """Return what the API answers. Raises ApiError and SessionError."""
        return self._ask("GET", path, query, b"")

    def post(self, *path: str, body: Mapping[str, Any]) -> Any:
        """Return what the API answers. Raises ApiError and SessionError."""
        return self._ask("POST", path, {}, json.dumps(body).encode())

    def _ask(
        self, method: str, path: tuple[str, ...], query: Mapping[str, str], body: bytes
    ) -> Any:
        where = "/".join(quote(part, safe="") for part in path)
        asked = f"?{urlencode(query, quote_via=quote)}" if query else ""
        request = AWSRequest(
            method=method,
            url=f"{self._url}/{where}{asked}",
            data=body,
            headers={"Content-Type": "application/json"} if body else {},
        )
        SigV4Auth(self._session.credentials(), SERVICE, self._region).add_auth(request)
        try:
            answer = self._http.send(request.prepare())
        except BotoCoreError as error:
            raise ApiError(f"{self._url} cannot be reached ({type(error).__name__}).") from error
        return self._read(answer.status_code, answer.content)

    def _read(self, status: int, content: bytes) -> Any:
        try:
            answer = json.loads(content[:LARGEST])
        except ValueError as error:
            raise ApiError(f"{self._url} answers {status}, and not in JSON.") from error
        if status < _REFUSED:
            return answer
        told = answer.get("error") if isinstance(answer, dict) else None
        if isinstance(told, dict):
            raise ApiError(str(told.get("message")))
        if status == _FORBIDDEN:
            raise ApiError(
                "IAM does not allow this. Your principal needs execute-api:Invoke on the API."
            )
        raise ApiError(f"{self._url} answers {status}.")


def api_address(session: AwsSession, stack: str) -> str:
    """Return the address of the API that a stack tells. Raises ApiError."""
    try:
        client = session.client("cloudformation", session.region)
        stacks = client.describe_stacks(StackName=stack)["Stacks"]
    except CALL_ERRORS as error:
        reason = read_error(DESCRIBE, error).reason
        raise ApiError(
            f"The stack {stack} in {session.region} does not tell where its API is: {reason}. "
            "Name the hub's region with --region, or the API with --api."
        ) from error
    outputs = (one for known in stacks for one in known.get("Outputs", ()))
    found = next((one["OutputValue"] for one in outputs if one["OutputKey"] == OUTPUT), None)
    if found is None:
        raise ApiError(f"The stack {stack} has no API. Deploy again: vedette deploy")
    return str(found)
