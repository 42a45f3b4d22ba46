"""A request to the stand-in in AWS's own terms, and the answer to it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApplication = Callable[[Environ, StartResponse], Iterable[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One API call.

    `service` is boto3's name of the client (`s3control`, `cloudwatch`), `operation` the name in the
    API reference, or method and path if AWS knows no such operation. `region` and `account` come
    from the signature; `protocol` is botocore's name (`ec2`, `query`, `json`, `rest-json`,
    `rest-xml`); `labels` are the parameters that stand in the path.
    """

    service: str
    operation: str
    region: str
    account: str
    protocol: str
    environ: Environ
    body: bytes = b""
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return `service:Operation`."""
        return f"{self.service}:{self.operation}"

    @property
    def is_head(self) -> bool:
        """Tell whether the answer must not have a body."""
        return bool(self.environ["REQUEST_METHOD"] == "HEAD")

    @property
    def text(self) -> str:
        """Return path, query and body as one text, in which rules look for a resource."""
        path, query = self.environ.get("PATH_INFO", ""), self.environ.get("QUERY_STRING", "")
        return f"{path}?{query} {self.body.decode('utf-8', 'replace')}"

    def fresh_environ(self, body: bytes | None = None) -> Environ:
        """Return the WSGI environment with its body unread, or with another body."""
        sent = self.body if body is None else body
        length = str(len(sent))
        return {**self.environ, "wsgi.input": BytesIO(sent), "CONTENT_LENGTH": length}


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def succeeded(self) -> bool:
        """Tell whether AWS did what it was asked."""
        return self.status < HTTPStatus.MULTIPLE_CHOICES

    def send(self, call: Call, start_response: StartResponse) -> Iterator[bytes]:
        """Answer through WSGI."""
        headers = {name: value for name, value in self.headers.items() if not _sets_length(name)}
        if call.is_head:
            length = self.headers.get("Content-Length", "0")
            start_response(_line(self.status), [*headers.items(), ("Content-Length", length)])
            return iter(())
        length = str(len(self.body))
        start_response(_line(self.status), [*headers.items(), ("Content-Length", length)])
        return iter((self.body,))


def run(application: WsgiApplication, environ: Environ) -> Answer:
    """Call a WSGI application and wait for its whole answer."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        started.append((status, headers))

    chunks = application(environ, start_response)
    body = b"".join(chunks)
    close = getattr(chunks, "close", None)
    if close is not None:
        close()
    status, headers = started[-1]
    return Answer(int(status.split(" ", 1)[0]), dict(headers), body)


def _line(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"


def _sets_length(name: str) -> bool:
    return name.lower() in {"content-length", "transfer-encoding", "connection"}
