"""Lambda: the detect queue to findings of detection rules."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from vedette.aws.clients import deployed_client
from vedette.configuration.deployed import DetectSettings, deployed_configuration, deployed_rules
from vedette.operations.detect import Detector
from vedette.operations.detect_deployed import deployed_detector


@cache
def detector() -> Detector:
    """Build the operation, once for the life of the process."""
    return deployed_detector(
        DetectSettings.read(),
        deployed_configuration(),
        deployed_rules(),
        deployed_client,
        Path(gettempdir()),
    )


def handler(event: Mapping[str, Any], _context: object) -> dict[str, list[dict[str, str]]]:
    """Detect in a batch of messages."""
    return detector().handle(event)
