"""Reads the analyzers of IAM Access Analyzer, region by region."""

from collections.abc import Iterator

from vedette.aws.collect.collector import Collector
from vedette.aws.collect.reader import Reader
from vedette.resources.accessanalyzer import AccessAnalyzerRegion, Analyzer
from vedette.resources.arn import Arn
from vedette.resources.facts import Fact

LIST = "accessanalyzer:ListAnalyzers"


def find_analyzers(reader: Reader, _only: frozenset[str] | None) -> Iterator[AccessAnalyzerRegion]:
    """Yield the region with its analyzers."""
    analyzers = tuple(
        Analyzer(name=one["name"], kind=one["type"], status=one["status"])
        for one in reader.pages(LIST, "analyzers")
    )
    root = Arn(
        partition=reader.partition,
        service="iam",
        region="",
        account=reader.account,
        resource="root",
    )
    yield AccessAnalyzerRegion(
        arn=str(root),
        id=reader.account,
        account=reader.account,
        region=reader.region,
        tags=Fact.of({}),
        analyzers=Fact.of(analyzers),
    )


COLLECTORS = (Collector(kind=AccessAnalyzerRegion, calls=(LIST,), find=find_analyzers),)
