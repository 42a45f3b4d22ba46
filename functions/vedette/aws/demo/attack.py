"""An attack on the company, as it would stand in its CloudTrail logs.

Rob left in March; his access key did not. Whoever has it now looks around, is refused what only
administrators may do, finds Priya's key in the start script of the debug server, and her group may
do everything: a user of their own, no more trail, copies of disks, an open archive, machines that
mine. Names are those of the account that the demo creates.
"""

from datetime import datetime, timedelta
from pathlib import Path

from vedette.aws.demo.account import DUBLIN, EVERYBODY, STRANGER, VIRGINIA
from vedette.aws.demo.buckets import ARCHIVE
from vedette.aws.demo.people import CONTRACTOR
from vedette.aws.demo.records import Actor, Call, Cast, Diary, Record, write_logs
from vedette.aws.demo.watch import TRAIL
from vedette.aws.demo.working_day import HOURS, working_day

INTRUDER = "203.0.113.66"
FINDER = "priya.nair"
BACKDOOR = "support-sync"
OLD_KEY, FOUND_KEY, NEW_KEY = "AKIAEXAMPLEROB000001", "AKIAEXAMPLEPRIYA0001", "AKIAEXAMPLESYNC00001"
SCRIPT = "Boto3/1.40.31 md/Botocore#1.40.31 ua/2.1 os/linux lang/python#3.12.3"
MINER_TYPE = "p4d.24xlarge"
MACHINES = 8


def write_story(folder: Path, account: str, begin: datetime, partition: str = "aws") -> int:
    """Write the logs of a working day and the attack that ends it; return the number of events."""
    records = working_day(account, begin, partition)
    records += attack(account, begin + timedelta(hours=HOURS - 2), partition)
    write_logs(folder, account, records)
    return len(records)


def attack(account: str, begin: datetime, partition: str = "aws") -> list[Record]:
    """Return the records of the attack."""
    cast, diary = Cast(account=account, partition=partition), Diary(account, begin)
    rob = cast.user(CONTRACTOR, OLD_KEY, INTRUDER, SCRIPT)
    _look_around(cast, diary, rob)
    diary.wait(minutes=4)
    priya = cast.user(FINDER, FOUND_KEY, INTRUDER, SCRIPT)
    _stay(cast, diary, priya)
    diary.wait(minutes=3)
    intruder = cast.user(BACKDOOR, NEW_KEY, INTRUDER, SCRIPT)
    _go_unseen(cast, diary, intruder)
    _take(cast, diary, intruder)
    diary.wait(minutes=6)
    _mine(diary, intruder)
    return diary.records


def _look_around(cast: Cast, diary: Diary, rob: Actor) -> None:
    """See what the key is good for: everything but people and permissions."""
    diary.call(rob, Call(service="sts", name="GetCallerIdentity", region=VIRGINIA))
    for name in ("ListUsers", "ListRoles", "GetAccountAuthorizationDetails", "ListAccessKeys"):
        diary.denied(rob, Call(service="iam", name=name, region=VIRGINIA))
    for name, request in (
        ("CreateUser", {"userName": BACKDOOR}),
        ("CreateAccessKey", {"userName": "margaret.hale"}),
        ("AttachUserPolicy", {"userName": CONTRACTOR, "policyArn": _administrator(cast)}),
    ):
        diary.denied(rob, Call(service="iam", name=name, region=VIRGINIA, request=request))
    diary.denied(rob, Call(service="organizations", name="ListAccounts", region=VIRGINIA))
    for service, name in (
        ("s3", "ListBuckets"),
        ("secretsmanager", "ListSecrets"),
        ("rds", "DescribeDBInstances"),
        ("lambda", "ListFunctions20150331"),
        ("ec2", "DescribeInstances"),
    ):
        diary.call(rob, Call(service=service, name=name, region=DUBLIN))
    for number in range(4):
        request = {"instanceId": f"i-0fe1dc2ba3049586{number}", "attribute": "userData"}
        script = Call(
            service="ec2", name="DescribeInstanceAttribute", region=DUBLIN, request=request
        )
        diary.call(rob, script)


