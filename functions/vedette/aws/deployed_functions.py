"""The deployed functions as those who look after them see them.

Source: AWS Lambda API Reference, Invoke, GetFunctionConfiguration, ListEventSourceMappings.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vedette.aws.collect.reader import Reader

CONFIGURATION: Final = "lambda:GetFunctionConfiguration"
MAPPINGS: Final = "lambda:ListEventSourceMappings"
INVOKE: Final = "lambda:Invoke"
CALLS: Final = frozenset({CONFIGURATION, MAPPINGS, INVOKE})
_LONGEST_ERROR: Final = 300


class FunctionFailedError(Exception):
    """A function ended without an answer: it crashed or ran out of time. The message says how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMapping:
    """From where a function is given work; `state` is `Enabled` if it is."""

    source: str
    state: str


def settings_of(reader: Reader, function: str) -> Mapping[str, str]:
    """Return the environment of a function. Raises ReadError."""
    answer = reader.call(CONFIGURATION, FunctionName=function)
    variables: Mapping[str, str] = answer.get("Environment", {}).get("Variables", {})
    return variables


def mappings_of(reader: Reader, function: str) -> Iterator[SourceMapping]:
    """Yield from where a function is given work. Raises ReadError."""
    for one in reader.pages(MAPPINGS, "EventSourceMappings", FunctionName=function):
        yield SourceMapping(source=one.get("EventSourceArn", ""), state=one.get("State", ""))


def invoke(reader: Reader, function: str, event: Mapping[str, Any]) -> Any:
    """Call a function and return its answer. Raises ReadError and FunctionFailedError."""
    payload = json.dumps(event).encode()
    answer = reader.call(INVOKE, FunctionName=function, Payload=payload)
    told = answer["Payload"].read()
    if answer.get("FunctionError"):
        raise FunctionFailedError(told.decode("utf-8", "replace")[:_LONGEST_ERROR])
    try:
        return json.loads(told)
    except ValueError as error:
        raise FunctionFailedError("its answer is not JSON") from error
