"""AWS Config records the changes of all resources in the region.

Why: the recorder's history answers who changed what and when, also for resources that are gone, and
Security Hub's controls depend on it.
Fix: set up a recorder for all supported types, a delivery channel, and start the recorder.

    aws configservice put-configuration-recorder --configuration-recorder \
        name=default,roleARN=ROLE_ARN --recording-group allSupported=true
    aws configservice put-delivery-channel --delivery-channel name=default,s3BucketName=BUCKET
    aws configservice start-configuration-recorder --configuration-recorder-name default

Note: the global IAM types are judged by `config/account_records_global_resources`: one region
records them for all. Types that you leave out on purpose may be named under `tolerated_exclusions`.
"""

from vedette.posture.rule import (
    FAILED,
    PASSED,
    UNKNOWN,
    Context,
    Example,
    Fact,
    Judgement,
    Parameters,
    Severity,
    failed,
    known,
    passed,
    posture_rule,
)
from vedette.resources.config import ConfigRecorder, ConfigRegion, RecorderStatus


class Tolerance(Parameters):
    """`tolerated_exclusions` are CloudFormation type names that need not be recorded."""

    tolerated_exclusions: frozenset[str] = frozenset()


EVERYTHING = ConfigRecorder(name="default", takes_every_type=True, takes_global_types=False)
BUCKETS_ONLY = ConfigRecorder(name="default", takes_every_type=False, takes_global_types=False)
NO_VOLUMES = EVERYTHING.model_copy(update={"excluded": frozenset({"AWS::EC2::Volume"})})
RUNNING = RecorderStatus(recording=True, last_status="Success")


def region(
    *recorders: ConfigRecorder,
    status: RecorderStatus | None = RUNNING,
    channels: tuple[str, ...] = ("default",),
) -> ConfigRegion:
    statuses = {one.name: status for one in recorders if status is not None}
    return ConfigRegion.sample(recorders=recorders, statuses=statuses, delivery_channels=channels)


@posture_rule(
    ConfigRegion,
    severity=Severity.MEDIUM,
    controls=(
        *("cis_aws_5_0:3.3", "cis_aws_7_0:4.3", "fsbp:Config.1", "nist_800_53_r5:CM-3"),
        *("nist_800_53_r5:CM-6(1)", "nist_800_53_r5:CM-8", "nist_800_53_r5:CM-8(2)"),
        *("soc_2:CC2.1", "soc_2:CC3.4", "soc_2:CC8.1"),
    ),
    reads=(
        (ConfigRegion, "recorders"),
        (ConfigRegion, "statuses"),
        (ConfigRegion, "delivery_channels"),
    ),
    parameters=Tolerance,
    examples=(
        Example("everything is recorded and delivered", region(EVERYTHING), PASSED),
        Example(
            "a type is left out on purpose",
            region(NO_VOLUMES),
            PASSED,
            parameters=Tolerance(tolerated_exclusions=frozenset({"AWS::EC2::Volume"})),
        ),
        Example("there is no recorder", region(), FAILED),
        Example("certain types are recorded", region(BUCKETS_ONLY), FAILED),
        Example("a type is left out", region(NO_VOLUMES), FAILED),
        Example(
            "the recorder is stopped",
            region(EVERYTHING, status=RecorderStatus(recording=False)),
            FAILED,
        ),
        Example("the recorder has no status", region(EVERYTHING, status=None), FAILED),
        Example(
            "recording failed last",
            region(EVERYTHING, status=RecorderStatus(recording=True, last_status="FAILURE")),
            FAILED,
        ),
        Example("nothing is delivered", region(EVERYTHING, channels=()), FAILED),
        Example(
            "the status is denied",
            ConfigRegion.sample(recorders=(EVERYTHING,), statuses=Fact.unreadable("AccessDenied")),
            UNKNOWN,
        ),
    ),
)
def rule(region: ConfigRegion, context: Context[Tolerance]) -> Judgement:
    recorders = known(region.recorders)
    if not recorders:
        return failed("There is no configuration recorder.")
    tolerated = context.parameters.tolerated_exclusions
    statuses = known(region.statuses)
    problems = [_problem(one, statuses.get(one.name), tolerated) for one in recorders]
    if all(problems):
        return failed(f"The recorder {recorders[0].name} {problems[0]}.")
    if not known(region.delivery_channels):
        return failed("There is no delivery channel, so what is recorded goes nowhere.")
    return passed("A recorder records all resource types, runs, and delivers.")


def _problem(
    recorder: ConfigRecorder, status: RecorderStatus | None, tolerated: frozenset[str]
) -> str | None:
    if not recorder.takes_every_type:
        return "records certain resource types only"
    if left_out := sorted(recorder.excluded - tolerated):
        return f"leaves out {', '.join(left_out)}"
    if status is None or not status.recording:
        return "is stopped"
    return "failed to record last" if status.has_failed else None
