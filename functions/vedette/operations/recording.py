"""Records what a batch observed, and returns the messages whose findings could not be written."""

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from fnmatch import fnmatchcase

from vedette.findings.finding import Suppressed
from vedette.findings.observation import Observation
from vedette.findings.store import FindingStore, FindingStoreError
from vedette.findings.suppression import Suppression
from vedette.operations.batches import Batch
from vedette.operations.telemetry import Metric


def record_all(
    told: Iterable[tuple[Set[str], Observation]],
    store: FindingStore,
    batch: Batch,
    suppressions: Sequence[Suppression],
) -> None:
    """Record observations, each with the messages that it came from; one write for each finding."""
    messages: defaultdict[str, set[str]] = defaultdict(set)
    observations: list[Observation] = []
    for ids, observation in told:
        messages[observation.id] |= ids
        observations.append(_accepted(observation, suppressions))
    if not observations:
        return
    try:
        recorded = store.record(observations)
    except FindingStoreError as error:
        for some in messages.values():
            batch.fail(some, type(error).__name__)
        return
    for finding, problem in recorded.failed.items():
        batch.fail(messages[finding], type(problem).__name__)
    batch.counts[Metric.CHANGES] += sum(1 for one in recorded.changes if one.entries)


def _accepted(observation: Observation, suppressions: Sequence[Suppression]) -> Observation:
    """Mark what the configuration accepts.

    Events name no tags, so a suppression that asks for some accepts none of them.
    """
    for one in suppressions:
        if not one.tags and not one.expired(observation.time) and _names(one, observation):
            accepted = Suppressed(reason=one.reason, expires=one.expires.isoformat())
            return observation.model_copy(update={"suppressed": accepted})
    return observation


def _names(suppression: Suppression, observation: Observation) -> bool:
    resource = observation.resource
    names = ("",) if resource is None else (resource.id, resource.arn)
    return (
        fnmatchcase(observation.rule, suppression.rule)
        and fnmatchcase(observation.account, suppression.account)
        and fnmatchcase(observation.region, suppression.region)
        and any(fnmatchcase(name, suppression.resource) for name in names)
    )
