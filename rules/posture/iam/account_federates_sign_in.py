"""People sign in through a central identity provider.

Why: an IAM user is one more password to guard in one more place, and it outlives the person's job.
Federation brings joining, leaving, MFA and passwords back to the one directory that people
operations keep.
Fix: switch on IAM Identity Center for the organisation and assign people to accounts there, or add
your identity provider's SAML metadata to the account, with roles that trust it. Then remove the
users.

    aws iam create-saml-provider --name company --saml-metadata-document file://metadata.xml

Note: Identity Center puts a SAML provider of its own into every account to which people are
assigned, so it passes too.
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
from vedette.resources.iam import IamAccount

PROVIDER = "arn:aws:iam::111122223333:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE"


@posture_rule(
    IamAccount,
    severity=Severity.LOW,
    controls=("cis_aws_5_0:1.20", "cis_aws_7_0:2.19"),
    reads=((IamAccount, "saml_providers"),),
    examples=(
        Example("Identity Center", IamAccount.sample(saml_providers=(PROVIDER,)), PASSED),
        Example("there is no provider", IamAccount.sample(saml_providers=()), FAILED),
        Example(
            "access is denied",
            IamAccount.sample(saml_providers=Fact.unreadable("access denied")),
            UNKNOWN,
        ),
    ),
)
def rule(account: IamAccount, context: Context[NoParameters]) -> Judgement:
    providers = known(account.saml_providers)
    if providers:
        return passed("The account has a SAML identity provider.", providers=providers)
    return failed("The account has no SAML identity provider.")
