"""Writes the one file that a new posture rule takes."""

import re
from pathlib import Path

from vedette.operations.usage import UsageError
from vedette.resources.errors import UserError
from vedette.resources.kinds import resource_kinds
from vedette.resources.resource import Resource

ID = re.compile(r"[a-z][a-z0-9]*/[a-z][a-z0-9_]*\Z")
TEMPLATE = '''\
"""{title}.

Why: say what can go wrong while the resource is not in this state, and for whom.
Fix: say what to change, with the command that changes it.

    aws {service} …
"""

from vedette.posture.rule import (
    FAILED,
    PASSED,
    UNKNOWN,
    Context,
    Example,
    Fact,
    Judgement,
    NoParameters,
    Severity,
    failed,
    known,
    passed,
    posture_rule,
)
from {module} import {kind}

GOOD = {kind}.sample({fact}={{"key": "good"}})
BAD = {kind}.sample({fact}={{"key": "bad"}})
UNREAD = {kind}.sample({fact}=Fact.unreadable("AccessDenied"))


@posture_rule(
    {kind},
    severity=Severity.MEDIUM,
    reads=(({kind}, "{fact}"),),
    examples=(
        Example("it is in the good state", GOOD, PASSED),
        Example("it is not", BAD, FAILED),
        Example("access is denied", UNREAD, UNKNOWN),
    ),
)
def rule(resource: {kind}, context: Context[NoParameters]) -> Judgement:
    {fact} = known(resource.{fact})
    if {fact}.get("key") == "good":
        return passed("The tag says good.")
    return failed("The tag does not say good.", {fact}=dict({fact}))
'''


def write_rule(rule_id: str, directory: Path, kind_name: str) -> Path:
    """Write `<directory>/posture/<service>/<good_state>.py`; it loads and judges from the start.

    Raises UserError for an id out of form, an unknown kind of resource or an existing file.
    """
    if not ID.match(rule_id):
        raise UsageError(
            f"{rule_id} is not a rule id. It is <service>/<good_state>, in lower case with "
            "underscores, such as s3/bucket_blocks_public_access."
        )
    path = directory / "posture" / f"{rule_id}.py"
    text = _text(rule_id, _kind(kind_name))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as new:
            new.write(text)
    except FileExistsError as error:
        raise UserError(f"{path} exists already. Choose another id.") from error
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}).") from error
    return path


def _kind(name: str) -> type[Resource]:
    kinds = resource_kinds()
    if name not in kinds:
        raise UsageError(
            f"There is no snapshot class {name}. There are: {', '.join(sorted(kinds))}."
        )
    return kinds[name]


def _text(rule_id: str, kind: type[Resource]) -> str:
    service, state = rule_id.split("/")
    title = f"{kind.type.rpartition('::')[2]} {state.replace('_', ' ')}"
    return TEMPLATE.format(
        title=title, service=service, module=kind.__module__, kind=kind.__name__, fact="tags"
    )
