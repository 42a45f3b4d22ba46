"""Reads ECR repositories; the registry's scanning is asked once a region that has any."""

from collections.abc import Iterator

from vedette.aws.collect.collector import Collector, fact
from vedette.aws.collect.describing import answered
from vedette.aws.collect.reader import Answer, Reader
from vedette.aws.collect.tags import TAGS
from vedette.resources.ecr import EcrRepository, RegistryScanning, ScanningRule

DESCRIBE = "ecr:DescribeRepositories"
KEY = "repositories"
GONE = "RepositoryNotFoundException"
REGISTRY = "ecr:GetRegistryScanningConfiguration"


def find_repositories(reader: Reader, only: frozenset[str] | None) -> Iterator[EcrRepository]:
    """Yield the repositories of the account's own registry."""
    for one in _all(reader) if only is None else _these(reader, only):
        yield EcrRepository(
            arn=one["repositoryArn"],
            id=one["repositoryName"],
            account=reader.account,
            region=reader.region,
            scans_on_push=answered(one, DESCRIBE, "imageScanningConfiguration", "scanOnPush"),
        )


def _all(reader: Reader) -> Iterator[Answer]:
    yield from reader.pages(DESCRIBE, KEY, maxResults=1000)


def _these(reader: Reader, names: frozenset[str]) -> Iterator[Answer]:
    """Ask one by one: a name that is not found would take the others with it."""
    for name in sorted(names):
        answer = reader.optional(DESCRIBE, GONE, repositoryNames=[name])
        yield from answer[KEY] if answer else ()


def _registry(reader: Reader, _repository: EcrRepository) -> RegistryScanning:
    return reader.once(REGISTRY, _scanning)


def _scanning(reader: Reader) -> RegistryScanning:
    stored = reader.call(REGISTRY)["scanningConfiguration"]
    return RegistryScanning(
        is_enhanced=stored["scanType"] == "ENHANCED",
        rules=tuple(
            ScanningRule(
                frequency=one["scanFrequency"],
                filters=tuple(each["filter"] for each in one.get("repositoryFilters") or ()),
            )
            for one in stored.get("rules") or ()
        ),
    )


COLLECTORS = (
    Collector(
        kind=EcrRepository,
        calls=(DESCRIBE,),
        find=find_repositories,
        details=(fact("registry", REGISTRY, read=_registry), TAGS),
        arn_service="ecr",
        arn_prefix="repository/",
    ),
)
