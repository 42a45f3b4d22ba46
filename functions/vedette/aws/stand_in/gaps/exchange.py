"""One call on its way through the gaps, with all that a gap needs to answer it."""

from collections.abc import Callable, Mapping
from typing import Any

from moto.backends import get_backend
from moto.utilities.utils import get_partition

from vedette.aws.stand_in import wire
from vedette.aws.stand_in.call import Answer, Call, Environ
from vedette.aws.stand_in.gaps import paging
from vedette.aws.stand_in.gaps.state import Place, State
from vedette.aws.stand_in.wire import Parameters, Result


class Exchange:
    """A call, the stand-in's state, and the way on to moto."""

    def __init__(self, call: Call, state: State, forward: Callable[[Environ], Answer]) -> None:
        self.call = call
        self.state = state
        self._forward = forward
        self._parameters: Parameters | None = None

    @property
    def parameters(self) -> Parameters:
        """Return the call's parameters, named as in the API reference."""
        if self._parameters is None:
            self._parameters = wire.parameters(self.call)
        return self._parameters

    @property
    def place(self) -> Place:
        """Return the account and region that are called."""
        return Place(self.call.account, self.call.region)

    @property
    def partition(self) -> str:
        """Return the partition of the region that is called."""
        return str(get_partition(self.call.region))

    def arn(self, service: str, resource: str) -> str:
        """Build an ARN in the account and region that are called."""
        return f"arn:{self.partition}:{service}:{self.call.region}:{self.call.account}:{resource}"

    def forward(self, body: bytes | None = None) -> Answer:
        """Let moto answer, perhaps another body than the caller's.

        What the stand-in pages itself is asked for whole.
        """
        if paging.is_paged(self.call):
            return self._forward(paging.ask_for_everything(self.call))
        return self._forward(self.call.fresh_environ(body))

    def reply(self, result: Mapping[str, Any] | None = None) -> Answer:
        """Answer with a result."""
        return wire.reply(self.call, result or {})

    def refuse(self, code: str, message: str, status: int = 400) -> Answer:
        """Answer with an error."""
        return wire.refuse(self.call, code, message, status)

    def backend(self, service: str, region: str | None = None) -> Any:
        """Return moto's model of a service in the account and region that are called."""
        name: Any = service
        return get_backend(name)[self.call.account][region or self.call.region]

    def global_backend(self, service: str) -> Any:
        """Return moto's model of a service that has no regions."""
        return self.backend(service, self.partition)


# Answers in moto's place.
Gap = Callable[[Exchange], Answer]
# Changes what moto answered (successfully), in place.
Mend = Callable[[Exchange, Result], None]
# Looks at a call before anything else; an answer ends it.
Guard = Callable[[Exchange], Answer | None]
