"""Widens boxes step by step, for where their patterns would be too many.

The first steps cost little: names of calls without their service, then, one service after the
other, all calls of a service instead of some. Services that call themselves all day keep their
names longest.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from vedette.detection.patterns.boxes import EVENT_NAME, EVENT_SOURCE, Box, narrowest
from vedette.detection.patterns.matchers import Question, values_asked

# Services of which agents, fleets and other services make many calls that nobody looks for.
BUSY: Final = frozenset(
    f"{service}.amazonaws.com"
    for service in (
        *("athena", "autoscaling", "cloudformation", "config", "dynamodb", "ec2", "ecr", "ecs"),
        *("eks", "elasticloadbalancing", "events", "glue", "kms", "lambda", "logs", "monitoring"),
        *("s3", "sagemaker", "secretsmanager", "signin", "sns", "sqs", "ssm", "states", "sts"),
    )
)


def wider_and_wider(boxes: Sequence[Box]) -> Iterator[list[Box]]:
    """Yield lists of boxes around these, each wider than or as wide as the one before."""
    exact = narrowest(boxes)
    yield exact
    yield narrowest(map(_without_source, exact))
    widened: set[Question] = set()
    for source in _by_length(exact):
        widened.add(source)
        found = narrowest(_of_services(box, widened) for box in exact)
        yield found
        yield narrowest(map(_without_source, found))


def _without_source(box: Box) -> Box:
    """Leave the service out of a box that names calls by whole names."""
    if values_asked(box.asked.get(EVENT_NAME, ())) and box.asked.keys() == {
        EVENT_NAME,
        EVENT_SOURCE,
    }:
        return replace(box, asked={EVENT_NAME: box.asked[EVENT_NAME]})
    return box


def _of_services(box: Box, sources: set[Question]) -> Box:
    """Widen a box that names calls of these services to all their calls."""
    asked = box.asked.get(EVENT_SOURCE)
    if EVENT_NAME not in box.asked or not asked or not asked <= sources:
        return box
    return replace(box, asked={name: one for name, one in box.asked.items() if name != EVENT_NAME})


def _by_length(boxes: Sequence[Box]) -> list[Question]:
    """Return the services, busy ones last, else first that whose calls take most room to name."""
    lengths: defaultdict[Question, int] = defaultdict(int)
    for box in boxes:
        for source in box.asked.get(EVENT_SOURCE, ()):
            lengths[source] += sum(map(len, box.asked.get(EVENT_NAME, ())))
    return sorted(lengths, key=lambda one: (_is_busy(one), -lengths[one], one))


def _is_busy(source: Question) -> bool:
    values = values_asked([source])
    return values is None or not values.isdisjoint(BUSY)
