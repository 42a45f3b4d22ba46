"""EC2 instance requires IMDSv2.

Why: version 1 of the metadata service answers any plain request, so a web application that can be
talked into fetching a URL hands out the credentials of the instance's role; version 2 asks for a
token first, which such requests cannot obtain.
Fix: require tokens, or switch the metadata service off where nothing uses it.

    aws ec2 modify-instance-metadata-options --instance-id i-ID --http-tokens required

Note: watch the metric MetadataNoToken until it stays at zero before you require tokens.
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


def instance(endpoint: str | Fact[str], tokens: str | Fact[str]) -> Ec2Instance:
    return Ec2Instance.sample(metadata_endpoint=endpoint, metadata_tokens=tokens)


@posture_rule(
    Ec2Instance,
    severity=Severity.HIGH,
    controls=(
        "cis_aws_5_0:5.7",
        "cis_aws_7_0:6.7",
        "fsbp:EC2.8",
        "nist_800_53_r5:AC-3",
        "nist_800_53_r5:AC-3(7)",
        "nist_800_53_r5:AC-3(15)",
        "nist_800_53_r5:AC-6",
        "pci_dss_4_0_1:2.2.6",
    ),
    reads=((Ec2Instance, "metadata_endpoint"), (Ec2Instance, "metadata_tokens")),
    examples=(
        Example("tokens are required", instance("enabled", "required"), PASSED),
        Example(
            "the service is off",
            instance("disabled", "optional"),
            PASSED,
            regardless_of=((Ec2Instance, "metadata_tokens"),),
        ),
        Example("tokens are optional", instance("enabled", "optional"), FAILED),
        Example("not answered", instance("enabled", Fact.unreadable("not answered")), UNKNOWN),
    ),
)
def rule(instance: Ec2Instance, context: Context[NoParameters]) -> Judgement:
    if known(instance.metadata_endpoint) == "disabled":
        return passed("The metadata service is switched off.")
    tokens = known(instance.metadata_tokens)
    if tokens == "required":
        return passed("The metadata service answers only requests with a token.")
    return failed("The metadata service answers requests without a token.", http_tokens=tokens)
