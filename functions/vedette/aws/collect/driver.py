"""Runs collectors over regions, concurrently and with bounded memory."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, Protocol

from vedette.aws.collect.collector import Collector, FactReader, values
from vedette.aws.collect.reader import Clients, Once, Reader, Scope
from vedette.aws.collect.tally import Listed, Tally
from vedette.aws.errors import Problem, ReadError
from vedette.resources.coverage import Coverage, Listing, Note, NoteKind
from vedette.resources.facts import Fact
from vedette.resources.resource import GLOBAL_REGION, Resource

SHAPE_ERRORS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
TASKS_PER_WORKER = 3


class ClientSource(Clients, Protocol):
    """Where the driver gets clients, and hands them back region by region."""

    def drop(self, region: str) -> None:
        """Forget the clients of a region."""
        ...

    def serves(self, service: str, region: str) -> bool:
        """Tell whether the service is known to exist in the region."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to collect: facts by snapshot class, restricted to `only` ids where a class has them."""

    facts: Mapping[type[Resource], frozenset[str]]
    only: Mapping[type[Resource], frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """Everything that was read, and how complete it is."""

    resources: Sequence[Resource]
    listings: Sequence[Listing]
    coverage: Sequence[Coverage]
    notes: Sequence[Note]


Progress = Callable[[int, int, str], None]


def no_progress(_done: int, _total: int, _doing: str) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One collector in one region."""

    collector: Collector[Any]
    region: str


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work for a worker: list a unit, or read the details of one resource."""

    unit: Unit
    resource: Resource | None = None

    @property
    def region(self) -> str:
        """Return the region whose clients the task uses."""
        return self.unit.region if self.resource is None else self.resource.region


@dataclass(slots=True)
class Found:
    """What a listing gave, and the problem that ended it."""

    resources: list[Resource] = field(default_factory=list)
    problem: ReadError | None = None


@dataclass(slots=True)
class Detailed:
    """A resource with its details (None: gone), and the reads that failed."""

    resource: Resource | None
    problems: list[ReadError] = field(default_factory=list)


class Driver:
    """Lists units region by region and reads details as soon as a listing is there."""

    def __init__(
        self, collectors: Iterable[Collector[Any]], plan: Plan, scope: Scope, clients: ClientSource
    ) -> None:
        self._plan = plan
        self._scope = scope
        self._clients = clients
        self._readers: dict[str, Reader] = {}
        self._units = _units([one for one in collectors if one.kind in plan.facts], scope)
        self._tally = Tally()
        self._resources: list[Resource] = []
        self._queue: deque[Task] = deque(Task(unit) for unit in self._units)
        self._open = Counter(task.region for task in self._queue)
        self._total = len(self._queue)

    def run(self, *, workers: int, progress: Progress = no_progress) -> Collected:
        """Collect everything; problems end up in the result, never as exceptions."""
        running: dict[Future[Found | Detailed], Task] = {}
        done = 0
        with ThreadPoolExecutor(workers, thread_name_prefix="collect") as pool:
            try:
                while self._queue or running:
                    while self._queue and len(running) < workers * TASKS_PER_WORKER:
                        task = self._queue.popleft()
                        running[pool.submit(self._work, task)] = task
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        task = running.pop(future)
                        self._settle(task, future.result())
                        done += 1
                        progress(done, self._total, f"{task.unit.collector.kind.service}")
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        listings, coverage, notes = self._tally.settle()
        off = self._tally.regions_off()
        return Collected(
            resources=[one for one in self._resources if one.region not in off],
            listings=listings,
            coverage=coverage,
            notes=notes,
        )

    def _work(self, task: Task) -> Found | Detailed:
        collector = task.unit.collector
        reader = self._reader(task.region).declaring(collector.operations())
        if task.resource is None:
            return _find(collector, reader, self._plan.only.get(collector.kind))
        wanted = collector.wanted(self._plan.facts[collector.kind])
        return _detail(collector, wanted, reader, task.resource)

    def _reader(self, region: str) -> Reader:
        # dict.setdefault is atomic; a reader made twice in a race is dropped before its first use.
        return self._readers.setdefault(region, Reader(self._clients, self._scope, region, Once()))

    def _settle(self, task: Task, outcome: Found | Detailed) -> None:
        if isinstance(outcome, Found):
            self._settle_listing(task.unit, outcome)
        else:
            self._settle_details(task, outcome)
        self._open[task.region] -= 1
        if not self._open[task.region] and task.region != GLOBAL_REGION:
            self._readers.pop(task.region, None)
            self._clients.drop(task.region)

    def _settle_listing(self, unit: Unit, found: Found) -> None:
        collector, kind = unit.collector, unit.collector.kind
        problem = found.problem
        if problem is not None and self._absent(unit, problem):
            self._tally.note(_absent_note(kind.service, unit.region, problem))
            problem = None
        self._tally.listed(
            Listed(
                kind=kind.__name__,
                service=kind.service,
                region=unit.region,
                problem=problem,
                asked=bool(collector.calls),
            )
        )
        if collector.wanted(self._plan.facts[kind]):
            self._add([Task(unit, resource) for resource in found.resources])
        else:
            for resource in found.resources:
                self._keep(resource)

    def _absent(self, unit: Unit, problem: ReadError) -> bool:
        if problem.problem is Problem.REGION_OFF:
            return True
        service = problem.operation.partition(":")[0]
        return problem.problem is Problem.UNREACHABLE and not self._clients.serves(
            service, unit.region
        )

    def _settle_details(self, task: Task, detailed: Detailed) -> None:
        count = self._tally.at(task.unit.collector.kind.service, task.region)
        for problem in detailed.problems:
            count.failed(problem)
        if detailed.resource is None:
            count.gone += 1
        else:
            self._keep(detailed.resource)

    def _add(self, tasks: Sequence[Task]) -> None:
        # Details go first, so that a region ends and its clients can be dropped.
        self._queue.extendleft(reversed(tasks))
        self._open.update(task.region for task in tasks)
        self._total += len(tasks)

    def _keep(self, resource: Resource) -> None:
        self._resources.append(resource)
        self._tally.at(type(resource).service, resource.region).looked_at += 1


def _units(collectors: Sequence[Collector[Any]], scope: Scope) -> list[Unit]:
    everywhere = [Unit(one, GLOBAL_REGION) for one in collectors if one.is_global]
    regional = [one for one in collectors if not one.is_global]
    return everywhere + [Unit(one, region) for region in scope.regions for one in regional]


def _find(collector: Collector[Any], reader: Reader, only: frozenset[str] | None) -> Found:
    found = Found()
    try:
        for resource in collector.find(reader, only):
            if only is None or resource.id in only:
                found.resources.append(resource)
    except ReadError as error:
        gone = only is not None and error.problem is Problem.NOT_FOUND
        found.problem = None if gone else error
    except SHAPE_ERRORS as error:
        found.problem = _out_of_shape(collector.calls, error)
    return found


def _detail(
    collector: Collector[Any],
    wanted: Sequence[FactReader[Any]],
    reader: Reader,
    resource: Resource,
) -> Detailed:
    problems: list[ReadError] = []
    for detail in wanted:
        try:
            read = values(detail, detail.read(reader, resource))
            resource = resource.with_facts({name: Fact.of(value) for name, value in read.items()})
            continue
        except ReadError as error:
            problem = error
        except SHAPE_ERRORS as error:
            problem = _out_of_shape(detail.calls, error)
        if problem.code in collector.gone:
            return Detailed(None, problems)
        problems.append(problem)
        resource = resource.with_facts(
            {name: Fact.unreadable(problem.reason) for name in detail.facts}
        )
    return Detailed(resource, problems)


def _out_of_shape(calls: Sequence[str], error: Exception) -> ReadError:
    operation = calls[0] if calls else "a call"
    return ReadError(operation, Problem.FAILED, f"unexpected answer, {type(error).__name__}")


def _absent_note(service: str, region: str, problem: ReadError) -> Note:
    return Note(
        kind=NoteKind.SERVICE_ABSENT,
        region=region,
        service=service,
        text=f"{service} does not exist or is not switched on in {region} ({problem.code}).",
    )
