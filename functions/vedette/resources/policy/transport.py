"""Does a resource policy refuse requests that are not encrypted in transit?

Source: Amazon S3 User Guide, "Enforce encryption of data in transit", and the AWS Config rule
``s3-bucket-ssl-requests-only``: a Deny for everyone where ``aws:SecureTransport`` is false. A bound
on ``s3:TlsVersion`` does not do it: without TLS the key is absent and the Deny does not hold.
"""

from vedette.resources.arn import parse_arn
from vedette.resources.policy.document import PolicyDocument, Statement


def denies_insecure_transport(document: PolicyDocument, resource_arn: str) -> bool:
    """Say whether plain HTTP is denied to everyone for every action on the resource.

    For a bucket that means the bucket and its objects, whether in one statement or in two.
    Raises ArnError if the resource is not named by an ARN.
    """
    service = parse_arn(resource_arn).service
    objects = [f"{resource_arn}/*"] if service == "s3" else []
    denials = [one for one in document.denials if _refuses_plain_http(one, f"{service}:*")]
    return all(
        any(denial.resource_bound.covers(target) for denial in denials)
        for target in (resource_arn, *objects)
    )


def _refuses_plain_http(statement: Statement, actions: str) -> bool:
    principals = statement.principals
    return (
        principals is not None
        and principals.include_everyone()
        and statement.actions.covers(actions)
        and len(statement.conditions) == 1
        and all(
            one.key == "aws:securetransport"
            and one.operator == "bool"
            and "false" in {value.lower() for value in one.values}
            for one in statement.conditions
        )
    )
