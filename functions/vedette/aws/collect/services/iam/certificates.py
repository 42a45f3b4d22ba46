"""Reads the server certificates that are stored in IAM."""

from collections.abc import Iterator

from vedette.aws.collect.reader import Reader
from vedette.aws.collect.services.iam.collectors import NamedCollector
from vedette.aws.collect.tags import TAGS
from vedette.resources.facts import Fact
from vedette.resources.iam import IamServerCertificate
from vedette.resources.resource import GLOBAL_REGION

LIST = "iam:ListServerCertificates"


def find_certificates(
    reader: Reader, _only: frozenset[str] | None
) -> Iterator[IamServerCertificate]:
    """Yield every stored certificate."""
    for answer in reader.pages(LIST, "ServerCertificateMetadataList", MaxItems=1000):
        expires = answer.get("Expiration")
        yield IamServerCertificate(
            arn=answer["Arn"],
            id=answer["ServerCertificateName"],
            account=reader.account,
            region=GLOBAL_REGION,
            expires=Fact.of(expires) if expires else Fact.unreadable(f"{LIST} gave no Expiration"),
        )


SERVER_CERTIFICATES = NamedCollector(
    kind=IamServerCertificate,
    calls=(LIST,),
    find=find_certificates,
    details=(TAGS,),
    is_global=True,
    arn_service="iam",
    arn_prefix="server-certificate/",
)
