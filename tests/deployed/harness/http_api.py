"""The HTTP API: who calls is what the signature says; the function gets payload format 2.0.

Source: Amazon API Gateway Developer Guide, "IAM authorization for HTTP APIs", "Lambda proxy
integrations for HTTP APIs".
"""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from tests.deployed.harness.endpoint import Endpoint
from tests.deployed.harness.iam.policies import Access, glob
from tests.deployed.harness.iam.principals import Principal
from tests.deployed.harness.runtime.functions import Functions
from tests.deployed.harness.stack import ACCOUNT, Resource, Stack

PREFIX: Final = "AWS::ApiGatewayV2::"
PERMISSION: Final = "AWS::Lambda::Permission"
INVOKE_API: Final = "execute-api:Invoke"
PARAMETER: Final = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What the caller gets."""

    status: int
    body: Any


class HttpApi:
    """The routes of a stack's HTTP API."""

    def __init__(self, endpoint: Endpoint, stack: Stack, functions: Functions) -> None:
        self._endpoint = endpoint
        self._stack = stack
        self._functions = functions

    def call(
        self, who: Principal | None, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> Response:
        """Call the API as a principal; None signs nothing."""
        found = self._route(method, path)
        if found is None:
            return Response(status=HTTPStatus.NOT_FOUND, body={"message": "Not Found"})
        route, values = found
        if who is None or not self._may(who, method, path):
            return Response(status=HTTPStatus.FORBIDDEN, body={"message": "Forbidden"})
        function = self._function(route)
        self._must_be_callable(route, function)
        event = self._event(who, route, path, values)
        outcome = self._functions.invoke(
            function, event | ({"body": json.dumps(body)} if body is not None else {})
        )
        return _response(outcome.payload if outcome.error is None else None)

    def _route(self, method: str, path: str) -> tuple[Resource, dict[str, str]] | None:
        for route in self._stack.of_type(f"{PREFIX}Route"):
            wanted, _, pattern = route.properties["RouteKey"].partition(" ")
            match = re.fullmatch(PARAMETER.sub(r"(?P<\1>[^/]+)", pattern), path)
            if wanted == method and match:
                return route, match.groupdict()
        return None

    def _may(self, who: Principal, method: str, path: str) -> bool:
        (api,) = self._stack.of_type(f"{PREFIX}Api")
        place = f"arn:aws:execute-api:{self._stack.region}:{ACCOUNT}:{api.physical_id}"
        access = Access(action=INVOKE_API, resource=f"{place}/$default/{method}{path}")
        return self._endpoint.authorizer.permits(who, access)

    def _function(self, route: Resource) -> Resource:
        name = route.properties["Target"].partition("/")[2]
        (integration,) = (
            one for one in self._stack.of_type(f"{PREFIX}Integration") if one.physical_id == name
        )
        return self._functions.by_arn(integration.properties["IntegrationUri"])

    def _must_be_callable(self, route: Resource, function: Resource) -> None:
        """Raise PermissionError if API Gateway may not call the function for this route."""
        (api,) = self._stack.of_type(f"{PREFIX}Api")
        method, _, path = route.properties["RouteKey"].partition(" ")
        place = f"arn:aws:execute-api:{self._stack.region}:{ACCOUNT}:{api.physical_id}"
        source = f"{place}/$default/{method}{path}"
        for one in self._stack.of_type(PERMISSION):
            asked = one.properties
            if asked["FunctionName"] == function.attribute("Arn") and glob(
                asked["SourceArn"], source
            ):
                return
        raise PermissionError(f"API Gateway may not call {function.logical_id} for {source}")

    def _event(
        self, who: Principal, route: Resource, path: str, values: Mapping[str, str]
    ) -> dict[str, Any]:
        method = route.properties["RouteKey"].partition(" ")[0]
        return {
            "version": "2.0",
            "routeKey": route.properties["RouteKey"],
            "rawPath": path,
            "rawQueryString": "",
            "headers": {"content-type": "application/json"},
            "pathParameters": dict(values),
            "requestContext": {
                "accountId": ACCOUNT,
                "authorizer": {
                    "iam": {
                        "accessKey": "ASIAEXAMPLE",
                        "accountId": who.account,
                        "callerId": f"AROAEXAMPLE:{who.name}",
                        "cognitoIdentity": None,
                        "principalOrgId": None,
                        "userArn": who.arn,
                        "userId": f"AROAEXAMPLE:{who.name}",
                    }
                },
                "http": {"method": method, "path": path, "sourceIp": "203.0.113.9"},
                "requestId": str(uuid.uuid4()),
                "stage": "$default",
            },
            "isBase64Encoded": False,
        }


def _response(payload: Any) -> Response:
    """Read the function's answer; an answer that is none, or a crash, is an error of the server."""
    if not isinstance(payload, dict):
        body = {"message": "Internal Server Error"}
        return Response(status=HTTPStatus.INTERNAL_SERVER_ERROR, body=body)
    if "statusCode" not in payload:
        return Response(status=HTTPStatus.OK, body=payload)
    return Response(
        status=int(payload["statusCode"]), body=json.loads(payload.get("body") or "null")
    )
