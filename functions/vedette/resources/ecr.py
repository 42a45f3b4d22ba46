"""Snapshots of ECR repositories and of how their registry scans."""

from typing import ClassVar

from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.policy.matching import glob_matches
from vedette.resources.resource import Resource, Value

SCANS_ON_PUSH = frozenset({"CONTINUOUS_SCAN", "SCAN_ON_PUSH"})


class ScanningRule(Value):
    """One rule of a registry: how often it scans, and the repositories, by filters on their names.

    Source: Amazon ECR API Reference, RegistryScanningRule.
    """

    frequency: str
    filters: tuple[str, ...]

    def scans(self, repository: str) -> bool:
        """Tell whether the rule scans this repository's images when they are pushed."""
        return self.frequency in SCANS_ON_PUSH and any(
            _filter_matches(one, repository) for one in self.filters
        )


class RegistryScanning(Value):
    """How a registry scans: `is_enhanced` by Amazon Inspector, else by ECR itself."""

    is_enhanced: bool
    rules: tuple[ScanningRule, ...] = ()


class EcrRepository(Resource):
    """One repository; its id is its name. `registry` is the scanning of the whole registry."""

    type: ClassVar[str] = "AWS::ECR::Repository"
    service: ClassVar[str] = "ecr"

    scans_on_push: Fact[bool] = NOT_COLLECTED
    registry: Fact[RegistryScanning] = NOT_COLLECTED


def _filter_matches(pattern: str, repository: str) -> bool:
    """Source: ECR User Guide, "Filter wildcards": without `*` it matches names that contain it."""
    return glob_matches(pattern, repository) if "*" in pattern else pattern in repository
