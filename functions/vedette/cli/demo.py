"""`vedette demo`: see it work without an AWS account."""

import typer


def demo() -> None:
    """Audit a small company's account in an embedded AWS (moto)."""
    typer.echo("not built yet", err=True)
