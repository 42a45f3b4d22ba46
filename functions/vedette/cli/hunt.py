"""`vedette hunt`: go through CloudTrail logs with the detection rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vedette.cli import options
from vedette.cli.console import EXIT_FINDINGS, EXIT_INCOMPLETE, tell
from vedette.findings.severity import Severity
from vedette.resources.errors import UserError

if TYPE_CHECKING:
    from vedette.aws.session import SessionOptions
    from vedette.operations.hunt import Hunted, HuntRequest
    from vedette.operations.hunt_digests import DigestRequest
    from vedette.operations.hunt_logs import LogSource
    from vedette.reporting.digest_report import DigestReport


class HuntOutput(StrEnum):
    """The formats in which a hunt reports."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    HTML = "html"
    CSV = "csv"


def hunt(
    places: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH…|s3://BUCKET/PREFIX…", help="Files and folders, or prefixes in S3."
        ),
    ],
    rules: options.RuleDirectories = None,
    no_built_in: options.NoBuiltIn = False,
    rule: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this rule, or rules that fit a pattern such as 'impact/*'. Repeatable."
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Only events from this day or time on (UTC)."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Only events before this day or time (UTC)."),
    ] = None,
    severity: Annotated[
        Severity, typer.Option(help="Only matches of at least this severity.")
    ] = Severity.INFORMATIONAL,
    principal: Annotated[
        str | None,
        typer.Option(help="Only matches of this principal: ARN, name, or a pattern with * and ?."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes. Default: one a processor.")
    ] = None,
    timeline: Annotated[
        bool,
        typer.Option("--timeline", help="Tell one principal's story (default: the worst case's)."),
    ] = False,
    baseline: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="What --learn wrote: values that are not new."),
    ] = None,
    learn: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Learn from these logs which values are not new."),
    ] = None,
    validate_digests: Annotated[
        bool,
        typer.Option(
            "--validate-digests",
            help="Validate CloudTrail's digests first: are the logs as AWS delivered them?",
        ),
    ] = False,
    digest_keys: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            help="Public keys for that: what `aws cloudtrail list-public-keys` prints, or one in "
            "PEM or DER. Default: CloudTrail is asked.",
        ),
    ] = None,
    config: options.ConfigFile = None,
    output: Annotated[HuntOutput, typer.Option(help="Format of the report.")] = HuntOutput.TABLE,
    output_file: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Write the report here, readable by you alone."),
    ] = None,
    fail_on: Annotated[
        Severity | None,
        typer.Option(help="End with exit code 1 if something of at least this severity matches."),
    ] = None,
    profile: options.Profile = None,
    role_arn: options.RoleArn = None,
    external_id: options.ExternalId = None,
    region: Annotated[str | None, typer.Option(help="Region of the bucket.")] = None,
    endpoint_url: options.EndpointUrl = None,
) -> None:
    """Hunt through CloudTrail logs and tell what happened, worst first.

    Reads what CloudTrail delivers, bare lists, one record a line and EventBridge events, each also
    as .gz. What cannot be read is said, and the hunt goes on; it ends with exit code 3 then.
    """
    from vedette.cli.hunt_output import run_hunt
    from vedette.operations.hunt import HuntRequest
    from vedette.operations.hunt_rules import RuleChoice
    from vedette.operations.hunt_sightings import Wanted
    from vedette.operations.hunt_workers import processors

    options.require_writable(output_file, learn)
    reach = Reach(profile, role_arn, external_id, region, endpoint_url)
    request = HuntRequest(
        source=_source(places, reach),
        choice=RuleChoice(directories=rules or (), built_in=not no_built_in, rules=rule or ()),
        configuration=config,
        since=_time("--since", since),
        until=_time("--until", until),
        wanted=Wanted(severity=severity, principal=principal),
        workers=workers or processors(),
        baseline=baseline,
        learn=learn,
    )
    if digest_keys is not None and not validate_digests:
        raise UserError("--digest-keys says by which keys to validate; add --validate-digests.")
    digests = _digests(places, reach, digest_keys, request) if validate_digests else None
    hunted, validated = run_hunt(request, output, output_file, digests, timeline=timeline)
    if learn is not None:
        tell(f"Baseline written to {learn}.")
    raise typer.Exit(exit_code(hunted, validated, fail_on))


def exit_code(hunted: "Hunted", validated: "DigestReport | None", fail_on: Severity | None) -> int:
    """Return 1 for something at or above the threshold, else 3 for an incomplete look, else 0.

    A log or a digest that was changed or removed is critical: somebody hides what happened.
    """
    tampered = validated is not None and validated.tampered
    if fail_on is not None and (tampered or hunted.matches_at_least(fail_on)):
        return EXIT_FINDINGS
    complete = hunted.complete and (validated is None or validated.complete)
    return 0 if complete else EXIT_INCOMPLETE


@dataclass(frozen=True, slots=True)
class Reach:
    """How to reach AWS, as the user gave it; a session is opened only where one is needed."""

    profile: str | None
    role_arn: str | None
    external_id: str | None
    region: str | None
    endpoint_url: str | None

    def session(self) -> "SessionOptions":
        """Return the options of a session."""
        regions = [self.region] if self.region else None
        return options.session(
            self.profile, self.role_arn, self.external_id, regions, self.endpoint_url
        )


def _source(places: Sequence[str], reach: Reach) -> "LogSource":
    """Return where the logs are; AWS's library is loaded only for S3, for it takes a while."""
    from vedette.operations.hunt_logs import LocalLogs

    in_s3 = [place for place in places if place.startswith("s3://")]
    if not in_s3:
        return LocalLogs(tuple(map(Path, places)))
    if len(in_s3) < len(places):
        raise UserError("Hunt through either files or S3 at once, not both.")
    from vedette.operations.hunt_bucket import bucket_logs

    return bucket_logs(places, reach.session())


def _digests(
    places: Sequence[str], reach: Reach, key_file: Path | None, request: "HuntRequest"
) -> "DigestRequest":
    """Return what to validate: the digests of the logs that are hunted through."""
    from vedette.operations.hunt_digests import DigestRequest, KeyFile, KeySource, folders

    since, until = request.since, request.until
    keys: KeySource
    if key_file is not None:
        keys = KeyFile(key_file)
    else:
        from vedette.operations.hunt_digests_aws import ListedKeys

        keys = ListedKeys(reach.session())
    if not any(place.startswith("s3://") for place in places):
        store = partial(folders, list(map(Path, places)))
        return DigestRequest(store=store, keys=keys, since=since, until=until)
    from vedette.operations.hunt_digests_aws import bucket_store

    in_s3 = partial(bucket_store, places, reach.session(), since)
    return DigestRequest(store=in_s3, keys=keys, since=since, until=until)


def _time(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{option}: {text} is no time. Write 2026-11-21 or 2026-11-21T06:30:00Z."
        raise UserError(message) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
