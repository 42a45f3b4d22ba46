"""The Lambda Runtime API of one function, as its process sees it.

Source: Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes".
"""

import json
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import Any, Final

LOOPBACK: Final = "127.0.0.1"
NEXT: Final = "/invocation/next"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """What is handed to the process."""

    id: str
    function: str
    event: Any
    deadline: int  # in milliseconds since 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an invocation: the payload, or the error that the function ended with."""

    payload: Any = None
    error: str | None = None


class RuntimeApi:
    """Serves one process; `outcomes` has what it answered, and what else is put there."""

    def __init__(self) -> None:
        self._next: Queue[Invocation | None] = Queue()
        self.outcomes: Queue[Outcome] = Queue()
        self._server = ThreadingHTTPServer((LOOPBACK, 0), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Return host and port."""
        return f"{LOOPBACK}:{self._server.server_port}"

    def hand_over(self, invocation: Invocation) -> None:
        """Give the process something to do."""
        self._next.put(invocation)

    def take(self) -> Invocation | None:
        """Wait for the next invocation; None means that there will be none."""
        return self._next.get()

    def close(self) -> None:
        """Stop serving."""
        self._next.put(None)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler_of(api: RuntimeApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *_: Any) -> None:  # noqa: A002 - the name it has above
            """Say nothing of requests."""

        def do_GET(self) -> None:
            invocation = api.take() if self.path.endswith(NEXT) else None
            if invocation is None:
                # The process is gone, or about to be: nobody would read an answer.
                self.close_connection = True
                return
            headers = {
                "Content-Type": "application/json",
                "Lambda-Runtime-Aws-Request-Id": invocation.id,
                "Lambda-Runtime-Deadline-Ms": str(invocation.deadline),
                "Lambda-Runtime-Invoked-Function-Arn": invocation.function,
            }
            self._send(HTTPStatus.OK, headers, json.dumps(invocation.event).encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            api.outcomes.put(
                Outcome(error=body)
                if self.path.endswith("/error")
                else Outcome(payload=json.loads(body))
            )
            self._send(HTTPStatus.ACCEPTED)

        def _send(
            self, status: HTTPStatus, headers: dict[str, str] | None = None, body: bytes = b""
        ) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
