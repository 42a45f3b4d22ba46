"""Security Hub: with standards, with an integration only, empty, off."""

from tests.aws.truth.world import ACCOUNT, REGION, Aws, World

REGIONS = (REGION, "us-east-1")
RULE = "securityhub/region_is_assessed"


def seed_standards(aws: Aws) -> None:
    for region in REGIONS:
        aws("securityhub", region).enable_security_hub()


def seed_empty(aws: Aws) -> None:
    for region in REGIONS:
        aws("securityhub", region).enable_security_hub(EnableDefaultStandards=False)


def seed_integration(aws: Aws) -> None:
    seed_empty(aws)
    for region in REGIONS:
        aws("securityhub", region).enable_import_findings_for_product(
            ProductArn=f"arn:aws:securityhub:{region}::product/aws/guardduty"
        )


WORLDS = (
    World(name="standards", seed=seed_standards, verdicts={RULE: {ACCOUNT: "PASSED"}}),
    World(name="an integration", seed=seed_integration, verdicts={RULE: {ACCOUNT: "PASSED"}}),
    World(name="empty", seed=seed_empty, verdicts={RULE: {ACCOUNT: "FAILED"}}),
    World(name="off", seed=lambda _aws: None, verdicts={RULE: {ACCOUNT: "FAILED"}}),
)
