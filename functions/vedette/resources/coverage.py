"""What was looked at, what was refused, and what is off by choice."""

from enum import StrEnum

from vedette.resources.resource import Value

REASONS_KEPT = 5


class Coverage(Value):
    """Reads of one AWS service in one region, counted.

    `looked_at` counts resources; `denied` and `errors` count reads that failed after retries;
    `gone` counts resources deleted while they were read; `reasons` holds a few distinct ones.
    """

    service: str
    region: str
    looked_at: int = 0
    gone: int = 0
    denied: int = 0
    errors: int = 0
    reasons: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Tell whether every read succeeded."""
        return not (self.denied or self.errors)


class Listing(Value):
    """Whether all resources of one kind in one region could be listed.

    `kind` is the snapshot class's name. `problem` says why not; None means that the list is whole.
    """

    kind: str
    region: str
    problem: str | None = None


class NoteKind(StrEnum):
    """Why something was left out without that being an error."""

    REGION_OFF = "region_off"
    REGION_OFF_BY_ORGANISATION = "region_off_by_organisation"
    SERVICE_ABSENT = "service_absent"


class Note(Value):
    """Something that was left out by choice and does not count as an error."""

    kind: NoteKind
    region: str
    service: str | None = None
    text: str
