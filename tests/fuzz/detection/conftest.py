"""How much the fuzz tests of detection do."""

import os

import pytest

PAIRS = 20_000


@pytest.fixture(scope="session")
def pairs() -> int:
    """Return how many pairs of a rule and a record are compared.

    VEDETTE_FUZZ_PAIRS=1000000 makes it a million.
    """
    return int(os.environ.get("VEDETTE_FUZZ_PAIRS", PAIRS))  # noqa: TID251
