"""Machines at their daily work: Terraform, a pipeline and the scanner that audits the account."""

import json

from tests.rules.benign_cast import (
    AUDIT_ROLE,
    BUILDERS,
    CAST,
    CI_ROLE,
    IAC_ROLE,
    MEMBERS,
    buckets,
    calls,
    denied,
    instances,
    role_arn,
)
from vedette.aws.demo.records import Actor, Diary

TERRAFORM = "HashiCorp Terraform/1.13.3 terraform-provider-aws/6.14.1 aws-sdk-go-v2/1.39.0"
SCRIPT = "Boto3/1.40.40 md/Botocore#1.40.40 ua/2.1 os/linux lang/python#3.13.7"
_ALLOW = {"Effect": "Allow", "Action": "sts:AssumeRole"}
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [_ALLOW | {"Principal": {"Service": "lambda.amazonaws.com"}}],
}
_WORK = {
    "Version": "2012-10-17",
    "Statement": [_ALLOW | {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::example-1/*"}],
}
_OWN = {"Principal": {"AWS": CAST.arn("iam", "root")}, "Action": "s3:*", "Resource": "*"}
_PRIVATE = {"Version": "2012-10-17", "Statement": [_ALLOW | _OWN]}


def terraform_runs(diary: Diary, day: int) -> None:
    """Let Terraform compare everything with its state, take down an environment, build another."""
    terraform = CAST.role(IAC_ROLE, "terraform", BUILDERS, TERRAFORM)
    _refresh(diary, terraform)
    _change_user_data(diary, terraform)
    _take_down(diary, terraform)
    _build(diary, terraform, day)
    probed = ("glue", "dms", "efs", "kms", "sqs", "sns", "ecr")
    denied(diary, terraform, [(one, f"Describe{one.title()}s") for one in probed])


def _refresh(diary: Diary, terraform: Actor) -> None:
    for bucket in buckets(15):
        names = "GetBucketPolicy GetBucketPublicAccessBlock"
        calls(diary, terraform, "s3", names, request=bucket)
    for number in range(25):
        secret = {"secretId": f"app/{number}"}
        calls(diary, terraform, "secretsmanager", "GetSecretValue", request=secret)
    for number in range(60):
        named = {"name": f"/app/{number}", "withDecryption": True}
        calls(diary, terraform, "ssm", "GetParameter", request=named)
    for machine in instances(*range(25)):
        asked = machine | {"attribute": "userData"}
        calls(diary, terraform, "ec2", "DescribeInstanceAttribute", request=asked)
    calls(diary, terraform, "cloudtrail", "DescribeTrails GetTrailStatus GetEventSelectors")


def _change_user_data(diary: Diary, terraform: Actor) -> None:
    machine = {"instancesSet": {"items": instances(7)}}
    data = instances(7)[0] | {"userData": "<sensitiveDataRemoved>"}
    calls(diary, terraform, "ec2", "StopInstances", request=machine)
    calls(diary, terraform, "ec2", "ModifyInstanceAttribute", request=data)
    calls(diary, terraform, "ec2", "StartInstances", request=machine)


def _take_down(diary: Diary, terraform: Actor) -> None:
    fleet = {"instancesSet": {"items": instances(*range(60))}}
    calls(diary, terraform, "ec2", "TerminateInstances", request=fleet)
    for bucket in buckets(6):
        calls(diary, terraform, "s3", "DeleteBucket", request=bucket)
    for number in range(5):
        final = {"skipFinalSnapshot": False, "finalDBSnapshotIdentifier": f"last-{number}"}
        request = {"dBInstanceIdentifier": f"test-{number}", **final}
        calls(diary, terraform, "rds", "DeleteDBInstance", request=request)


def _build(diary: Diary, terraform: Actor, day: int) -> None:
    fleet = {"instancesSet": {"items": instances(*range(60))}}
    calls(diary, terraform, "ec2", "RunInstances", response=fleet)
    database = {"dBInstanceIdentifier": "orders", "masterUserPassword": "****"}
    calls(diary, terraform, "rds", "ModifyDBInstance", request=database)
    name = f"service-{day}"
    role = {"roleName": name, "assumeRolePolicyDocument": json.dumps(_TRUST)}
    calls(diary, terraform, "iam", "CreateRole", request=role)
    policy = {"roleName": name, "policyName": "its-work", "policyDocument": json.dumps(_WORK)}
    calls(diary, terraform, "iam", "PutRolePolicy", request=policy)
    version = {"policyArn": CAST.arn("iam", "policy/shared"), "policyDocument": json.dumps(_WORK)}
    calls(diary, terraform, "iam", "CreatePolicyVersion", request=version)
    function = {"functionName": name, "role": role_arn(name), "runtime": "python3.13"}
    calls(diary, terraform, "lambda", "CreateFunction20150331", request=function)
    bucket = {"bucketName": f"example-{name}", "bucketPolicy": _PRIVATE}
    calls(diary, terraform, "s3", "CreateBucket PutBucketPolicy", request=bucket)
    opened = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
    ranges = {"ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}
    web = {"groupId": "sg-0a1b2c3d", "ipPermissions": {"items": [opened | ranges]}}
    calls(diary, terraform, "ec2", "AuthorizeSecurityGroupIngress", request=web)


def pipeline_runs(diary: Diary) -> None:
    """Let a pipeline build an image, release, and go to the accounts of the organisation."""
    robot = CAST.role(CI_ROLE, "GitHubActions", BUILDERS, "aws-sdk-js/3.891.0 lang/js")
    calls(diary, robot, "ec2", "CreateKeyPair", request={"keyName": "packer-1"})
    fleet = {"instancesSet": {"items": instances(*range(60))}}
    calls(diary, robot, "ec2", "RunInstances", response=fleet)
    calls(diary, robot, "ec2", "TerminateInstances", request=fleet)
    for number in range(25):
        secret = {"secretId": f"app/{number}"}
        calls(diary, robot, "secretsmanager", "GetSecretValue", request=secret)
    function = {"functionName": "orders"}
    calls(diary, robot, "lambda", "UpdateFunctionCode20150331v2", request=function)
    machines = [one["instanceId"] for one in instances(*range(30))]
    command = {"documentName": "AWS-RunShellScript", "instanceIds": machines}
    calls(diary, robot, "ssm", "SendCommand", request=command)
    for member in MEMBERS:
        request = {"roleArn": f"arn:aws:iam::{member}:role/deploy", "roleSessionName": "release"}
        calls(diary, robot, "sts", "AssumeRole", request=request)
    denied(diary, robot, [("ecr", "PutImage"), ("ecs", "RunTask"), ("s3", "PutObject")])


def scanner_runs(diary: Diary) -> None:
    """Let the audit go through everything, and be denied some of it."""
    audit = CAST.role(AUDIT_ROLE, "vedette", "192.0.2.90", SCRIPT)
    calls(diary, audit, "sts", "GetCallerIdentity")
    calls(diary, audit, "iam", "ListUsers ListRoles ListPolicies ListGroups GetAccountSummary")
    calls(diary, audit, "iam", "GetCredentialReport ListVirtualMFADevices GetAccountPasswordPolicy")
    calls(diary, audit, "s3", "ListBuckets")
    for bucket in buckets(15):
        calls(diary, audit, "s3", "GetBucketPolicy GetBucketPublicAccessBlock", request=bucket)
    calls(diary, audit, "cloudtrail", "DescribeTrails GetTrailStatus GetEventSelectors ListTrails")
    for service, name in (
        ("rds", "DescribeDBInstances"),
        ("elasticfilesystem", "DescribeFileSystems"),
        ("ecr", "DescribeRepositories"),
        ("ec2", "DescribeVpcs"),
        ("backup", "ListBackupVaults"),
        ("acm", "ListCertificates"),
        ("eks", "ListClusters"),
        ("guardduty", "ListDetectors"),
        ("lambda", "ListFunctions20150331"),
        ("kms", "ListKeys"),
        ("sqs", "ListQueues"),
        ("secretsmanager", "ListSecrets"),
        ("sns", "ListTopics"),
    ):
        calls(diary, audit, service, name)
    calls(diary, audit, "ses", "GetAccount ListIdentities GetSendQuota ListEmailIdentities")
    for one in instances(*range(25)):
        asked = one | {"attribute": "userData"}
        calls(diary, audit, "ec2", "DescribeInstanceAttribute", request=asked)
    closed = (
        "glue",
        "dms",
        "efs",
        "kms",
        "sqs",
        "sns",
        "ecr",
        "eks",
        "rds",
        "es",
        "ecs",
        "ssm",
        "s3",
    )
    denied(diary, audit, [(one, f"List{one.title()}Policies") for one in closed])
