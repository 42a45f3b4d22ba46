"""The environment of programs that we start."""

import os
from collections.abc import Mapping


def environment_with(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the user's own environment, in which these settings come first."""
    return {**os.environ, **settings}
