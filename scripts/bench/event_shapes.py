"""What the bench's events are made of: who calls what, how often, and with what parameters.

The mixture is that of an account with machines, functions and tools that describe everything all
day long: nine calls of ten only read.
"""

import random
from typing import Any, NamedTuple

READING = """
ec2 DescribeInstances 90 DescribeInstanceStatus 40 DescribeSecurityGroups 35 DescribeVolumes 25
ec2 DescribeNetworkInterfaces 35 DescribeSubnets 25 DescribeVpcs 20 DescribeRouteTables 12
ec2 DescribeSnapshots 10 DescribeImages 12 DescribeTags 18 DescribeRegions 10
s3 GetBucketAcl 45 GetBucketLocation 15 GetBucketPolicy 10 GetBucketVersioning 10 ListBuckets 12
s3 GetBucketEncryption 10 GetBucketTagging 10
iam ListRoles 10 GetRole 25 ListAttachedRolePolicies 15 GetPolicyVersion 12 ListUsers 5 GetUser 6
iam ListAccessKeys 5 GenerateCredentialReport 2
sts GetCallerIdentity 40
kms Decrypt 90 DescribeKey 30 ListAliases 10 GetKeyRotationStatus 8
monitoring DescribeAlarms 35 ListMetrics 8
logs DescribeLogGroups 20 DescribeLogStreams 15
lambda ListFunctions20150331 12 GetFunction20150331v2 15 ListTags20170331 8
autoscaling DescribeAutoScalingGroups 35
elasticloadbalancing DescribeTargetHealth 35 DescribeLoadBalancers 22 DescribeTags 10
ecs DescribeTasks 15 ListServices 8
ecr GetAuthorizationToken 25 BatchGetImage 15 DescribeRepositories 6
eks DescribeCluster 12 ListClusters 4
rds DescribeDBInstances 20 DescribeDBClusters 10
dynamodb DescribeTable 22 ListTables 5
sqs GetQueueAttributes 10
sns ListTopics 5
secretsmanager GetSecretValue 30 DescribeSecret 8
ssm GetParameter 22 DescribeInstanceInformation 10 GetParametersByPath 8
cloudformation DescribeStacks 15 DescribeStackEvents 8
cloudtrail DescribeTrails 6 GetTrailStatus 6 LookupEvents 4
config DescribeConfigurationRecorders 5 GetComplianceDetailsByConfigRule 4
guardduty ListDetectors 4 GetDetector 3
securityhub GetFindings 5
organizations ListAccounts 3 DescribeOrganization 3
route53 ListHostedZones 6 ListResourceRecordSets 10
acm ListCertificates 3
tagging GetResources 8
"""
WRITING = """
ec2 CreateTags 20 RunInstances 14 TerminateInstances 10 CreateNetworkInterface 14
ec2 DeleteNetworkInterface 12 CreateSnapshot 8 DeleteSnapshot 5 AttachVolume 6
ec2 AuthorizeSecurityGroupIngress 2 RevokeSecurityGroupIngress 1 ModifyInstanceAttribute 1
ec2 CreateRoute 1 CreateSecurityGroup 1
logs CreateLogStream 45 CreateLogGroup 4
s3 PutBucketPolicy .4 CreateBucket .5 DeleteBucket .3 PutBucketVersioning .2
lambda UpdateFunctionCode20150331v2 3 CreateFunction20150331 1 AddPermission20150331v2 .5
lambda UpdateFunctionConfiguration20150331v2 1.5
iam CreateRole .6 AttachRolePolicy .7 PutRolePolicy .5 CreateUser .1 CreateAccessKey .15
iam DeleteUser .05 UpdateLoginProfile .05 CreateLoginProfile .05
ssm UpdateInstanceInformation 40 SendCommand 1.5 StartSession 1
sqs CreateQueue .3
sns Subscribe .4
cloudtrail StopLogging .02 UpdateTrail .03 DeleteTrail .01
guardduty UpdateDetector .02 DeleteDetector .01
config PutEvaluations 10 DeleteDeliveryChannel .01
kms CreateGrant 8 ScheduleKeyDeletion .05 GenerateDataKey 40
rds ModifyDBInstance .3 CreateDBSnapshot 1 RestoreDBInstanceFromDBSnapshot .05
eks CreateCluster .02
route53 ChangeResourceRecordSets 3
autoscaling SetDesiredCapacity 2
secretsmanager PutSecretValue .3
organizations LeaveOrganization .005
ecs RegisterTaskDefinition 2 UpdateService 3
cloudformation CreateChangeSet 1
securityhub BatchUpdateFindings .2 BatchImportFindings 6
"""
ROLES = (
    "AWSServiceRoleForConfig",
    "AWSServiceRoleForAmazonGuardDuty",
    "monitoring-integration",
    "posture-read-only",
    "ci-deploy",
    "eks-node-group-role",
    "lambda-orders-exec",
    "lambda-billing-exec",
    "ecsTaskExecutionRole",
    "AWSReservedSSO_AdministratorAccess_1a2b3c4d5e6f7a8b",
    "AWSReservedSSO_ViewOnlyAccess_8b7a6f5e4d3c2b1a",
    "cross-account-audit",
    "terraform-apply",
    "karpenter-controller",
    "external-dns",
    "cluster-autoscaler",
)
USERS = ("alice.jones", "bob.smith", "svc-backup", "svc-jenkins", "carol.w", "dave.ops", "legacy")
REGIONS = ("us-east-1",) * 6 + ("eu-west-1",) * 4 + ("us-west-2", "eu-central-1", "ap-southeast-2")
SERVICES = tuple(
    f"{name}.amazonaws.com"
    for name in ("config", "ec2", "lambda", "ecs-tasks", "guardduty", "autoscaling", "eks")
)
BROWSER = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/122.0.0.0 Safari/537.36"
)
AGENTS = (
    "Boto3/1.34.84 md/Botocore#1.34.84 ua/2.0 os/linux#5.10.213-201.855.amzn2.x86_64 "
    "md/arch#x86_64 lang/python#3.11.8 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.34.84",
    "aws-sdk-go/1.44.331 (go1.20.7; linux; amd64)",
    "aws-sdk-go-v2/1.24.1 os/linux lang/go#1.21.6 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.145.0",
    "APN/1.0 HashiCorp/1.0 Terraform/1.5.7 (+https://www.terraform.io) "
    "terraform-provider-aws/5.31.0 aws-sdk-go-v2/1.24.0 os/linux lang/go#1.21.5",
    "aws-cli/2.15.30 Python/3.11.8 Linux/6.1.0 exe/x86_64.ubuntu.22 prompt/off "
    "command/s3api.get-bucket-policy",
    BROWSER,
    "aws-internal/3 aws-sdk-java/1.12.681 Linux/5.10.210 OpenJDK_64-Bit_Server_VM/17.0.10+8-LTS "
    "java/17.0.10 vendor/N/A cfg/retry-mode/standard",
)
POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Action":["s3:GetObject","s3:PutObject"],'
    '"Effect":"Allow","Resource":"arn:aws:s3:::bucket-%s/*"}]}'
)
TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":'
    '{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
)
WITHOUT_PARAMETERS, WITHOUT_FILTER, WITH_FILTER = 0.3, 0.35, 0.8
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


