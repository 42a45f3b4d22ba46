"""Seeds the account that the audit benchmark reads: the same at every scale, only larger."""

import io
import json
import secrets
import zipfile
from collections.abc import Callable
from typing import Any

Aws = Callable[[str], Any]
REGION = "us-east-1"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ec2.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


def seed_account(aws: Aws, scale: int) -> dict[str, int]:
    """Create the resources of one scale and return how many there are of each kind."""
    counts = {
        "buckets": 205 * scale,
        "users": 100 * scale,
        "roles": 50 * scale,
        "security groups": 100 * scale,
        "instances": 50 * scale,
        "databases": 20 * scale,
        "functions": 20 * scale,
        "keys": 10 * scale,
        "trails": 5,
        "queues": 20 * scale,
        "topics": 20 * scale,
        "tables": 10 * scale,
        "secrets": 10 * scale,
        "repositories": 5 * scale,
        "file systems": 5 * scale,
    }
    _buckets(aws, counts["buckets"])
    _identities(aws, counts["users"], counts["roles"])
    _network(aws, counts["security groups"])
    _instances(aws, counts["instances"])
    _databases(aws, counts["databases"])
    _functions(aws, counts["functions"])
    _messaging(aws, counts["queues"], counts["topics"])
    _stores(aws, counts)
    _trails(aws, counts["trails"])
    return counts


def _buckets(aws: Aws, count: int) -> None:
    s3 = aws("s3")
    for index in range(count):
        name = f"bench-bucket-{index:05}"
        s3.create_bucket(Bucket=name)
        if index % 3 == 0:
            s3.put_public_access_block(
                Bucket=name,
                PublicAccessBlockConfiguration={
                    "BlockPublicAcls": True,
                    "IgnorePublicAcls": True,
                    "BlockPublicPolicy": True,
                    "RestrictPublicBuckets": True,
                },
            )
        if index % 5 == 0:
            s3.put_bucket_policy(Bucket=name, Policy=_policy("s3:GetObject", f"{name}/*"))


def _policy(action: str, resource: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": action,
        "Resource": f"arn:aws:s3:::{resource}",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _identities(aws: Aws, users: int, roles: int) -> None:
    iam = aws("iam")
    for index in range(users):
        name = f"user-{index:05}"
        iam.create_user(UserName=name)
        if index % 2 == 0:
            iam.create_access_key(UserName=name)
        if index % 4 == 0:
            iam.create_login_profile(UserName=name, Password=_password())
    for index in range(roles):
        name = f"role-{index:05}"
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
        allowed = {"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        iam.put_role_policy(RoleName=name, PolicyName="reads", PolicyDocument=document)


def _password() -> str:
    return f"Aa1-{secrets.token_urlsafe(12)}"


def _network(aws: Aws, groups: int) -> None:
    ec2 = aws("ec2")
    for index in range(groups):
        group = ec2.create_security_group(
            GroupName=f"group-{index:05}", Description="A group of the benchmark"
        )["GroupId"]
        cidr = "0.0.0.0/0" if index % 10 == 0 else "10.0.0.0/8"
        permission = {
            "IpProtocol": "tcp",
            "FromPort": 22,
            "ToPort": 22,
            "IpRanges": [{"CidrIp": cidr}],
        }
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])


def _instances(aws: Aws, count: int) -> None:
    ec2 = aws("ec2")
    image = ec2.register_image(Name="bench", Architecture="x86_64", RootDeviceName="/dev/sda1")
    for start in range(0, count, 50):
        amount = min(50, count - start)
        ec2.run_instances(ImageId=image["ImageId"], MinCount=amount, MaxCount=amount)
    for _ in range(count):
        volume = ec2.create_volume(Size=8, AvailabilityZone=f"{REGION}a")
        ec2.create_snapshot(VolumeId=volume["VolumeId"])


def _databases(aws: Aws, count: int) -> None:
    rds = aws("rds")
    for index in range(count):
        rds.create_db_instance(
            DBInstanceIdentifier=f"database-{index:05}",
            DBInstanceClass="db.t3.micro",
            Engine="postgres",
            AllocatedStorage=20,
            MasterUsername="owner",
            MasterUserPassword=_password(),
            PubliclyAccessible=index % 4 == 0,
        )


def _functions(aws: Aws, count: int) -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "def handler(event, context): return None\n")
    role = aws("iam").get_role(RoleName="role-00000")["Role"]["Arn"]
    functions = aws("lambda")
    for index in range(count):
        functions.create_function(
            FunctionName=f"function-{index:05}",
            Runtime="python3.13" if index % 2 else "python3.7",
            Role=role,
            Handler="app.handler",
            Code={"ZipFile": code.getvalue()},
            Environment={"Variables": {"STAGE": "production"}},
        )


def _messaging(aws: Aws, queues: int, topics: int) -> None:
    sqs, sns = aws("sqs"), aws("sns")
    for index in range(queues):
        sqs.create_queue(QueueName=f"queue-{index:05}")
    for index in range(topics):
        sns.create_topic(Name=f"topic-{index:05}")


def _stores(aws: Aws, counts: dict[str, int]) -> None:
    for _ in range(counts["keys"]):
        aws("kms").create_key()
    for index in range(counts["tables"]):
        aws("dynamodb").create_table(
            TableName=f"table-{index:05}",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    for index in range(counts["secrets"]):
        aws("secretsmanager").create_secret(Name=f"secret-{index:05}", SecretString="bench")
    for index in range(counts["repositories"]):
        aws("ecr").create_repository(repositoryName=f"repository-{index:05}")
    for index in range(counts["file systems"]):
        aws("efs").create_file_system(CreationToken=f"files-{index:05}")


def _trails(aws: Aws, count: int) -> None:
    trails = aws("cloudtrail")
    for index in range(count):
        name = f"trail-{index}"
        trails.create_trail(
            Name=name, S3BucketName="bench-bucket-00000", IsMultiRegionTrail=index == 0
        )
        trails.start_logging(Name=name)
