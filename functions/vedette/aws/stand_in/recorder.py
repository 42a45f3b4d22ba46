"""Counts the requests that the stand-in gets."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import NamedTuple

from vedette.aws.stand_in.call import Call


class Request(NamedTuple):
    """What is counted together."""

    service: str
    operation: str
    region: str


class Recorder:
    """Counts requests by service, operation and region; safe under threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[Request] = Counter()
        self._in_flight = 0
        self._peak = 0

    @property
    def counts(self) -> Counter[Request]:
        """Return a copy of the counts so far."""
        with self._lock:
            return Counter(self._counts)

    @property
    def total(self) -> int:
        """Return the number of all requests."""
        return self.counts.total()

    @property
    def peak(self) -> int:
        """Return the most requests that were being answered at one time."""
        with self._lock:
            return self._peak

    def by_operation(self) -> Counter[str]:
        """Return the counts by `service:Operation`, over all regions."""
        summed: Counter[str] = Counter()
        for request, count in self.counts.items():
            summed[f"{request.service}:{request.operation}"] += count
        return summed

    def clear(self) -> None:
        """Start counting anew."""
        with self._lock:
            self._counts.clear()
            self._peak = self._in_flight

    @contextmanager
    def counting(self, call: Call) -> Iterator[None]:
        """Count a request, and hold it as being answered while the block runs."""
        with self._lock:
            self._counts[Request(call.service, call.operation, call.region)] += 1
            self._in_flight += 1
            self._peak = max(self._peak, self._in_flight)
        try:
            yield
        finally:
            with self._lock:
                self._in_flight -= 1
