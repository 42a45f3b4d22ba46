"""Ordinary days of an organisation: people, pipelines, services and scanners at their work."""

from dataclasses import replace
from datetime import datetime, timedelta

from tests.rules.benign_cast import (
    ACCOUNT,
    CAST,
    GLOBAL,
    NODES,
    OFFICE,
    buckets,
    calls,
    denied,
    instances,
    of_service,
    role_arn,
    sso_user,
)
from tests.rules.benign_machines import pipeline_runs, scanner_runs, terraform_runs
from vedette.aws.demo.records import CONSOLE, Actor, Call, Diary, Record

IN_CONSOLE = {"sessionCredentialFromConsole": "true"}


def days(begin: datetime, count: int) -> list[Record]:
    """Return the records of some days: each is like the others, but for the names of new things."""
    diary = Diary(ACCOUNT, begin)
    for number in range(count):
        diary.time = begin + timedelta(days=number)
        _services(diary)
        _workloads(diary)
        diary.time = begin + timedelta(days=number, hours=8)
        _people(diary)
        terraform_runs(diary, number)
        pipeline_runs(diary)
        diary.time = begin + timedelta(days=number, hours=18)
        scanner_runs(diary)
        _backups(diary)
    return diary.records


def _services(diary: Diary) -> None:
    """Let AWS do what it does by itself, and be denied what it probes."""
    for service, role in (("lambda", "orders"), ("ec2", "shop"), ("config", "recorder")):
        request = {"roleArn": role_arn(role), "roleSessionName": service}
        calls(diary, CAST.service(service), "sts", "AssumeRole", request=request)
    scaling = CAST.service("autoscaling")
    for number in range(12):
        started = {"instancesSet": {"items": instances(number)}}
        calls(diary, scaling, "ec2", "RunInstances TerminateInstances", response=started)
    calls(diary, scaling, "ec2", "StopInstances StartInstances")
    for name, service in (
        ("Config", "config"),
        ("AmazonGuardDuty", "guardduty"),
        ("AccessAnalyzer", "access-analyzer"),
        ("TrustedAdvisor", "trustedadvisor"),
    ):
        watcher = of_service(name, service)
        calls(
            diary, watcher, "iam", "ListUsers ListRoles ListPolicies ListGroups GetAccountSummary"
        )
        calls(diary, watcher, "s3", "ListBuckets")
        for bucket in buckets(12):
            calls(diary, watcher, "s3", "GetBucketPolicy GetBucketAcl", request=bucket)
        calls(diary, watcher, "cloudtrail", "DescribeTrails GetTrailStatus GetEventSelectors")
        probed = (
            "ec2",
            "rds",
            "kms",
            "sqs",
            "sns",
            "lambda",
            "glue",
            "efs",
            "ecr",
            "eks",
            "es",
            "dms",
        )
        denied(diary, watcher, [(one, "ListTagsForResource") for one in probed])
    calls(diary, of_service("AmazonEKS", "eks"), "eks", "CreateAccessEntry")


def _workloads(diary: Diary) -> None:
    """Let functions and the nodes of a cluster work."""
    orders = CAST.role("orders", "orders", "192.0.2.10", "aws-sdk-go-v2/1.39.0 lambda")
    node = CAST.role("eks-node", "i-0a1b2c3d4e5f60001", NODES, "amazon-vpc-cni-k8s/1.20")
    for number in range(10):
        calls(diary, orders, "logs", "CreateLogStream")
        calls(diary, orders, "kms", "Decrypt")
        request = {"secretId": "orders/database"}
        calls(diary, orders, "secretsmanager", "GetSecretValue", request=request)
        named = {"name": "/orders/mode", "withDecryption": True}
        calls(diary, orders, "ssm", "GetParameter", request=named)
        calls(diary, node, "ec2", "DescribeInstances DescribeNetworkInterfaces")
        calls(diary, node, "ec2", "CreateNetworkInterface AttachNetworkInterface")
        calls(diary, node, "ecr", "GetAuthorizationToken BatchGetImage")
        calls(diary, node, "eks-auth", "AssumeRoleForPodIdentity")
        diary.wait(minutes=number)


