"""IAM Access Analyzer, which moto lacks.

Source: IAM Access Analyzer API Reference. An analyzer is active as soon as it is created.
"""

from datetime import UTC, datetime
from typing import Any

from vedette.aws.stand_in.call import Answer
from vedette.aws.stand_in.gaps.exchange import Exchange, Gap

NOT_FOUND, CONFLICT = 404, 409


def analyzer(name: str, arn: str, kind: str, tags: dict[str, str] | None = None) -> dict[str, Any]:
    """Describe an analyzer as ListAnalyzers does; `kind` is its `type`."""
    return {
        "arn": arn,
        "name": name,
        "type": kind,
        "createdAt": datetime.now(UTC),
        "tags": tags or {},
        "status": "ACTIVE",
    }


def _list_analyzers(exchange: Exchange) -> Answer:
    kind = exchange.parameters.get("type")
    known = exchange.state.analyzers[exchange.place]
    return exchange.reply(
        {"analyzers": [one for one in known if kind is None or one["type"] == kind]}
    )


def _get_analyzer(exchange: Exchange) -> Answer:
    found = _named(exchange)
    return exchange.reply({"analyzer": found}) if found else _missing(exchange)


def _create_analyzer(exchange: Exchange) -> Answer:
    asked = exchange.parameters
    if _named(exchange):
        return exchange.refuse("ConflictException", "The analyzer exists.", CONFLICT)
    arn = exchange.arn("access-analyzer", f"analyzer/{asked['analyzerName']}")
    created = analyzer(asked["analyzerName"], arn, asked["type"], asked.get("tags"))
    exchange.state.analyzers[exchange.place].append(created)
    return exchange.reply({"arn": arn})


def _delete_analyzer(exchange: Exchange) -> Answer:
    found = _named(exchange)
    if found is None:
        return _missing(exchange)
    exchange.state.analyzers[exchange.place].remove(found)
    return exchange.reply()


def _named(exchange: Exchange) -> dict[str, Any] | None:
    name = exchange.parameters["analyzerName"]
    known = exchange.state.analyzers[exchange.place]
    return next((one for one in known if one["name"] == name), None)


def _missing(exchange: Exchange) -> Answer:
    return exchange.refuse("ResourceNotFoundException", "No such analyzer.", NOT_FOUND)


GAPS: dict[str, Gap] = {
    "accessanalyzer:CreateAnalyzer": _create_analyzer,
    "accessanalyzer:DeleteAnalyzer": _delete_analyzer,
    "accessanalyzer:GetAnalyzer": _get_analyzer,
    "accessanalyzer:ListAnalyzers": _list_analyzers,
}
