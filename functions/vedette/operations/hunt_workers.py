"""Hunts through files in this process or in several, and gives the outcomes in order."""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Final

from vedette.detection.correlate.baseline import Baseline
from vedette.detection.correlate.batch import Batch
from vedette.detection.correlate.correlator import Correlator
from vedette.detection.correlate.plan import plan_of
from vedette.detection.ir import from_json
from vedette.operations.hunt_files import FileHunter, FileOutcome, HuntPlan
from vedette.operations.hunt_glimpses import seen_in
from vedette.operations.hunt_logs import LogFile
from vedette.resources.errors import UserError

_CHUNK_BYTES: Final = 2 * 1024 * 1024
_CHUNK_FILES: Final = 8
_CHUNKS_AHEAD: Final = 2
# A process takes a while to start, so it must have this much to do, in bytes as stored.
_WORTH_A_PROCESS: Final = 8 * 1024 * 1024
_ChunkOutcome = tuple[list[FileOutcome], list[Batch]]


class WorkerError(UserError):
    """A process of the hunt died: the system ended it, most likely for want of memory."""


class Hunters:
    """The processes of one hunt; `correlator` knows all they saw once `outcomes` is exhausted."""

    def __init__(self, plan: HuntPlan, workers: int, baseline: Baseline | None = None) -> None:
        self._plan = plan
        self._workers = workers
        self._baseline = baseline
        self.correlator = Correlator(plan_of(from_json(plan.compiled)), baseline, seen_in)

    def outcomes(self, files: Sequence[LogFile]) -> Iterator[FileOutcome]:
        """Yield the outcome of each file, in the order of the files.

        Raises WorkerError if a process was ended from outside.
        """
        processes = min(self._workers, 1 + sum(one.size for one in files) // _WORTH_A_PROCESS)
        if processes <= 1:
            return self._by_ourselves(files)
        return self._by_processes(list(chunks(files)), processes)

    def _by_ourselves(self, files: Sequence[LogFile]) -> Iterator[FileOutcome]:
        hunter = FileHunter(self._plan, self._baseline)
        self.correlator = hunter.correlator
        return map(hunter.hunt, files)

    def _by_processes(
        self, to_do: Sequence[Sequence[LogFile]], processes: int
    ) -> Iterator[FileOutcome]:
        # A forked process would have the locks of other threads, and the compiler's memory.
        pool = ProcessPoolExecutor(
            processes, get_context("spawn"), initializer=_begin, initargs=(self._plan,)
        )
        waiting: deque[Future[_ChunkOutcome]] = deque()
        with pool:
            try:
                for chunk in to_do:
                    waiting.append(pool.submit(_hunt, chunk))
                    if len(waiting) >= processes * _CHUNKS_AHEAD:
                        yield from self._joined(waiting.popleft())
                while waiting:
                    yield from self._joined(waiting.popleft())
            except BrokenProcessPool as error:
                message = "A process of the hunt was ended from outside; try fewer --workers."
                raise WorkerError(message) from error
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _joined(self, future: Future[_ChunkOutcome]) -> list[FileOutcome]:
        outcomes, batches = future.result()
        for batch in batches:
            self.correlator.join(batch)
        return outcomes


def chunks(files: Sequence[LogFile]) -> Iterator[list[LogFile]]:
    """Put files together that one process takes at once: some megabytes, and not too many."""
    chunk: list[LogFile] = []
    size = 0
    for file in files:
        if chunk and (size + file.size > _CHUNK_BYTES or len(chunk) >= _CHUNK_FILES):
            yield chunk
            chunk, size = [], 0
        chunk.append(file)
        size += file.size
    if chunk:
        yield chunk


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_hunter: FileHunter | None = None


def _begin(plan: HuntPlan) -> None:
    global _hunter  # noqa: PLW0603 - what a process of a pool knows has no other place
    _hunter = FileHunter(plan, hands_over=True)


def _hunt(files: Sequence[LogFile]) -> _ChunkOutcome:
    if _hunter is None:
        raise RuntimeError("the process was not begun")
    return [_hunter.hunt(file) for file in files], _hunter.take_batches()