class Random(random.Random):
    """Random texts as AWS makes ids of."""

    def hexadecimal(self, length: int) -> str:
        """Return lower-case hexadecimal digits."""
        return f"{self.getrandbits(4 * length):0{length}x}"

    def base32(self, length: int) -> str:
        """Return capitals and digits, as in access keys."""
        return "".join(self.choices(BASE32, k=length))

    def uuid(self) -> str:
        """Return what looks like a UUID."""
        text = self.hexadecimal(32)
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def address(self, first: int) -> str:
        """Return an IPv4 address that begins with a number."""
        return f"{first}.{self.randrange(256)}.{self.randrange(256)}.{self.randrange(1, 255)}"


class Call(NamedTuple):
    """A call that is made."""

    service: str
    name: str
    account: str
    region: str


class Calls:
    """Draws calls as often as a table says that they occur."""

    def __init__(self, table: str) -> None:
        """Read lines of a service and its calls, each followed by its weight."""
        self._names: list[tuple[str, str]] = []
        self._weights: list[float] = []
        for service, *words in map(str.split, table.strip().splitlines()):
            self._names += [(service, name) for name in words[::2]]
            self._weights += map(float, words[1::2])

    def draw(self, source: Random) -> tuple[str, str]:
        """Return a service and the name of a call."""
        return source.choices(self._names, self._weights)[0]


def parameters(source: Random, call: Call) -> Any:
    """Make the parameters of a call, as large as they usually are."""
    if call.name == "RunInstances":
        return _machine(source, call)
    if call.name == "AuthorizeSecurityGroupIngress":
        return _opening(source)
    by_service = {
        "ec2": _of_ec2,
        "s3": _of_s3,
        "kms": _of_kms,
        "iam": _of_iam,
        "logs": _of_logs,
        "lambda": _of_lambda,
    }
    if call.service in by_service:
        return by_service[call.service](source, call)
    if source.random() < WITHOUT_PARAMETERS:
        return None
    return {"maxResults": 100, "nextToken": None, "name": f"/prod/resource-{source.hexadecimal(6)}"}


