"""Finds every world of the modules beside this one."""

import importlib
import pkgutil

import tests.aws.truth
from tests.aws.truth.world import World


def all_worlds() -> dict[str, World]:
    """Return the worlds by `<service>-<world name>`."""
    names = [module.name for module in pkgutil.iter_modules(tests.aws.truth.__path__)]
    return {
        f"{name}-{world.name}": world
        for name in sorted(set(names) - {"world", "worlds"})
        for world in importlib.import_module(f"tests.aws.truth.{name}").WORLDS
    }
