"""What is true of IAM Access Analyzer."""

from tests.aws.truth.world import ACCOUNT, REGION, Aws, World

RULE = "accessanalyzer/region_has_external_access_analyzer"


def seed_analyzed(aws: Aws) -> None:
    for region in (REGION, "us-east-1"):
        aws("accessanalyzer", region).create_analyzer(analyzerName="external", type="ACCOUNT")


def seed_unused_access_only(aws: Aws) -> None:
    for region in (REGION, "us-east-1"):
        aws("accessanalyzer", region).create_analyzer(
            analyzerName="unused", type="ACCOUNT_UNUSED_ACCESS"
        )


WORLDS = (
    World(name="analyzed", seed=seed_analyzed, verdicts={RULE: {ACCOUNT: "PASSED"}}),
    World(
        name="unused access only",
        seed=seed_unused_access_only,
        verdicts={RULE: {ACCOUNT: "FAILED"}},
    ),
)
