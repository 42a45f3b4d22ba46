"""Findings in DynamoDB.

Keys: `pk` is `F#<finding id>`; `sk` is `STATE`, or `T#<version>#<place>` for timeline entries,
which so stand in their order. Sparse indexes hold keys alone: `open_severity` + `opened_at` of what
is open, `resource_arn` + `opened_at` and `account_rule` + `opened_at` of what is not resolved,
`unannounced_shard` + `unannounced_since` of what people are still to be told.

A repeat is one UpdateItem. A transition is one TransactWriteItems of STATE and its entries, under
the condition that version, status and latest observation are as they were read; otherwise it is
read and decided anew. Repeating a call whose answer was lost is safe.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final

from vedette.aws.stores import tables
from vedette.aws.stores.calling import (
    CancelledBusyError,
    ConflictError,
    Sleep,
    Values,
    call,
    pause,
)
from vedette.aws.stores.encoding import (
    ENTRY_PREFIX,
    PENDING,
    account_rule_key,
    entry_from,
    finding_of,
    instant,
    resource_key,
    state_from,
    state_key,
)
from vedette.aws.stores.writes import is_transition, repeat_request, transition_requests
from vedette.findings.bounds import bounded_text
from vedette.findings.lifecycle import Change, HumanAction, act, observe
from vedette.findings.observation import Observation
from vedette.findings.severity import Severity
from vedette.findings.store import (
    Clock,
    FindingStoreError,
    Recorded,
    StoreBusyError,
    UnknownFindingError,
)
from vedette.findings.tracked import FindingStatus, TimelineEntry, TrackedFinding

GET: Final = "dynamodb:GetItem"
BATCH_GET: Final = "dynamodb:BatchGetItem"
UPDATE: Final = "dynamodb:UpdateItem"
PUT: Final = "dynamodb:PutItem"
TRANSACT: Final = "dynamodb:TransactWriteItems"
QUERY: Final = "dynamodb:Query"

MOST_KEYS_AT_ONCE: Final = 100
WORKERS: Final = 8
ATTEMPTS: Final = 12
Decide = Callable[[TrackedFinding | None], Change | None]


def _now() -> datetime:
    return datetime.now(UTC)


class DynamoFindings:
    """The finding store; `client` is a DynamoDB client, which retries what AWS throttles."""

    # TransactWriteItems is allowed by the actions of its parts: PutItem and UpdateItem.
    RECORD_CALLS: Final = frozenset({BATCH_GET, GET, UPDATE, PUT, TRANSACT})
    ACT_CALLS: Final = frozenset({GET, UPDATE, PUT, TRANSACT})
    READ_CALLS: Final = frozenset({GET, BATCH_GET, QUERY})
    ANNOUNCE_CALLS: Final = frozenset({GET, UPDATE})
    CALLS: Final = RECORD_CALLS | ACT_CALLS | READ_CALLS | ANNOUNCE_CALLS

    def __init__(
        self, client: Any, table: str, *, now: Clock = _now, sleep: Sleep = time.sleep
    ) -> None:
        self._client = client
        self._table = table
        self._now = now
        self._sleep = sleep

    def record(self, observations: Iterable[Observation]) -> Recorded:
        """Take observations into the findings that they are about."""
        told: defaultdict[str, list[Observation]] = defaultdict(list)
        for one in observations:
            told[one.id].append(one)
        failed: dict[str, FindingStoreError] = {}
        known = self._read(list(told), failed)
        now = self._now()
        changes = []
        wanted = {}
        for finding in told.keys() - failed.keys():
            change = observe(known.get(finding), told[finding], now)
            if change is not None:
                wanted[finding] = change
        with ThreadPoolExecutor(max_workers=min(WORKERS, max(1, len(wanted)))) as pool:
            written = {
                finding: pool.submit(self._write, finding, change, _observing(told[finding], now))
                for finding, change in wanted.items()
            }
        for finding, future in written.items():
            error = future.exception()
            if isinstance(error, FindingStoreError):
                failed[finding] = error
            elif (change := future.result()) is not None:
                changes.append(change)
        return Recorded(tuple(changes), failed)

    def act(self, action: HumanAction) -> Change | None:
        """Do what a person asks; None if it is so already."""

        def decide(state: TrackedFinding | None) -> Change | None:
            if state is None:
                raise UnknownFindingError(f"there is no finding {action.finding}")
            return act(state, action)

        change = decide(self.get(action.finding))
        return None if change is None else self._write(action.finding, change, decide)

    def get(self, finding: str) -> TrackedFinding | None:
        """Return the finding of this id as it stands."""
        item = self._call(GET, "get_item", Key=state_key(finding), ConsistentRead=True).get("Item")
        return None if item is None else state_from(item)

    def get_many(self, findings: Iterable[str]) -> Mapping[str, TrackedFinding]:
        """Return the findings of these ids that exist."""
        return {finding_of(item): state_from(item) for item in self._items(findings)}

    def timeline(self, finding: str) -> Sequence[TimelineEntry]:
        """Return what happened to a finding, the first first."""
        partition = state_key(finding)[tables.PARTITION_KEY]
        condition = "pk = :partition AND begins_with(sk, :prefix)"
        values = {":partition": partition, ":prefix": {"S": ENTRY_PREFIX}}
        pages = self._pages(KeyConditionExpression=condition, ExpressionAttributeValues=values)
        return [entry_from(item) for page in pages for item in page]

    def open_by_severity(self, severity: Severity) -> Iterator[TrackedFinding]:
        """Yield the findings that are not resolved or suppressed, the latest opened first."""
        found = self._indexed(tables.OPEN_BY_SEVERITY, tables.OPEN_SEVERITY, severity.value)
        return (one for one in found if one.is_open and one.severity is severity)

    def of_resource(self, arn: str) -> Iterator[TrackedFinding]:
        """Yield the findings that are not resolved about a resource."""
        told = bounded_text(arn)  # as observations tell it
        found = self._indexed(tables.BY_RESOURCE, tables.RESOURCE_ARN, resource_key(told))
        return (
            one
            for one in found
            if one.status is not FindingStatus.RESOLVED
            and one.resource is not None
            and one.resource.arn == told
        )

    def of_rule(self, account: str, rule: str) -> Iterator[TrackedFinding]:
        """Yield the findings that are not resolved of a rule in an account."""
        wanted = account_rule_key(account, rule)
        found = self._indexed(tables.BY_ACCOUNT_AND_RULE, tables.ACCOUNT_RULE, wanted)
        return (
            one
            for one in found
            if one.status is not FindingStatus.RESOLVED and one.account == account
        )

    def unannounced(self, before: datetime) -> Iterator[TrackedFinding]:
        """Yield the findings whose last transition came before then and has not been told."""
        found = self._indexed(
            tables.UNANNOUNCED,
            tables.UNANNOUNCED_SHARD,
            "0",
            (tables.UNANNOUNCED_SINCE, instant(before)),
        )
        return (one for one in found if one.unannounced)

    def mark_announced(self, finding: str, version: int) -> bool:
        """Note that people were told of the transition to `version`."""
        number = {"N": str(version)}
        try:
            self._call(
                UPDATE,
                "update_item",
                Key=state_key(finding),
                UpdateExpression=(
                    "SET announced_version = :version"
                    f" REMOVE {tables.UNANNOUNCED_SHARD}, {tables.UNANNOUNCED_SINCE}, {PENDING}"
                ),
                ConditionExpression=f"{PENDING} = :version",
                ExpressionAttributeValues={":version": number},
            )
        except ConflictError:
            known = self.get(finding)
            return (
                known is not None and known.announced_version >= version and not known.unannounced
            )
        return True

    def _read(
        self, findings: Sequence[str], failed: dict[str, FindingStoreError]
    ) -> dict[str, TrackedFinding]:
        known = {}
        for item in self._items(findings):
            try:
                known[finding_of(item)] = state_from(item)
            except FindingStoreError as error:
                failed[finding_of(item)] = error
        return known

    def _write(self, finding: str, change: Change, decide: Decide) -> Change | None:
        """Write a change; if somebody else was quicker, decide anew. None if nothing is left."""
        wanted: Change | None = change
        busy: StoreBusyError = StoreBusyError(
            f"the finding {finding} is being written by too many at once"
        )
        for attempt in range(ATTEMPTS):
            if wanted is None:
                return None
            try:
                self._write_once(wanted)
            except ConflictError:
                pause(attempt, self._sleep)
                wanted = decide(self.get(finding))
            except CancelledBusyError as error:
                busy = error
                pause(attempt, self._sleep)
            else:
                return wanted
        raise busy

    def _write_once(self, change: Change) -> None:
        if change.before is None or is_transition(change):
            requests = transition_requests(change, self._table)
            call(self._client, TRANSACT, "transact_write_items", TransactItems=requests)
        else:
            self._call(UPDATE, "update_item", **repeat_request(change, change.before))

    def _items(self, findings: Iterable[str]) -> Iterator[Values]:
        keys = [state_key(one) for one in dict.fromkeys(findings)]
        for start in range(0, len(keys), MOST_KEYS_AT_ONCE):
            yield from self._batch(keys[start : start + MOST_KEYS_AT_ONCE])

    def _batch(self, keys: Sequence[Values]) -> Iterator[Values]:
        asked: Any = {self._table: {"Keys": keys, "ConsistentRead": True}}
        for attempt in range(ATTEMPTS):
            answer = call(self._client, BATCH_GET, "batch_get_item", RequestItems=asked)
            yield from answer.get("Responses", {}).get(self._table, ())
            asked = answer.get("UnprocessedKeys")
            if not asked:
                return
            pause(attempt, self._sleep)
        raise StoreBusyError(f"{BATCH_GET} was throttled")

    def _indexed(
        self, index: str, attribute: str, value: str, before: tuple[str, str] | None = None
    ) -> Iterator[TrackedFinding]:
        """Yield what an index names, as it stands now; an index may be a moment behind."""
        condition, values = f"{attribute} = :value", {":value": {"S": value}}
        if before is not None:
            condition += f" AND {before[0]} < :before"
            values[":before"] = {"S": before[1]}
        pages = self._pages(
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            ScanIndexForward=before is not None,
        )
        for page in pages:
            ids = [finding_of(item) for item in page]
            known = self.get_many(ids)
            yield from (known[one] for one in ids if one in known)

    def _pages(self, **parameters: Any) -> Iterator[list[Values]]:
        start: Values = {}
        while True:
            answer = self._call(QUERY, "query", **parameters, **start)
            yield answer.get("Items", [])
            if not answer.get("LastEvaluatedKey"):
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _call(self, operation: str, method: str, **parameters: Any) -> Values:
        return call(self._client, operation, method, TableName=self._table, **parameters)


def _observing(told: Sequence[Observation], now: datetime) -> Decide:
    return lambda state: observe(state, told, now)
