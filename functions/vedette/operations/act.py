"""What people do with findings, through an API that knows who they are.

Requests are those of an HTTP API in payload format 2.0. Answers are JSON; what is refused says what
to do instead.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from vedette.findings.action import ActionRefusedError
from vedette.findings.store import (
    FindingStore,
    FindingStoreError,
    StoreBusyError,
    UnknownFindingError,
)
from vedette.findings.tracked import TrackedFinding
from vedette.operations.act_errors import RequestError
from vedette.operations.act_pages import page_of, summary, whole
from vedette.operations.act_requests import action_of, actor_of, finding_of, listing_of
from vedette.operations.telemetry import Metric, Telemetry

MOST_ENTRIES: Final = 200
RETRY_SECONDS: Final = 2
Answer = dict[str, Any]


def _now() -> datetime:
    return datetime.now(UTC)


class Actions:
    """Answers requests about findings."""

    def __init__(
        self,
        store: FindingStore,
        accounts: frozenset[str],
        telemetry: Telemetry,
        now: Callable[[], datetime] = _now,
    ) -> None:
        """`accounts` are those whose principals may ask, if IAM lets them."""
        self._store = store
        self._accounts = accounts
        self._telemetry = telemetry
        self._now = now
        self._routes: Mapping[str, Callable[[Mapping[str, Any], str], Any]] = {
            "GET /findings": self._list,
            "GET /findings/{id}": self._show,
            "POST /findings/{id}/{action}": self._act,
        }

    def handle(self, event: Mapping[str, Any]) -> Answer:
        """Answer one request."""
        try:
            return _answer(200, self._do(event))
        except RequestError as error:
            return self._refusal(error)
        except ActionRefusedError as error:
            return self._refusal(RequestError(409, "refused", str(error)))
        except UnknownFindingError:
            return self._refusal(_unknown())
        except StoreBusyError:
            message = "Too much is being written at the moment. Try again."
            return self._refusal(RequestError(503, "busy", message))
        except FindingStoreError as error:
            self._telemetry.say("ERROR", "store failed", reason=str(error))
            message = "Findings cannot be reached. The function's log says why."
            return self._refusal(RequestError(500, "store_failed", message))

    def _do(self, event: Mapping[str, Any]) -> Any:
        actor = actor_of(event, self._accounts)
        route = self._routes.get(str(event.get("routeKey")))
        if route is None:
            known = "; ".join(self._routes)
            raise RequestError(404, "no_such_route", f"There is: {known}.")
        return route(event, actor)

    def _list(self, event: Mapping[str, Any], _actor: str) -> Any:
        page = page_of(self._store, listing_of(event))
        return {"findings": [summary(one) for one in page.findings], "after": page.after}

    def _show(self, event: Mapping[str, Any], _actor: str) -> Any:
        return self._whole(finding_of(event))

    def _act(self, event: Mapping[str, Any], actor: str) -> Any:
        action = action_of(event, actor, self._now())
        change = self._store.act(action)
        self._telemetry.say(
            "INFO",
            "a person acted",
            actor=actor,
            action=action.kind.value,
            finding=action.finding,
            changed=int(change is not None),
        )
        self._telemetry.count({Metric.CHANGES: int(change is not None)})
        return self._whole(action.finding)

    def _whole(self, finding: str) -> Any:
        known: TrackedFinding | None = self._store.get(finding)
        if known is None:
            raise _unknown()
        return whole(known, list(self._store.timeline(finding))[-MOST_ENTRIES:])

    def _refusal(self, error: RequestError) -> Answer:
        self._telemetry.say("INFO", "request refused", status=error.status, reason=error.code)
        body = {"error": {"code": error.code, "message": error.message}}
        answer = _answer(error.status, body)
        if error.code == "busy":
            answer["headers"]["Retry-After"] = str(RETRY_SECONDS)
        return answer


def _unknown() -> RequestError:
    return RequestError(
        404, "no_such_finding", "There is no finding of this id; GET /findings lists those open."
    )


def _answer(status: int, body: Any) -> Answer:
    headers = {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}
