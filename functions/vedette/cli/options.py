"""Options that several commands share."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vedette.resources.errors import UserError

if TYPE_CHECKING:
    from vedette.aws.session import SessionOptions

Profile = Annotated[
    str | None, typer.Option(help="Profile of your AWS configuration. Default: the environment's.")
]
RoleArn = Annotated[
    str | None, typer.Option(metavar="ARN", help="Role to assume in the account to look at.")
]
ExternalId = Annotated[
    str | None, typer.Option(help="External id that the role's trust policy asks for.")
]
Regions = Annotated[
    list[str] | None,
    typer.Option("--region", help="Region to look at. Repeatable. Default: all switched on."),
]
RuleDirectories = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="DIR", help="Folder with rules of your own (DIR/posture/<service>/<rule>.py)."
    ),
]
NoBuiltIn = Annotated[
    bool, typer.Option("--no-built-in", help="Leave out the rules that come with Vedette.")
]
ConfigFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Configuration (see `vedette config init`)."),
]
EndpointUrl = Annotated[
    str | None, typer.Option(metavar="URL", help="Endpoint other than AWS's, such as moto's.")
]


def session(
    profile: str | None,
    role_arn: str | None,
    external_id: str | None,
    regions: Sequence[str] | None,
    endpoint_url: str | None,
) -> "SessionOptions":
    """Return the options of a session; the first region named is where it asks first."""
    from vedette.operations.account_reading import session_options

    return session_options(
        profile=profile,
        role_arn=role_arn,
        external_id=external_id,
        region=regions[0] if regions else None,
        endpoint_url=endpoint_url,
    )


def require_writable(*paths: Path | None) -> None:
    """Raise UserError for a file that could not be written, before time is spent on its content."""
    for path in paths:
        if path is not None and not path.absolute().parent.is_dir():
            raise UserError(f"{path}: there is no folder {path.absolute().parent}. Make it first.")
