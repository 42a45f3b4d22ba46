"""Builds detection as it runs in AWS: stores in DynamoDB, geography from a bucket."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from vedette.aws.geography import GeographyBucket
from vedette.aws.stores.findings import DynamoFindings
from vedette.aws.stores.hits import DynamoHits
from vedette.aws.stores.retention import retentions
from vedette.aws.stores.state import Marks
from vedette.configuration.deployed import DetectSettings
from vedette.configuration.model import Configuration
from vedette.detection.correlate.plan import plan_of
from vedette.detection.ir import from_json
from vedette.operations.detect import Content, Detector, Stores
from vedette.operations.detect_ours import Ours
from vedette.operations.rules_in_force import KnownWorld
from vedette.operations.telemetry import Telemetry

MakeClient = Callable[[str], Any]
NAME: Final = "detect"


def deployed_detector(
    settings: DetectSettings,
    configuration: Configuration,
    rules: bytes,
    client: MakeClient,
    folder: Path,
) -> Detector:
    """Build a detector; databases of addresses are fetched into `folder`.

    Raises CompiledFormatError for rules of another version, GeographyFetchError, GeographyError.
    """
    compiled = from_json(rules)
    dynamodb = client("dynamodb")
    telemetry = Telemetry(NAME)
    detector = Detector(
        Content(
            rules=compiled,
            world=_world(settings, configuration, client, folder).settings(),
            suppressions=configuration.suppressions,
        ),
        Stores(
            findings=DynamoFindings(dynamodb, settings.findings_table),
            hits=DynamoHits(dynamodb, settings.state_table, retentions(plan_of(compiled))),
            marks=Marks(dynamodb, settings.state_table),
        ),
        Ours(
            accounts=settings.accounts,
            audit_role=settings.audit_role,
            canary_role=settings.canary_role,
            canary_bucket=settings.canary_bucket,
        ),
        telemetry,
    )
    if detector.dark:
        telemetry.say("INFO", "rules are dark", count=len(detector.dark))
    return detector


def _world(
    settings: DetectSettings, configuration: Configuration, client: MakeClient, folder: Path
) -> KnownWorld:
    accounts = configuration.accounts
    organisation = {accounts.organisation} if accounts.organisation else frozenset[str]()
    places, networks = _fetched(settings, client, folder)
    return KnownWorld(
        own_accounts=settings.accounts | frozenset(accounts.own) | organisation,
        trusted_accounts=frozenset(accounts.trusted),
        indicators=dict(configuration.detection.indicators),
        places=places,
        networks=networks,
    )


def _fetched(
    settings: DetectSettings, client: MakeClient, folder: Path
) -> tuple[Path | None, Path | None]:
    keys = (settings.geography_places, settings.geography_networks)
    if settings.geography_bucket is None or not any(keys):
        return None, None
    bucket = GeographyBucket(client("s3"), settings.geography_bucket)
    places, networks = (bucket.fetch(key, folder) if key else None for key in keys)
    return places, networks
