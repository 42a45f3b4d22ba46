"""EC2 instance has an instance profile.

Why: without a role of its own, software on an instance that calls AWS needs access keys in files or
variables, and those leak, are never rotated, and work from anywhere.
Fix: give the instance a role with what its software needs, and remove stored access keys.

    aws ec2 associate-iam-instance-profile --instance-id i-ID --iam-instance-profile Name=NAME

Note: an instance whose software never calls AWS needs no role beyond that of Systems Manager.
"""

from vedette.posture.rule import (
    FAILED,
    PASSED,
    UNKNOWN,
    Context,
    Example,
    Fact,
    Judgement,
    NoParameters,
    Severity,
    failed,
    known,
    passed,
    posture_rule,
)
from vedette.resources.ec2 import Ec2Instance

PROFILE = "arn:aws:iam::111122223333:instance-profile/web"


def instance(profile: str | Fact[str | None] | None) -> Ec2Instance:
    return Ec2Instance.sample(
        instance_profile=profile if isinstance(profile, Fact) else Fact.of(profile)
    )


@posture_rule(
    Ec2Instance,
    severity=Severity.MEDIUM,
    controls=("cis_aws_5_0:1.17", "cis_aws_7_0:2.16"),
    reads=((Ec2Instance, "instance_profile"),),
    examples=(
        Example("it has a profile", instance(PROFILE), PASSED),
        Example("it has none", instance(None), FAILED),
        Example("not collected", instance(Fact.unreadable("not collected")), UNKNOWN),
    ),
)
def rule(instance: Ec2Instance, context: Context[NoParameters]) -> Judgement:
    profile = known(instance.instance_profile)
    if profile is None:
        return failed("The instance has no instance profile, hence no role of its own.")
    return passed("The instance has an instance profile.", instance_profile=profile)
