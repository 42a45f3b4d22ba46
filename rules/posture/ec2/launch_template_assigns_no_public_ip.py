"""Launch template assigns no public IPv4 address.

Why: every instance that is launched from such a template, by hand or by an Auto Scaling group,
stands on the internet with its own address, whatever its subnet's setting.
Fix: make a version whose network interfaces have AssociatePublicIpAddress set to false, and make it
the default.

    aws ec2 create-launch-template-version --launch-template-id lt-ID --source-version NUMBER \
        --launch-template-data '{"NetworkInterfaces":[{"DeviceIndex":0,
        "AssociatePublicIpAddress":false}]}'
    aws ec2 modify-launch-template --launch-template-id lt-ID --default-version NEW-NUMBER

Note: the default and the latest version are judged, because those are what launches refer to. Where
a template says nothing, the subnet's setting decides, which has a rule of its own.
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
from vedette.resources.ec2 import LaunchTemplate, TemplateVersion

PRIVATE_DEFAULT = TemplateVersion(number=1, is_default=True)
PUBLIC_LATEST = TemplateVersion(number=4, is_default=False, public_interfaces=(0,))
PUBLIC_DEFAULT = TemplateVersion(number=1, is_default=True, public_interfaces=(0, 1))


def template(*versions: TemplateVersion) -> LaunchTemplate:
    return LaunchTemplate.sample(versions=versions)


@posture_rule(
    LaunchTemplate,
    severity=Severity.MEDIUM,
    controls=(
        "fsbp:EC2.25",
        "nist_800_53_r5:AC-3",
        "nist_800_53_r5:AC-4",
        "nist_800_53_r5:AC-6",
        "nist_800_53_r5:AC-21",
        "nist_800_53_r5:SC-7",
        "pci_dss_4_0_1:1.4.4",
        "soc_2:CC6.6",
    ),
    reads=((LaunchTemplate, "versions"),),
    examples=(
        Example("no version does", template(PRIVATE_DEFAULT), PASSED),
        Example("the default version does", template(PUBLIC_DEFAULT), FAILED),
        Example("the latest version does", template(PRIVATE_DEFAULT, PUBLIC_LATEST), FAILED),
        Example(
            "access is denied",
            LaunchTemplate.sample(versions=Fact.unreadable("AccessDenied")),
            UNKNOWN,
        ),
    ),
)
def rule(template: LaunchTemplate, context: Context[NoParameters]) -> Judgement:
    public = [one for one in known(template.versions) if one.public_interfaces]
    if not public:
        return passed("Neither the default nor the latest version assigns a public address.")
    numbers = [one.number for one in public]
    return failed(
        f"A public address is assigned by version {', '.join(map(str, numbers))}.",
        versions=[one.model_dump(mode="json") for one in public],
    )
