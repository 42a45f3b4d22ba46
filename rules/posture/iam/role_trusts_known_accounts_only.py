"""The role trusts known accounts only.

Why: whoever may assume the role acts in this account with all its permissions. A trusted account
that nobody can name may be a vendor whose contract ended years ago, or a door left by an intruder.
Fix: find out whose account it is. If it is yours or a partner's, add it to `trusted_accounts` in
vedette.yml; ask a partner for an external id of its own. Else take it out of the trust policy.

    aws iam update-assume-role-policy --role-name NAME --policy-document file://trust.json

Note: unique ids (AIDA…, AROA…) are what is left of deleted principals: nobody can use them, but
nobody can tell whom they meant. What one statement opens to everyone is judged by
`iam/role_cannot_be_assumed_by_everyone`.
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
from vedette.resources.iam import IamRole
from vedette.resources.policy.exposure import find_exposure
from vedette.resources.policy.parsing import parse_policy

PARTNER = "444455556666"


def role(principal: object, **condition: object) -> IamRole:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "sts:AssumeRole",
        "Condition": condition,
    }
    return IamRole.sample(trust_policy=parse_policy({"Statement": [statement]}))


OFFICE = {"aws:SourceIp": "198.51.100.0/24"}


@posture_rule(
    IamRole,
    severity=Severity.HIGH,
    reads=((IamRole, "trust_policy"),),
    examples=(
        Example("a service", role({"Service": "ec2.amazonaws.com"}), PASSED),
        Example("the own account", role({"AWS": "arn:aws:iam::111122223333:root"}), PASSED),
        Example(
            "a trusted account",
            role({"AWS": f"arn:aws:iam::{PARTNER}:role/backup"}),
            PASSED,
            trusted_accounts=frozenset({PARTNER}),
        ),
        Example(
            "a foreign account with an external id",
            role({"AWS": PARTNER}, StringEquals={"sts:ExternalId": "42"}),
            FAILED,
        ),
        Example("a deleted principal", role({"AWS": "AROAEXAMPLEEXAMPLEID1"}), FAILED),
        Example("all accounts from a network", role("*", IpAddress=OFFICE), FAILED),
        Example(
            "the trust policy cannot be read",
            IamRole.sample(trust_policy=Fact.unreadable("access denied")),
            UNKNOWN,
        ),
    ),
)
def rule(role: IamRole, context: Context[NoParameters]) -> Judgement:
    exposure = find_exposure(
        known(role.trust_policy), owner=role.account, trusted_accounts=context.trusted_accounts
    )
    foreign = sorted(exposure.foreigners_who_may())
    if foreign:
        return failed(f"The role trusts {', '.join(foreign[:5])}.", principals=foreign)
    if exposure.networks:
        networks = sorted(exposure.networks)
        return failed("The role trusts all accounts from some networks.", networks=networks)
    organizations = sorted(exposure.organizations)
    return passed("The role trusts known accounts only.", organizations=organizations)