def _people(diary: Diary) -> None:
    """Let people sign in, look around in the console and work at the command line."""
    signed_in = {"ConsoleLogin": "Success"}
    for name, permissions in (("carol", "PowerUserAccess"), ("dan", "ReadOnlyAccess")):
        person = sso_user(name, permissions)
        _sign_in(diary, name)
        told = {"additionalEventData": {"MFAUsed": "No", "MobileVersion": "No"}}
        calls(diary, person, "signin", "ConsoleLogin", response=signed_in, extra=told)
        _look_around(diary, person)
    context = {"attributes": {"mfaAuthenticated": "true"}}
    alice = CAST.user("alice", "ASIAEXAMPLEALICE0001", OFFICE, CONSOLE)
    alice = replace(alice, identity={**alice.identity, "sessionContext": context})
    told = {"additionalEventData": {"MFAUsed": "Yes", "MobileVersion": "No"}}
    calls(diary, alice, "signin", "ConsoleLogin", response=signed_in, extra=told)
    _look_around(diary, alice)
    erin = sso_user("erin", "OperationsAccess", "aws-cli/2.31.9 ua/2.1 os/linux lang/python#3.13.7")
    calls(diary, erin, "sts", "GetCallerIdentity")
    calls(diary, erin, "ec2", "DescribeInstances DescribeVolumes")
    calls(diary, erin, "ssm", "StartSession", request={"target": "i-0a1b2c3d4e5f60001"})
    for bucket in buckets(8):
        calls(diary, erin, "s3", "GetObject", request=bucket | {"key": "report.csv"})
    denied(diary, erin, [("rds", "ModifyDBInstance"), ("s3", "GetObject")])


def _sign_in(diary: Diary, name: str) -> None:
    """Let somebody pass Identity Center with password and second factor."""
    identity = {"type": "IdentityCenterUser", "accountId": ACCOUNT, "userName": name}
    on_behalf = {"onBehalfOf": {"userId": f"user-of-{name}", "identityStoreArn": "any"}}
    person = Actor(identity={**identity, **on_behalf}, address=OFFICE, agent=CONSOLE)
    for factor in ("PASSWORD", "TOTP"):
        details = {"CredentialVerification": "Success"}
        extra = {"serviceEventDetails": details, "additionalEventData": {"CredentialType": factor}}
        calls(diary, person, "signin", "CredentialVerification", extra=extra)
    details = {"UserAuthentication": "Success"}
    told = {"CredentialType": "PASSWORD,TOTP"}
    extra = {"serviceEventDetails": details, "additionalEventData": told}
    calls(diary, person, "signin", "UserAuthentication", extra=extra)
    calls(diary, person, "sso", "Authenticate Federate")


def _look_around(diary: Diary, person: Actor) -> None:
    shown = {
        "ec2": "DescribeInstances DescribeVpcs DescribeImages",
        "iam": "ListUsers ListRoles ListPolicies ListGroups GetAccountSummary ListAccountAliases",
        "s3": "ListBuckets",
        "cloudtrail": "DescribeTrails GetTrailStatus GetEventSelectors",
        "rds": "DescribeDBInstances",
        "lambda": "ListFunctions20150331",
        "monitoring": "DescribeAlarms",
    }
    for service, names in shown.items():
        calls(diary, person, service, names, extra=IN_CONSOLE)
    for bucket in buckets(12):
        calls(diary, person, "s3", "GetBucketPolicy", request=bucket, extra=IN_CONSOLE)
    for service in ("ce", "health", "support", "organizations", "budgets", "compute-optimizer"):
        call = Call(service=service, name="DescribeEvents", region=GLOBAL, extra=IN_CONSOLE)
        diary.denied(person, call)


def _backups(diary: Diary) -> None:
    """Let AWS Backup make snapshots, and delete those that are old enough."""
    role = CAST.role(
        "service-role/AWSBackupDefaultServiceRole", "AWSBackup", "backup.amazonaws.com"
    )
    invoked = {"invokedBy": "backup.amazonaws.com"}
    backup = replace(role, identity={**role.identity, **invoked})
    for number in range(12):
        made = {"snapshotId": f"snap-0a1b2c3d4e5f6{number:04d}"}
        calls(diary, backup, "ec2", "CreateSnapshot", response=made)
        calls(diary, backup, "ec2", "DeleteSnapshot", request=made)
    calls(diary, CAST.service("backup"), "backup", "StartBackupJob")
    event = {"eventType": "AwsServiceEvent"}
    calls(diary, CAST.service("backup"), "backup", "RecoveryPointDeleted", extra=event)
