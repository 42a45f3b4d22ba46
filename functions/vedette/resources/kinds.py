"""Every kind of resource snapshot, found by importing the modules beside this one."""

import importlib
import pkgutil
from functools import cache

import vedette.resources
from vedette.resources.resource import Resource


@cache
def resource_kinds() -> dict[str, type[Resource]]:
    """Return the snapshot classes by class name."""
    prefix = vedette.resources.__name__ + "."
    for module in pkgutil.iter_modules(vedette.resources.__path__, prefix):
        if module.name != __name__:
            importlib.import_module(module.name)
    return {kind.__name__: kind for kind in _subclasses(Resource) if hasattr(kind, "type")}


def _subclasses(kind: type[Resource]) -> set[type[Resource]]:
    direct = kind.__subclasses__()
    return set(direct).union(*(_subclasses(one) for one in direct))
