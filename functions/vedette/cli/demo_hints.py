"""What the demo says at its end: what a newcomer may wonder about, and commands that work as is."""

import os.path
import shlex
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from vedette.findings.verdict import Verdict

if TYPE_CHECKING:
    from vedette.operations.demo import Demo
    from vedette.reporting.audit_report import AuditReport

LAUNCHER = Path(__file__).resolve().parents[3] / "scripts" / "vedette"
RUN_AS_MODULE = "__main__.py"


def after_audit(report: "AuditReport", written_to: Path) -> str:
    """Explain what was seen, and say what to try next."""
    commands = (
        (f"rules show {report.summary.fix_first[0].rule}", "why it matters, and how to fix it"),
        ("demo --serve", "keep this account, and audit it yourself"),
        ("doctor --print-policy", "the read-only policy that an audit needs"),
        ("config init", "trust accounts, accept findings"),
        ("hunt FOLDER", "hunt through CloudTrail logs of your own"),
        ("audit --profile NAME", "audit an account of your own, read-only"),
    )
    lines = ("", *_explanations(report, written_to), "", "Try next:", *_in_columns(commands))
    return "\n".join(lines)


def while_serving(running: "Demo", regions: Iterable[str]) -> str:
    """Say how to audit the account from another shell."""
    session = running.session
    key = session.access_key
    credentials = f"AWS_ACCESS_KEY_ID={key.id} AWS_SECRET_ACCESS_KEY={key.secret} " if key else ""
    chosen = " ".join(f"--region {region}" for region in regions)
    audit = (
        f"{credentials}{this_command()} audit --endpoint-url {session.endpoint_url} {chosen} "
        f"--config {shlex.quote(str(running.configuration))}"
    )
    return "\n".join(
        (
            f"It answers at {session.endpoint_url} until Ctrl-C. In another shell:",
            "",
            f"  {audit}",
            "",
            "Add, for example: --severity critical, --service s3, --output json, --fail-on high",
        )
    )


def this_command() -> str:
    """Return what to type for this command: the checkout's launcher, where it was run by it."""
    if Path(sys.argv[0]).name != RUN_AS_MODULE or not LAUNCHER.is_file():
        return "vedette"
    relative = os.path.relpath(LAUNCHER)
    if not relative.startswith(os.pardir):
        relative = f"{os.curdir}{os.sep}{relative}"
    return shlex.quote(min(relative, str(LAUNCHER), key=len))


def _explanations(report: "AuditReport", written_to: Path) -> Iterator[str]:
    unread = sorted({one.resource.id for one in report.findings if one.verdict is Verdict.UNKNOWN})
    if unread:
        yield (
            f"UNKNOWN: {', '.join(unread)} could not be read. That is never called passed, and "
            "`audit` ends with exit code 3."
        )
    for use in report.suppressions:
        accepted = use.suppression
        yield (
            f"Suppressed: {use.matched} findings about {accepted.resource}, until "
            f"{accepted.expires}: {accepted.reason}"
        )
    yield f"Report: {written_to}, a page that needs nothing else. Open it in a browser."


def _in_columns(commands: Iterable[tuple[str, str]]) -> Iterator[str]:
    typed = [(f"{this_command()} {command}", purpose) for command, purpose in commands]
    width = max(len(command) for command, _ in typed)
    for command, purpose in typed:
        yield f"  {command:<{width}}  {purpose}"
