"""Facts: what was read about a resource, or the reason why it could not be read.

A `Fact[T]` is opaque on purpose. It has no truth value, no equality on values, no iteration and no
attributes of `T`, so a rule that forgets `known()` fails type checking instead of taking an unread
fact for a harmless one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, Never, TypeVar, get_args

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The reason why a fact has no value, as a short clause for people."""

    reason: str


class UnreadableFactError(Exception):
    """A judgement needs a fact that has no value; the engine turns this into UNKNOWN."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Fact(Generic[T_co]):
    """One property of a resource: its value, or why it could not be read.

    Not a dataclass: pydantic would take it apart by its fields instead of asking it for a schema.
    """

    __slots__ = ("_content",)
    _content: T_co | Unreadable

    def __init__(self, content: T_co | Unreadable) -> None:
        object.__setattr__(self, "_content", content)

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError("a fact cannot be changed")

    def __repr__(self) -> str:
        return f"Fact({self._content!r})"

    @classmethod
    def of(cls, value: T) -> "Fact[T]":
        """Hold a value that was read."""
        return Fact(value)

    @classmethod
    def unreadable(cls, reason: str) -> "Fact[Never]":
        """Hold the reason why there is no value."""
        return Fact(Unreadable(reason))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Serialise as `{"known": value}` or `{"unreadable": reason}`, and read both back."""
        value = handler.generate_schema((get_args(source) or (Any,))[0])
        stored = core_schema.union_schema([_stored("known", value), _stored_reason()])
        return core_schema.no_info_after_validator_function(
            _from_stored,
            core_schema.no_info_before_validator_function(_to_stored, stored),
            serialization=core_schema.plain_serializer_function_ser_schema(
                _to_stored, return_schema=stored
            ),
        )


NOT_COLLECTED: Final[Fact[Never]] = Fact.unreadable("not collected")


def known(fact: Fact[T]) -> T:
    """Return the fact's value.

    Raises UnreadableFactError if there is none; only the engine may catch it.
    """
    if isinstance(fact._content, Unreadable):  # noqa: SLF001 - known() alone opens a fact
        raise UnreadableFactError(fact._content.reason)  # noqa: SLF001
    return fact._content  # noqa: SLF001


def why_unreadable(fact: Fact[object]) -> str | None:
    """Return the reason why the fact has no value, or None if it has one."""
    content = fact._content  # noqa: SLF001
    return content.reason if isinstance(content, Unreadable) else None


def transformed(fact: Fact[T], change: Callable[[T], U]) -> Fact[U]:
    """Apply a function to the fact's value; an unreadable fact stays so, for the same reason."""
    reason = why_unreadable(fact)
    return Fact.of(change(known(fact))) if reason is None else Fact.unreadable(reason)


def _stored(key: str, value: CoreSchema) -> CoreSchema:
    field = core_schema.typed_dict_field(value, required=True)
    return core_schema.typed_dict_schema({key: field}, extra_behavior="forbid")


def _stored_reason() -> CoreSchema:
    return _stored("unreadable", core_schema.str_schema())


def _to_stored(fact: object) -> object:
    if not isinstance(fact, Fact):
        return fact
    reason = why_unreadable(fact)
    return {"known": known(fact)} if reason is None else {"unreadable": reason}


def _from_stored(stored: dict[str, Any]) -> Fact[Any]:
    if "unreadable" in stored:
        return Fact.unreadable(stored["unreadable"])
    return Fact.of(stored["known"])