def _of_ec2(source: Random, call: Call) -> Any:
    instance = f"i-0{source.hexadecimal(16)}"
    if not call.name.startswith("Describe"):
        owned = [{"key": "Name", "value": f"web-{source.hexadecimal(4)}"}]
        return {
            "resourcesSet": {"items": [{"resourceId": instance}]},
            "tagSet": {"items": [*owned, {"key": "kubernetes.io/cluster/prod", "value": "owned"}]},
        }
    chance = source.random()
    if chance < WITHOUT_FILTER:
        return {"maxResults": 1000, "instancesSet": {}, "filterSet": {}}
    if chance < WITH_FILTER:
        values = {"items": [{"value": source.choice(["running", "prod-web", "owned"])}]}
        return {"filterSet": {"items": [{"name": "tag:Name", "valueSet": values}]}}
    several = [
        {"instanceId": f"i-0{source.hexadecimal(16)}"} for _ in range(source.randrange(1, 7))
    ]
    return {"instancesSet": {"items": several}, "filterSet": {}}


def _of_s3(source: Random, call: Call) -> Any:
    name = source.choice(["prod-logs", "data-lake", "tfstate", "cdn"]) + f"-{call.account}"
    return {"bucketName": name, "Host": f"{name}.s3.{call.region}.amazonaws.com", "acl": ""}


def _of_kms(source: Random, call: Call) -> Any:
    function = f"arn:aws:lambda:{call.region}:{call.account}:function:orders-{source.randrange(40)}"
    return {
        "encryptionContext": {"aws:lambda:FunctionArn": function},
        "encryptionAlgorithm": "SYMMETRIC_DEFAULT",
        "keyId": f"arn:aws:kms:{call.region}:{call.account}:key/{source.uuid()}",
    }


def _of_iam(source: Random, call: Call) -> Any:
    if any(part in call.name for part in ("User", "AccessKey", "LoginProfile")):
        return {"userName": source.choice(USERS)}
    role = {"roleName": source.choice(ROLES)}
    if call.name == "AttachRolePolicy":
        name = source.choice(["AdministratorAccess", "ReadOnlyAccess", "AmazonS3ReadOnlyAccess"])
        return role | {"policyArn": f"arn:aws:iam::aws:policy/{name}"}
    if call.name == "CreateRole":
        return role | {"description": "", "assumeRolePolicyDocument": TRUST}
    if call.name == "PutRolePolicy":
        return role | {"policyName": "inline", "policyDocument": POLICY % source.hexadecimal(8)}
    return role


def _of_logs(source: Random, call: Call) -> Any:
    stream = f"2026/05/{source.randrange(1, 29):02d}/[$LATEST]{source.hexadecimal(32)}"
    group = {"logGroupName": f"/aws/lambda/orders-{source.randrange(40)}"}
    return group if call.name == "CreateLogGroup" else group | {"logStreamName": stream}


def _of_lambda(source: Random, call: Call) -> Any:
    name = f"arn:aws:lambda:{call.region}:{call.account}:function:orders-{source.randrange(40)}"
    return {"functionName": name, "maxItems": 50}


def _machine(source: Random, call: Call) -> Any:
    disk = {"volumeSize": 50, "deleteOnTermination": True, "volumeType": "gp3", "encrypted": True}
    group = {"groupId": f"sg-0{source.hexadecimal(16)}"}
    subnet = f"subnet-0{source.hexadecimal(16)}"
    tags = [{"key": "Name", "value": "web"}, {"key": "env", "value": "prod"}]
    image = {"imageId": f"ami-0{source.hexadecimal(16)}", "minCount": 1, "maxCount": 1}
    return {
        "instancesSet": {"items": [image]},
        "userData": "<sensitiveDataRemoved>",
        "instanceType": "m5.large",
        "blockDeviceMapping": {"items": [{"deviceName": "/dev/xvda", "ebs": disk}]},
        "networkInterfaceSet": {
            "items": [{"deviceIndex": 0, "subnetId": subnet, "groupSet": {"items": [group]}}]
        },
        "iamInstanceProfile": {"arn": f"arn:aws:iam::{call.account}:instance-profile/web"},
        "tagSpecificationSet": {"items": [{"resourceType": "instance", "tags": tags}]},
    }


def _opening(source: Random) -> Any:
    network = source.choice(["0.0.0.0/0", "10.0.0.0/8", "192.168.4.0/24"])
    port = source.choice([22, 443, 3389, 5432])
    permission = {
        "ipProtocol": "tcp",
        "fromPort": port,
        "toPort": port,
        "ipRanges": {"items": [{"cidrIp": network}]},
    }
    return {"groupId": f"sg-0{source.hexadecimal(16)}", "ipPermissions": {"items": [permission]}}
