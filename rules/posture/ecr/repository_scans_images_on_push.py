"""ECR repository scans images when they are pushed.

Why: an image carries the holes of every package in it; a scan at the push tells of them before the
image runs.
Fix: let the registry scan all repositories, by ECR itself or by Amazon Inspector (ENHANCED).

    aws ecr put-registry-scanning-configuration --scan-type BASIC --rules \
        '[{"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters":
        [{"filter": "*", "filterType": "WILDCARD"}]}]'

Note: with enhanced scanning the repository's own setting has no effect; only the registry's rules
count then.
"""

from vedette.posture.rule import (
    FAILED,
    PASSED,
    UNKNOWN,
    Context,
    Example,
    Fact,
    Judgement,
    NoParameters,
    Severity,
    failed,
    known,
    passed,
    posture_rule,
)
from vedette.resources.ecr import EcrRepository, RegistryScanning, ScanningRule

NO_RULES = RegistryScanning(is_enhanced=False)


def registry(
    *filters: str, frequency: str = "SCAN_ON_PUSH", enhanced: bool = False
) -> RegistryScanning:
    rule = ScanningRule(frequency=frequency, filters=filters)
    return RegistryScanning(is_enhanced=enhanced, rules=(rule,))


def repository(
    on_push: bool | Fact[bool], registry: RegistryScanning | Fact[RegistryScanning] = NO_RULES
) -> EcrRepository:
    return EcrRepository.sample(id="shop/cart", scans_on_push=on_push, registry=registry)


INSPECTOR = registry("*", frequency="CONTINUOUS_SCAN", enhanced=True)
OWN_SETTING = ((EcrRepository, "scans_on_push"),)
DENIED: Fact[RegistryScanning] = Fact.unreadable("AccessDenied")


@posture_rule(
    EcrRepository,
    severity=Severity.MEDIUM,
    controls=("fsbp:ECR.1", "nist_800_53_r5:RA-5", "pci_dss_4_0_1:6.2.3", "pci_dss_4_0_1:6.2.4"),
    reads=((EcrRepository, "registry"), (EcrRepository, "scans_on_push")),
    examples=(
        Example("the repository scans", repository(True), PASSED),
        Example(
            "the registry scans all",
            repository(False, registry("*")),
            PASSED,
            regardless_of=OWN_SETTING,
        ),
        Example(
            "a filter matches",
            repository(False, registry("shop/*")),
            PASSED,
            regardless_of=OWN_SETTING,
        ),
        Example(
            "a filter without a wildcard is part of the name",
            repository(False, registry("cart")),
            PASSED,
            regardless_of=OWN_SETTING,
        ),
        Example(
            "Inspector scans all", repository(False, INSPECTOR), PASSED, regardless_of=OWN_SETTING
        ),
        Example("nothing scans", repository(False), FAILED),
        Example("no filter matches", repository(False, registry("web/*")), FAILED),
        Example("scans are by hand", repository(False, registry("*", frequency="MANUAL")), FAILED),
        Example(
            "Inspector leaves it out",
            repository(True, registry("web/*", enhanced=True)),
            FAILED,
        ),
        Example("the registry is denied", repository(False, DENIED), UNKNOWN),
    ),
)
def rule(repository: EcrRepository, context: Context[NoParameters]) -> Judgement:
    registry = known(repository.registry)
    if any(one.scans(repository.id) for one in registry.rules):
        return passed("A rule of the registry scans the repository's images.")
    if registry.is_enhanced:
        return failed("Enhanced scanning is on, and none of its rules takes the repository in.")
    if known(repository.scans_on_push):
        return passed("The repository scans its images on push.")
    return failed("Neither the repository nor the registry scans its images on push.")
