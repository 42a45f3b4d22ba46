"""The API of a deployment: verifies signatures as the gateway does, and calls the function."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.fakes.findings import MemoryFindings
from tests.operations.detecting import Lines
from vedette.operations.act import Actions
from vedette.operations.telemetry import Telemetry

ACCOUNT = "111122223333"
USER = f"arn:aws:iam::{ACCOUNT}:user/alice"
KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "any"
SIGNED = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[a-z0-9-]+)/execute-api/"
    r"aws4_request, SignedHeaders=(?P<headers>[a-z;-]+), Signature=(?P<signature>[0-9a-f]{64})"
)
ROUTES = {
    r"GET /findings": "GET /findings",
    r"GET /findings/(?P<id>[^/]+)": "GET /findings/{id}",
    r"POST /findings/(?P<id>[^/]+)/(?P<action>[^/]+)": "POST /findings/{id}/{action}",
}


class FindingsServer:
    """Serves findings at `url`."""

    def __init__(self) -> None:
        self.store = MemoryFindings()
        self.regions: set[str] = set()
        self._act = Actions(self.store, frozenset({ACCOUNT}), Telemetry("act", Lines()))
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(b"")

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers["Content-Length"])))

            def _answer(self, body: bytes) -> None:
                status, text = server.answer(self.command, self.path, dict(self.headers), body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        if not self._is_signed(method, path, headers, body):
            return 403, b'{"message": "Forbidden"}'
        parts = urlsplit(path)
        for pattern, route in ROUTES.items():
            if found := re.fullmatch(pattern, f"{method} {parts.path}"):
                named = {name: unquote(value) for name, value in found.groupdict().items()}
                return self._called(route, named, parts.query, body)
        return 404, b'{"message": "Not Found"}'

    def _called(
        self, route: str, path: dict[str, str], query: str, body: bytes
    ) -> tuple[int, bytes]:
        event = {
            "version": "2.0",
            "routeKey": route,
            "pathParameters": path,
            "queryStringParameters": dict(parse_qsl(query)),
            "body": body.decode(),
            "requestContext": {"authorizer": {"iam": {"userArn": USER, "accountId": ACCOUNT}}},
        }
        answer = self._act.handle(json.loads(json.dumps(event)))
        return answer["statusCode"], answer["body"].encode()

    def _is_signed(self, method: str, path: str, headers: dict[str, str], body: bytes) -> bool:
        told = SIGNED.fullmatch(headers.get("Authorization", ""))
        if told is None or told["key"] != KEY:
            return False
        self.regions.add(told["region"])
        names = told["headers"].split(";")
        signed = {name: value for name, value in headers.items() if name.lower() in names}
        request = AWSRequest(method, f"{self.url}{path}", headers=signed, data=body)
        request.context["timestamp"] = headers["X-Amz-Date"]
        auth = SigV4Auth(Credentials(KEY, SECRET), "execute-api", told["region"])
        expected = auth.signature(
            auth.string_to_sign(request, auth.canonical_request(request)), request
        )
        return bool(expected == told["signature"])
