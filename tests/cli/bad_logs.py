"""What the tests of bad log files share."""

import json
from typing import Any

from tests.aws.command import Ran


def text(*records: dict[str, Any]) -> bytes:
    """Write records as CloudTrail does."""
    return json.dumps({"Records": list(records)}).encode()


def matches(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.stdout.splitlines()]


def goes_on(ran: Ran) -> None:
    assert ran.code == 3, ran.stderr
    assert "Traceback" not in ran.stderr
