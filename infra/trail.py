"""The optional trail: without one in the account, no call reaches EventBridge."""

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_cloudtrail as cloudtrail
from constructs import Construct

from infra.buckets import private_bucket
from infra.policies import allow_service

CLOUDTRAIL = "cloudtrail.amazonaws.com"


class Trail(Construct):
    """Management events of all regions, validated; what was written stays when the stack goes."""

    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        self.bucket = private_bucket(self, "Bucket", days=None, removal=RemovalPolicy.RETAIN)
        stack = Stack.of(self)
        # The trail's name is not known before the bucket lets it write.
        trails = f"arn:{stack.partition}:cloudtrail:{stack.region}:{stack.account}:trail/*"
        ours = {
            "ArnLike": {"aws:SourceArn": trails},
            "StringEquals": {"aws:SourceAccount": stack.account},
        }
        written = self.bucket.arn_for_objects(f"AWSLogs/{stack.account}/*")
        for action, resource in (
            ("s3:GetBucketAcl", self.bucket.bucket_arn),
            ("s3:PutObject", written),
        ):
            self.bucket.add_to_resource_policy(allow_service(CLOUDTRAIL, action, resource, ours))
        trail = cloudtrail.CfnTrail(
            self,
            "Trail",
            is_logging=True,
            s3_bucket_name=self.bucket.bucket_name,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_log_file_validation=True,
        )
        if self.bucket.policy is not None:
            trail.node.add_dependency(self.bucket.policy)
