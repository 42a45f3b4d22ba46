"""Matches all rules against the records of a file, much faster than parsing the file would take.

Of a record only the few fields are decoded that most rules ask about. Their values are sorted into
classes (`classes.py`), and for each combination of classes it is worked out once what remains of
all rules (`programs.py`): for nearly every record that is nothing. Only a record for which
something remains is found in the file, parsed and looked at. Whatever is not as CloudTrail writes
it (a field of another type, an envelope) is looked at as a whole, so that every answer is exactly
that of `naive.py`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, count
from typing import NamedTuple, TypeAlias

import orjson

from vedette.detection.ir import CompiledRules
from vedette.detection.match.classifier import WHOLE, Classifier
from vedette.detection.match.columns import HotRecord, Limits
from vedette.detection.match.deciding import Decider, narrowed
from vedette.detection.match.places import Buffer
from vedette.detection.match.programs import Program, RuleHit, RulePrograms, run
from vedette.detection.match.reading import (
    NOTHING_DERIVED,
    NOTHING_KNOWN,
    Dependences,
    Derivations,
    Record,
)
from vedette.detection.match.sources import RawRecord, Source, SourceReader

DEFAULT_LIMITS = Limits()
WholeReader: TypeAlias = Callable[[bytes], Iterable[Record]]
RuleHits: TypeAlias = tuple[RuleHit, ...]
# Is told of the rules that match a record of which some members are decoded, and returns whether
# the record is still wanted as a whole.
Taker: TypeAlias = Callable[[HotRecord, RuleHits], bool]


class Hit(NamedTuple):
    """A record on which rules match; `position` counts the records of the file from 0."""

    position: int
    record: Record
    raw: bytes
    rules: tuple[RuleHit, ...]


def parse_record(raw: bytes) -> Iterable[Record]:
    """Parse one record. Raises ValueError if it is not a JSON object."""
    record = orjson.loads(raw)
    if not isinstance(record, dict):
        raise ValueError("it is not an object")
    return (record,)


class RuleMatcher:
    """Matches the compiled rules; keep one for a process, since what it remembers is its speed.

    `read_whole` gives the records in what is not plainly a record, such as an envelope, and raises
    ValueError if there are none. `dependences` tells what is known of derived fields beforehand,
    so that they are computed for few records only.
    """

    def __init__(
        self,
        compiled: CompiledRules,
        derivations: Derivations = NOTHING_DERIVED,
        read_whole: WholeReader = parse_record,
        limits: Limits = DEFAULT_LIMITS,
        *,
        dependences: Dependences = NOTHING_KNOWN,
    ) -> None:
        programs = RulePrograms(compiled, derivations, dependences)
        self._classifier = Classifier(programs, limits)
        self.batch = limits.batch
        self.decider = Decider(limits)
        self._sources = SourceReader(self._classifier)
        self.read_whole = read_whole

    def scan(self, data: Buffer, take: Taker | None = None) -> "Scan":
        """Match a whole file, decompressed. What `take` takes is no hit of the scan any more.

        Raises NotRecordsError if it is neither `{"Records": […]}` nor a list, or not JSON.
        """
        return Scan(self, self._sources.file(data), take)

    def scan_records(self, raws: Sequence[RawRecord]) -> "Scan":
        """Match records that are given one by one, as JSON."""
        return Scan(self, self._sources.pieces(raws))

    def matches_on(self, record: Record) -> tuple[RuleHit, ...]:
        """Match one record, of whatever shape."""
        program = self._classifier.program(record)
        return run(program, record) if program is not None else ()


class Scan:
    """The hits in a file, found while one iterates; `count` is the number of records.

    Once iterated, `unreadable` tells which records could not be read, and why.
    """

    def __init__(self, matcher: RuleMatcher, source: Source, take: Taker | None = None) -> None:
        self._matcher = matcher
        self._take = take
        self._source = source
        self.count = len(source)
        self.unreadable: list[tuple[int, str]] = []

    def __iter__(self) -> Iterator[Hit]:
        """Yield one hit for each record that matches, in the order of the file."""
        batch, decoded, take = self._matcher.batch, self._source.decoded, self._take
        for start in range(0, self.count, batch):
            programs = self._source.programs(start, start + batch)
            for position, program in compress(zip(count(start), programs, strict=False), programs):
                # Most that is left is of rules with memory, so this is done here and at once.
                left = program
                if program is not None and program.has_glances:
                    left = narrowed(program, decoded(position))
                if left is None or (
                    left.decided and take and not take(decoded(position), left.decided)
                ):
                    continue
                yield from self._hits(position, left)

    def _hits(self, position: int, program: Program) -> Sequence[Hit]:
        if program is WHOLE:
            return self._in_whole(position)
        decoded = self._source.decoded(position)
        rules = self._matcher.decider.rules(program, decoded)
        if rules and self._take is not None and program.decided is None:
            rules = rules if self._take(decoded, rules) else ()
        if rules == ():
            return ()
        try:
            raw, record = self._source.parsed(position)
        except ValueError:
            return self._in_whole(position)
        found = run(program, record) if rules is None else rules
        return (Hit(position, record, raw, found),) if found else ()

    def _in_whole(self, position: int) -> Sequence[Hit]:
        """Match what is not plainly one record; it may hold several."""
        raw = self._source.raw(position)
        try:
            records = list(self._matcher.read_whole(raw))
        except ValueError as error:
            self.unreadable.append((position, str(error)))
            return ()
        found = ((record, self._matcher.matches_on(record)) for record in records)
        return [Hit(position, record, raw, rules) for record, rules in found if rules]
