"""The stand-in itself: an AWS endpoint on a free port of this machine.

with StandIn() as aws:
    s3 = aws.client("s3", region="eu-west-1")
    aws.faults.deny("s3:GetBucketPolicy", containing="secret-bucket")
"""

import logging
from collections.abc import Callable, Iterable
from functools import cache
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self

import moto.settings
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import BaseWSGIServer, make_server

from vedette.aws.stand_in.call import Answer, Call, Environ, StartResponse, run
from vedette.aws.stand_in.clients import Clients
from vedette.aws.stand_in.faults import Faults
from vedette.aws.stand_in.gaps.gaps import Gaps
from vedette.aws.stand_in.recorder import Recorder
from vedette.aws.stand_in.router import name_call
from vedette.aws.stand_in.wire import refuse

LOOPBACK = "127.0.0.1"
NOT_IMPLEMENTED = 501

_logger = logging.getLogger(__name__)
_running = Lock()


class AlreadyRunningError(RuntimeError):
    """A second stand-in was started, though moto's state belongs to the whole process."""


class NotRunningError(RuntimeError):
    """The stand-in was asked for its address outside its `with` block."""


class StandIn:
    """Context manager that runs the stand-in; what it holds is gone at the end.

    `faults`, `gaps` and `recorder` may be used while it runs. Raises AlreadyRunningError if this
    process has one running: share that one and `reset()` it between tests.
    """

    def __init__(self) -> None:
        self.faults = Faults()
        self.gaps = Gaps()
        self.recorder = Recorder()
        self._moto = _Dispatcher(create_backend_app)
        self._server: BaseWSGIServer | None = None
        self._thread: Thread | None = None
        self._clients: Clients | None = None
        self._motos_choice = moto.settings.ec2_load_default_amis
        # moto's state is not safe under threads (a hundred concurrent conditional writes to its
        # DynamoDB let several win), and one interpreter runs it no faster in parallel.
        self._turn = Lock()

    def __enter__(self) -> Self:
        if not _running.acquire(blocking=False):
            raise AlreadyRunningError("a stand-in runs already in this process: share it")
        # Else moto lists some 1,300 public images and snapshots as if the account owned them.
        moto.settings.ec2_load_default_amis = _load_no_images
        self.reset()
        self._server = make_server(
            LOOPBACK, 0, self, threaded=True, request_handler=_QuietRequestHandler
        )
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self._clients = Clients(self.endpoint_url)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.faults.stop()
        self._stop_serving()
        self.reset()
        moto.settings.ec2_load_default_amis = self._motos_choice
        _running.release()

    def _stop_serving(self) -> None:
        if self._clients is not None:
            self._clients.close()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()  # werkzeug closes the socket at the end of the thread.
        self._clients = self._server = self._thread = None

    @property
    def endpoint_url(self) -> str:
        """Return what goes into `--endpoint-url`."""
        if self._server is None:
            raise NotRunningError("the stand-in is not running")
        return f"http://{LOOPBACK}:{self._server.server_port}"

    def client(self, service: str, region: str = "us-east-1") -> Any:
        """Return a boto3 client of the stand-in, to create what an account shall hold."""
        if self._clients is None:
            raise NotRunningError("the stand-in is not running")
        return self._clients.get(service, region)

    def reset(self) -> None:
        """Empty every account, lift all faults and start counting anew."""
        with self._turn:
            BackendDict.reset()
            reset_model_data()
        self.faults.clear()
        self.gaps.clear()
        self.recorder.clear()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (the WSGI application)."""
        call = name_call(environ)
        with self.recorder.counting(call):
            answer = self.faults.answer(call) or self._answer(call)
        return answer.send(call, start_response)

    def _answer(self, call: Call) -> Answer:
        with self._turn:
            try:
                return self.gaps.answer(call, self._forward)
            except NotImplementedError as error:
                _logger.warning("%s is not implemented: %s", call.name, error)
                return refuse(call, "NotImplemented", str(error), NOT_IMPLEMENTED)

    def _forward(self, environ: Environ) -> Answer:
        return run(self._moto, environ)


class _Dispatcher(DomainDispatcherApplication):
    """Finds moto's service of a host once; moto looks through its folders at every request."""

    def __init__(self, create_app: Callable[..., Any]) -> None:
        super().__init__(create_app)
        self.get_backend_for_host = cache(super().get_backend_for_host)  # type: ignore[method-assign]


class _QuietRequestHandler(MotoRequestHandler):
    def connection_dropped(self, *_: Any) -> None:
        """Close at once, where werkzeug would wait for the next request on the connection."""
        self.close_connection = True

    def log_request(self, *_: Any) -> None:
        """Say nothing of requests: the recorder counts them."""

    def log_error(self, format: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Say nothing of connections that the client gave up."""


def _load_no_images() -> bool:
    return False
