"""An ordinary day at the company: what a hunt should have nothing to say about."""

from dataclasses import replace
from datetime import datetime, timedelta

from vedette.aws.demo.account import DUBLIN
from vedette.aws.demo.buckets import CONFIG_LOGS, COVERS
from vedette.aws.demo.people import ROBOT
from vedette.aws.demo.records import CONSOLE, Call, Cast, Diary, Record
from vedette.aws.demo.roles import RECORDER_ROLE, SHOP_ROLE, WORKER_ROLE

OFFICE = "198.51.100.24"
BUILD_MACHINE = "198.51.100.80"
SERVER = "10.20.1.14"
SOFTWARE = "aws-sdk-java/2.33.4 md/io#sync md/http#Apache ua/2.1 os/Linux lang/java#21.0.8"
BUILDER = "aws-sdk-js/3.891.0 ua/2.1 os/linux lang/js md/nodejs#22.19.0 api/lambda#3.891.0"
HOURS = 10
_ONE_HOUR = timedelta(hours=1)


def working_day(account: str, begin: datetime, partition: str = "aws") -> list[Record]:
    """Return the records of ten hours of machines, releases and people at work."""
    cast, diary = Cast(account=account, partition=partition), Diary(account, begin)
    for hour in range(HOURS):
        _services(cast, diary)
        _machines(cast, diary)
        if hour in (1, 5):
            _release(cast, diary)
        if hour in (2, 6):
            _operations(cast, diary)
        diary.time = begin + (hour + 1) * _ONE_HOUR
    return diary.records


def _services(cast: Cast, diary: Diary) -> None:
    for service, role in (("config", RECORDER_ROLE), ("ec2", SHOP_ROLE), ("lambda", WORKER_ROLE)):
        arn = cast.arn("iam", f"role/{role}")
        request = {"roleArn": arn, "roleSessionName": service, "durationSeconds": 3600}
        answer = {"credentials": {"accessKeyId": "ASIAEXAMPLESERVICE00"}}
        assumed = Call(
            service="sts", name="AssumeRole", region=DUBLIN, request=request, response=answer
        )
        diary.call(cast.service(service), assumed)
    recorder = cast.role(RECORDER_ROLE, "AWSConfig-Describe", "config.amazonaws.com", "config")
    for name in ("DescribeInstances", "DescribeVolumes", "DescribeSecurityGroups"):
        diary.call(recorder, Call(service="ec2", name=name, region=DUBLIN))
    delivered = {"bucketName": CONFIG_LOGS}
    diary.call(recorder, Call(service="s3", name="GetBucketAcl", region=DUBLIN, request=delivered))


def _machines(cast: Cast, diary: Diary) -> None:
    shop = cast.role(SHOP_ROLE, "i-0a1b2c3d4e5f60718", SERVER, SOFTWARE)
    worker = cast.role(WORKER_ROLE, "hlb-order-worker", "lambda.amazonaws.com", SOFTWARE)
    for _ in range(6):
        covers = {"bucketName": COVERS}
        where = Call(service="s3", name="GetBucketLocation", region=DUBLIN, request=covers)
        diary.call(shop, where)
        table = {"tableName": "hlb-orders"}
        diary.call(
            worker, Call(service="dynamodb", name="DescribeTable", region=DUBLIN, request=table)
        )
        stream = {"logGroupName": "/aws/lambda/hlb-order-worker", "logStreamName": "today"}
        diary.call(
            worker, Call(service="logs", name="CreateLogStream", region=DUBLIN, request=stream)
        )


def _release(cast: Cast, diary: Diary) -> None:
    """Let the robot publish a new version of what it publishes every day."""
    robot = cast.user(ROBOT, "AKIAEXAMPLEROBOT0001", BUILD_MACHINE, BUILDER)
    function = {"functionName": "hlb-cover-resizer"}
    for name in ("GetFunction20150331v2", "UpdateFunctionCode20150331v2"):
        diary.call(robot, Call(service="lambda", name=name, region=DUBLIN, request=function))


def _operations(cast: Cast, diary: Diary) -> None:
    """Let Tom look at machines and alarms in the console."""
    tom = cast.user("tom.okafor", "ASIAEXAMPLETOM000001", OFFICE, CONSOLE)
    context = {"attributes": {"mfaAuthenticated": "true"}}
    person = replace(tom, identity={**tom.identity, "sessionContext": context})
    console = {"sessionCredentialFromConsole": "true"}
    for service, name in (
        ("ec2", "DescribeInstances"),
        ("ec2", "DescribeInstanceStatus"),
        ("monitoring", "DescribeAlarms"),
        ("rds", "DescribeDBInstances"),
    ):
        diary.call(person, Call(service=service, name=name, region=DUBLIN, extra=console))