def _stay(cast: Cast, diary: Diary, priya: Actor) -> None:
    """Create a user of one's own, that survives when keys are changed."""
    diary.call(priya, Call(service="sts", name="GetCallerIdentity", region=VIRGINIA))
    user = {"userName": BACKDOOR}
    created = {"user": {**user, "arn": cast.arn("iam", f"user/{BACKDOOR}"), "path": "/"}}
    key = {"accessKey": {**user, "accessKeyId": NEW_KEY, "status": "Active"}}
    profile = {"loginProfile": {**user, "passwordResetRequired": False}}
    for name, request, response in (
        ("CreateUser", user, created),
        ("AttachUserPolicy", {**user, "policyArn": _administrator(cast)}, None),
        ("CreateLoginProfile", {**user, "passwordResetRequired": False}, profile),
        ("CreateAccessKey", user, key),
    ):
        call = Call(service="iam", name=name, region=VIRGINIA, request=request, response=response)
        diary.call(priya, call)


def _go_unseen(cast: Cast, diary: Diary, intruder: Actor) -> None:
    """Stop the trail, and switch off what watches."""
    trail = {"name": cast.arn("cloudtrail", f"trail/{TRAIL}", DUBLIN)}
    detector = {"detectorId": "3ac1d2e4f5a6b7c8d9e0f1a2b3c4d5e6"}
    recorder = {"configurationRecorderName": "default"}
    for service, name, request in (
        ("cloudtrail", "StopLogging", trail),
        ("guardduty", "DeleteDetector", detector),
        ("config", "StopConfigurationRecorder", recorder),
    ):
        diary.call(intruder, Call(service=service, name=name, region=DUBLIN, request=request))


def _take(cast: Cast, diary: Diary, intruder: Actor) -> None:
    """Share a copy of a disk, read secrets, and open the archive of orders to everybody."""
    shared = {"add": {"items": [{"userId": STRANGER}]}}
    snapshot = {
        "snapshotId": "snap-0c4f1b2a3d5e6f708",
        "attributeType": "CREATE_VOLUME_PERMISSION",
        "createVolumePermission": shared,
    }
    opened = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": EVERYBODY,
                "Action": "s3:GetObject",
                "Resource": f"arn:{cast.partition}:s3:::{ARCHIVE}/*",
            }
        ],
    }
    for name in ("hlb/orders-database", "hlb/payment-gateway", "hlb/supplier-portal"):
        secret = {"secretId": name}
        read = Call(service="secretsmanager", name="GetSecretValue", region=DUBLIN, request=secret)
        diary.call(intruder, read)
    for service, name, request in (
        ("ec2", "ModifySnapshotAttribute", snapshot),
        ("s3", "DeleteBucketPublicAccessBlock", {"bucketName": ARCHIVE, "publicAccessBlock": ""}),
        ("s3", "PutBucketPolicy", {"bucketName": ARCHIVE, "bucketPolicy": opened}),
    ):
        diary.call(intruder, Call(service=service, name=name, region=DUBLIN, request=request))


def _mine(diary: Diary, intruder: Actor) -> None:
    """Launch large machines where nobody looks."""
    for number in range(MACHINES):
        asked = {"items": [{"imageId": "ami-0feedc0ffee123456", "minCount": 1, "maxCount": 1}]}
        begun = {"items": [{"instanceId": f"i-0d15ea5e0b5e55ed{number}"}]}
        launch = Call(
            service="ec2",
            name="RunInstances",
            region=VIRGINIA,
            request={"instancesSet": asked, "instanceType": MINER_TYPE},
            response={"instancesSet": begun},
        )
        diary.call(intruder, launch)


def _administrator(cast: Cast) -> str:
    return f"arn:{cast.partition}:iam::aws:policy/AdministratorAccess"
