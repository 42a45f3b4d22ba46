"""GuardDuty: on, without its plans, suspended, off."""

from tests.aws.truth.world import ACCOUNT, REGION, Aws, World

REGIONS = (REGION, "us-east-1")
WATCHED = "guardduty/region_is_watched"
S3 = "guardduty/s3_is_watched"
DATABASES = "guardduty/database_sign_ins_are_watched"


def seed_on(aws: Aws) -> None:
    for region in REGIONS:
        aws("guardduty", region).create_detector(Enable=True)


def seed_without_plans(aws: Aws) -> None:
    off = [{"Name": name, "Status": "DISABLED"} for name in ("S3_DATA_EVENTS", "RDS_LOGIN_EVENTS")]
    for region in REGIONS:
        aws("guardduty", region).create_detector(Enable=True, Features=off)


def seed_suspended(aws: Aws) -> None:
    for region in REGIONS:
        guardduty = aws("guardduty", region)
        detector = guardduty.create_detector(Enable=True)["DetectorId"]
        guardduty.update_detector(DetectorId=detector, Enable=False)


def verdicts(watched: str, plans: str) -> dict[str, dict[str, str]]:
    return {WATCHED: {ACCOUNT: watched}, S3: {ACCOUNT: plans}, DATABASES: {ACCOUNT: plans}}


WORLDS = (
    World(name="on", seed=seed_on, verdicts=verdicts("PASSED", "PASSED")),
    World(name="without plans", seed=seed_without_plans, verdicts=verdicts("PASSED", "FAILED")),
    World(name="suspended", seed=seed_suspended, verdicts=verdicts("FAILED", "FAILED")),
    World(name="off", seed=lambda _aws: None, verdicts=verdicts("FAILED", "FAILED")),
)
