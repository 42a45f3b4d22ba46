"""The operations that Vedette reads, and the least that each must be sent."""

from typing import Any

import botocore.session
from botocore import xform_name

READ = """
accessanalyzer ListAnalyzers
account GetAlternateContact GetContactInformation ListRegions
cloudtrail DescribeTrails GetEventSelectors GetTrailStatus ListTrails
cloudwatch DescribeAlarms
config DescribeConfigurationRecorderStatus DescribeConfigurationRecorders DescribeDeliveryChannels
dynamodb DescribeContinuousBackups DescribeTable GetResourcePolicy ListTables
ec2 DescribeFlowLogs DescribeImageAttribute DescribeImages DescribeInstances
ec2 DescribeLaunchTemplateVersions DescribeLaunchTemplates DescribeNetworkAcls
ec2 DescribeNetworkInterfaces DescribeRegions DescribeRouteTables DescribeSecurityGroups
ec2 DescribeSnapshotAttribute DescribeSnapshots DescribeSubnets DescribeTransitGateways
ec2 DescribeVolumes DescribeVpcPeeringConnections DescribeVpcs GetEbsEncryptionByDefault
ec2 GetImageBlockPublicAccessState GetInstanceMetadataDefaults GetSnapshotBlockPublicAccessState
ecr DescribeRepositories GetRegistryScanningConfiguration
efs DescribeFileSystemPolicy DescribeFileSystems DescribeMountTargets
guardduty GetDetector ListDetectors
iam GenerateCredentialReport GetAccountAuthorizationDetails GetAccountPasswordPolicy
iam GetAccountSummary GetCredentialReport ListEntitiesForPolicy ListOrganizationsFeatures
iam ListSAMLProviders ListServerCertificates ListVirtualMFADevices
kms DescribeKey GetKeyPolicy GetKeyRotationStatus ListKeys ListResourceTags
lambda GetPolicy ListFunctionUrlConfigs ListFunctions
logs DescribeLogGroups DescribeMetricFilters
organizations DescribeOrganization
rds DescribeDBClusterParameters DescribeDBClusterSnapshotAttributes DescribeDBClusterSnapshots
rds DescribeDBClusters DescribeDBInstances DescribeDBParameters DescribeDBSnapshotAttributes
rds DescribeDBSnapshots DescribeEventSubscriptions
resourcegroupstaggingapi GetResources
s3 GetBucketAcl GetBucketEncryption GetBucketLocation GetBucketLogging GetBucketOwnershipControls
s3 GetBucketPolicy GetBucketPolicyStatus GetBucketTagging GetBucketVersioning
s3 GetObjectLockConfiguration GetPublicAccessBlock HeadBucket ListBuckets
s3control GetAccessPoint GetAccessPointPolicy GetPublicAccessBlock ListAccessPoints
secretsmanager GetResourcePolicy ListSecrets
securityhub DescribeHub GetEnabledStandards ListEnabledProductsForImport
sns GetTopicAttributes ListSubscriptionsByTopic ListTopics
sqs GetQueueAttributes ListQueues
sts GetCallerIdentity
"""
OPERATIONS = [
    (service, operation)
    for service, *operations in (line.split() for line in READ.strip().splitlines())
    for operation in operations
]
SAMPLES = {
    "AccountId": "123456789012",
    "QueueUrl": "http://127.0.0.1/123456789012/queue",
    "TopicArn": "arn:aws:sns:eu-west-1:123456789012:alarms",
    "ResourceArn": "arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
}


def send(client: Any, operation: str) -> Any:
    """Call an operation with sample values for what it requires."""
    service = client.meta.service_model.service_name
    shape = (
        botocore.session.get_session()
        .get_service_model(service)
        .operation_model(operation)
        .input_shape
    )
    required = shape.required_members if shape else []
    sent = {name: SAMPLES.get(name, "sample-name-of-a-resource") for name in required}
    return getattr(client, xform_name(operation))(**sent)
