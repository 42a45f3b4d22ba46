"""Every collector, found by importing the modules of `services`."""

import importlib
import pkgutil
from functools import cache
from typing import Any

from vedette.aws.collect import services
from vedette.aws.collect.collector import Collector
from vedette.resources.arn import Arn, ArnError
from vedette.resources.resource import Resource


@cache
def collectors() -> tuple[Collector[Any], ...]:
    """Return all collectors, in the order of their modules."""
    prefix = services.__name__ + "."
    names = sorted(module.name for module in pkgutil.iter_modules(services.__path__, prefix))
    return tuple(
        collector for name in names for collector in importlib.import_module(name).COLLECTORS
    )


def resource_named_by(arn: Arn) -> tuple[type[Resource], str]:
    """Return the snapshot class and the id of the resource that an ARN names.

    Raises ArnError if no collector reads resources of that kind.
    """
    named = [(one, one_id) for one in collectors() if (one_id := one.names(arn)) is not None]
    if not named:
        raise ArnError(f"{arn} names a kind of resource that Vedette does not look at")
    collector, resource_id = max(named, key=lambda pair: len(pair[0].arn_prefix))
    return collector.kind, resource_id
