"""What the stacks are made of, settled before the first resource: no stack reads a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.grants import Grants
from infra.rules import Patterns
from vedette.configuration.deployment import Deployment


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The deployment's settings, the patterns, the permissions, and the folders to upload.

    `email` is that of the settings, which may lack it. `audit_policy` is the document of what an
    audit reads; `code` and `layer` are folders as Lambda unpacks them.
    """

    email: str
    deployment: Deployment
    organisation: str | None
    patterns: Patterns
    grants: Grants
    audit_policy: Mapping[str, Any]
    code: Path
    layer: Path
