"""Marks and leases kept in memory."""

from dataclasses import dataclass, field
from datetime import datetime

from vedette.findings.store import FindingStoreError


@dataclass(frozen=True, slots=True)
class MemoryMark:
    """When something was last done, and a word on it."""

    at: datetime
    detail: str


@dataclass(slots=True)
class MemoryMarks:
    """Marks that move forward only; `writes` counts what was written.

    `failing` is raised by all, `unwritable` where something is to be written.
    """

    known: dict[str, MemoryMark] = field(default_factory=dict)
    writes: int = 0
    failing: FindingStoreError | None = None
    unwritable: FindingStoreError | None = None

    def set(self, name: str, at: datetime, detail: str = "") -> bool:
        self._fail()
        if self.unwritable is not None:
            raise self.unwritable
        before = self.known.get(name)
        if before is not None and before.at >= at:
            return False
        self.known[name] = MemoryMark(at, detail)
        self.writes += 1
        return True

    def get(self, name: str) -> MemoryMark | None:
        self._fail()
        return self.known.get(name)

    def _fail(self) -> None:
        if self.failing is not None:
            raise self.failing


@dataclass(slots=True)
class MemoryLeases:
    """Leases that last until they are released."""

    held: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, owner: str, seconds: int) -> bool:
        return self.held.setdefault(name, owner) == owner

    def release(self, name: str, owner: str) -> bool:
        if self.held.get(name) != owner:
            return False
        del self.held[name]
        return True
