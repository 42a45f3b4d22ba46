"""ECR repositories, scanned by themselves, by the registry, by nobody."""

from tests.aws.truth.world import Aws, World

RULE = "ecr/repository_scans_images_on_push"


def seed(aws: Aws) -> None:
    ecr = aws("ecr")
    ecr.create_repository(
        repositoryName="scans-itself", imageScanningConfiguration={"scanOnPush": True}
    )
    for name in ("shop/cart", "unscanned"):
        ecr.create_repository(repositoryName=name)
    by_name = [{"filter": "shop/*", "filterType": "WILDCARD"}]
    ecr.put_registry_scanning_configuration(
        scanType="BASIC",
        rules=[{"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": by_name}],
    )


WORLDS = (
    World(
        name="repositories",
        seed=seed,
        verdicts={RULE: {"scans-itself": "PASSED", "shop/cart": "PASSED", "unscanned": "FAILED"}},
    ),
)
