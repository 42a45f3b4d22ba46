"""The server certificate in IAM is not expired.

Why: an expired certificate that is still stored gets attached to a load balancer by mistake, and
clients learn to click warnings away. IAM neither renews certificates nor warns of their end.
Fix: move the load balancer or distribution to a certificate of AWS Certificate Manager, which
renews itself, then delete this one.

    aws iam delete-server-certificate --server-certificate-name NAME

Note: the parameter `days_left` makes the rule fail so many days before the end (0: at the end).
"""

from datetime import timedelta

from vedette.posture.rule import (
    EXAMPLE_TIME,
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
from vedette.resources.iam import IamServerCertificate


class Notice(Parameters):
    """How many days before its end a certificate counts as expired."""

    days_left: int = 0


def certificate(days_left: float) -> IamServerCertificate:
    return IamServerCertificate.sample(expires=EXAMPLE_TIME + timedelta(days=days_left))


@posture_rule(
    IamServerCertificate,
    severity=Severity.MEDIUM,
    controls=("cis_aws_5_0:1.18", "cis_aws_7_0:2.17", "fsbp:IAM.26"),
    parameters=Notice,
    reads=((IamServerCertificate, "expires"),),
    examples=(
        Example("valid for a month", certificate(30), PASSED),
        Example("valid for a minute", certificate(0.001), PASSED),
        Example("expired a minute ago", certificate(-0.001), FAILED),
        Example("expires within 60 days", certificate(30), FAILED, parameters=Notice(days_left=60)),
        Example(
            "its end is not known",
            IamServerCertificate.sample(expires=Fact.unreadable("not answered")),
            UNKNOWN,
        ),
    ),
)
def rule(certificate: IamServerCertificate, context: Context[Notice]) -> Judgement:
    expires = known(certificate.expires)
    if expires <= context.as_of:
        return failed(f"The certificate expired on {expires:%Y-%m-%d}.", expires=expires)
    if expires <= context.as_of + timedelta(days=context.parameters.days_left):
        return failed(f"The certificate expires on {expires:%Y-%m-%d}.", expires=expires)
    return passed(f"The certificate is valid until {expires:%Y-%m-%d}.", expires=expires)
