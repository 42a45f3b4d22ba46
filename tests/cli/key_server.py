"""A CloudTrail that answers ListPublicKeys alone, which moto does not know."""

import base64
import json
import re
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

OPERATION = "ListPublicKeys"
SIGNED_FOR = re.compile(r"Credential=[^/]+/[0-9]+/([a-z0-9-]+)/cloudtrail/")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: for which region it was signed, and for which time, in seconds since 1970."""

    region: str
    start: float
    end: float


class KeyServer:
    """Serves one key at `url`, or refuses to; `asked` keeps what it was asked for."""

    def __init__(self, value: bytes, fingerprint: str, *, denied: bool = False) -> None:
        self.asked: list[Asked] = []
        self._key = {"Value": base64.b64encode(value).decode(), "Fingerprint": fingerprint}
        self._denied = denied
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["X-Amz-Target"].endswith(f".{OPERATION}")
                code, answer = server.answer(self.headers["Authorization"], json.loads(body))
                written = json.dumps(answer).encode()
                self.send_response(code)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                self.send_header("Content-Length", str(len(written)))
                self.end_headers()
                self.wfile.write(written)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def answer(self, authorization: str, asked: dict[str, float]) -> tuple[int, dict[str, Any]]:
        """Return status and body of the answer."""
        found = SIGNED_FOR.search(authorization)
        assert found
        self.asked.append(Asked(found[1], asked["StartTime"], asked["EndTime"]))
        if self._denied:
            return 400, {"__type": "AccessDeniedException", "message": "not authorized"}
        return 200, {"PublicKeyList": [self._key]}

    def __enter__(self) -> Self:
        """Begin to answer."""
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End it."""
        self._http.shutdown()
        self._http.server_close()
