"""What must not change unseen: the light templates, the hub's logical ids, each role's rights.

A logical id that goes takes its resource with it, so a new name for an old table loses a table.
"""

import json
from collections.abc import Callable
from pathlib import Path

from tests.infra.conftest import Synthesis
from tests.infra.templates import Template, actions, resources

FOLDER = Path(__file__).parents[1] / "golden" / "templates"
Golden = Callable[[Path, str], None]


def text(value: object) -> str:
    return json.dumps(value, indent=1, sort_keys=True) + "\n"


def test_the_template_of_a_region_is_as_it_was(golden: Golden, everything: Synthesis) -> None:
    golden(FOLDER / "region.json", text(everything.region("us-east-1").content))


def test_the_template_of_a_member_is_as_it_was(golden: Golden, everything: Synthesis) -> None:
    content = everything.member.content
    for role in everything.member.of_type("AWS::IAM::Role").values():
        # The calls of an audit change with the rules; they are compared with their source.
        role["Properties"].pop("Policies", None)
    golden(FOLDER / "member.json", text(content))


def test_resources_of_the_hub_keep_their_logical_ids(
    golden: Golden, plain: Synthesis, everything: Synthesis
) -> None:
    ids = {
        name: {key: one["Type"] for key, one in synthesis.hub.content["Resources"].items()}
        for name, synthesis in (("plain", plain), ("everything", everything))
    }
    # A layer's id says what is in it.
    golden(FOLDER / "logical_ids.json", text(ids))


def rights(template: Template, role: str) -> list[str]:
    return sorted(
        f"{action} on {json.dumps(resource)}"
        for one in template.role_statements(role)
        for action in actions(one)
        for resource in resources(one)
    )


def test_the_rights_of_each_role_are_as_they_were(golden: Golden, everything: Synthesis) -> None:
    roles = {
        role: rights(everything.hub, role)
        for role in everything.hub.of_type("AWS::IAM::Role")
        if not role.startswith("AuditRole")
    }
    assert len(roles) == 12
    golden(FOLDER / "rights.json", text(roles))
