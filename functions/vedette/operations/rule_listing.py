"""Lists rules and shows one, for people and as JSON."""

import json
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from vedette.configuration.frameworks import load_frameworks
from vedette.operations.selection import Selection, UsageError, select_rules
from vedette.posture.catalogue import CataloguedRule, load_posture_rules


def listed_rules(
    selection: Selection, directories: Sequence[Path] = (), *, built_in: bool = True
) -> list[CataloguedRule]:
    """Return the rules that a selection leaves. Raises UserError."""
    rules = load_posture_rules(directories=directories, built_in=built_in)
    return select_rules(rules, selection, load_frameworks(directories=directories))


def one_rule(
    rule_id: str, directories: Sequence[Path] = (), *, built_in: bool = True
) -> CataloguedRule:
    """Return the rule of this id, or of this former id. Raises UsageError with near names."""
    rules = load_posture_rules(directories=directories, built_in=built_in)
    for rule in rules:
        if rule_id in (rule.id, *rule.rule.formerly):
            return rule
    near = get_close_matches(rule_id, [rule.id for rule in rules], n=3, cutoff=0.5)
    hint = f" Did you mean {', '.join(near)}?" if near else " `vedette rules list` names them all."
    raise UsageError(f"There is no rule {rule_id}.{hint}")


def rule_page(rule: CataloguedRule) -> str:
    """Return a rule's page as plain text."""
    parts = [
        f"{rule.id}\n{rule.text.title}",
        f"Severity: {rule.rule.severity.value}\nResource: {rule.rule.resource_type.type}",
        f"Why: {rule.text.why}",
        f"Fix: {rule.text.fix}",
        f"Note: {rule.text.note}" if rule.text.note else "",
        _listing("Controls", rule.rule.controls),
        _listing("Reads", [f"{kind.__name__}.{fact}" for kind, fact in rule.rule.reads]),
        _listing(
            "Parameters", [_parameter(name, rule) for name in rule.rule.parameters.model_fields]
        ),
        _listing("Examples", [f"{one.verdict:8}{one.name}" for one in rule.rule.examples]),
        f"File: {rule.path}",
    ]
    return "\n\n".join(part for part in parts if part)


def rules_json(rules: Sequence[CataloguedRule]) -> str:
    """Return rules as JSON text."""
    return json.dumps([_as_json(rule) for rule in rules], indent=2)


def _as_json(rule: CataloguedRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "service": rule.service,
        **rule.text.model_dump(),
        "severity": rule.rule.severity.value,
        "resource_type": rule.rule.resource_type.type,
        "controls": list(rule.rule.controls),
        "formerly": list(rule.rule.formerly),
        "parameters": rule.rule.parameters.model_json_schema().get("properties", {}),
        "built_in": rule.built_in,
        "file": str(rule.path),
    }


def _listing(title: str, lines: Sequence[str]) -> str:
    return "\n".join([f"{title}:", *(f"  {line}" for line in lines)]) if lines else ""


def _parameter(name: str, rule: CataloguedRule) -> str:
    field = rule.rule.parameters.model_fields[name]
    what = f": {field.description}" if field.description else ""
    return f"{name} = {field.get_default(call_default_factory=True)!r}{what}"
