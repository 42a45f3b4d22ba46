"""AWS Config records the global IAM resources in one region.

Why: users, groups, roles and policies are the same in all regions; if no region records them, the
history of who could do what is missing.
Fix: let the recorder of one region, best your main one, include the global resource types.

    aws configservice put-configuration-recorder --configuration-recorder \
        name=default,roleARN=ROLE_ARN --recording-group \
        allSupported=true,includeGlobalResourceTypes=true

Note: only the regions of the audit are looked at, and of them only recorders that run count.
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
from vedette.resources.config import ConfigAccount, ConfigRecorder, ConfigRegion, RecorderStatus
from vedette.resources.facts import why_unreadable

ACCOUNT = ConfigAccount.sample()
WITH_IAM = ConfigRecorder(name="default", takes_every_type=True, takes_global_types=True)
WITHOUT_IAM = ConfigRecorder(name="default", takes_every_type=True, takes_global_types=False)


def region(
    recorder: ConfigRecorder, *, recording: bool = True, name: str = "eu-west-1"
) -> ConfigRegion:
    return ConfigRegion.sample(
        region=name,
        recorders=(recorder,),
        statuses={recorder.name: RecorderStatus(recording=recording)},
    )


DENIED = ConfigRegion.sample(recorders=(WITH_IAM,), statuses=Fact.unreadable("AccessDenied"))
ELSEWHERE = region(WITHOUT_IAM, name="us-east-1")


@posture_rule(
    ConfigAccount,
    severity=Severity.MEDIUM,
    controls=(
        *("cis_aws_5_0:3.3", "cis_aws_7_0:4.3", "fsbp:Config.1", "nist_800_53_r5:CM-3"),
        *("nist_800_53_r5:CM-6(1)", "nist_800_53_r5:CM-8", "nist_800_53_r5:CM-8(2)"),
        *("soc_2:CC2.1", "soc_2:CC3.4", "soc_2:CC8.1"),
    ),
    reads=((ConfigRegion, "recorders"), (ConfigRegion, "statuses")),
    examples=(
        Example("one of two regions does", ACCOUNT, PASSED, others=[region(WITH_IAM), ELSEWHERE]),
        Example("no region does", ACCOUNT, FAILED, others=[region(WITHOUT_IAM), ELSEWHERE]),
        Example("it is stopped", ACCOUNT, FAILED, others=[region(WITH_IAM, recording=False)]),
        Example("the status is denied", ACCOUNT, UNKNOWN, others=[DENIED, ELSEWHERE]),
        Example("nothing was read", ACCOUNT, UNKNOWN),
    ),
)
def rule(account: ConfigAccount, context: Context[NoParameters]) -> Judgement:
    unread: ConfigRegion | None = None
    for region in context.inventory.readable(ConfigRegion):
        if why_unreadable(region.recorders) or why_unreadable(region.statuses):
            unread = unread or region
        elif _records_iam(region):
            return passed(f"The recorder in {region.region} records them.", region=region.region)
    if unread is not None:
        _records_iam(unread)
    context.inventory.all(ConfigRegion)
    return failed("No recorder that runs in the audited regions includes them.")


def _records_iam(region: ConfigRegion) -> bool:
    running = {name for name, status in known(region.statuses).items() if status.recording}
    return any(one.takes_global_types and one.name in running for one in known(region.recorders))
