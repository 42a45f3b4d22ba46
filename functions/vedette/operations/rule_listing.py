"""Lists rules and shows one, for people and as JSON."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vedette.configuration.frameworks import load_frameworks
from vedette.operations.selection import Selection, select_rules
from vedette.posture.catalogue import CataloguedRule, load_posture_rules


def listed_rules(
    selection: Selection, directories: Sequence[Path] = (), *, built_in: bool = True
) -> list[CataloguedRule]:
    """Return the rules that a selection leaves. Raises UserError."""
    rules = load_posture_rules(directories=directories, built_in=built_in)
    return select_rules(rules, selection, load_frameworks(directories=directories))


def one_rule(
    rule_id: str, directories: Sequence[Path] = (), *, built_in: bool = True
) -> CataloguedRule | None:
    """Return the posture rule of this id, or of this former id, if there is one."""
    rules = load_posture_rules(directories=directories, built_in=built_in)
    return next((rule for rule in rules if rule_id in (rule.id, *rule.rule.formerly)), None)


def posture_ids(directories: Sequence[Path] = (), *, built_in: bool = True) -> list[str]:
    """Return the ids of all posture rules."""
    return [rule.id for rule in load_posture_rules(directories=directories, built_in=built_in)]


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


def rules_json(rules: Sequence[CataloguedRule], more: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return rules as JSON text, and others behind them that are JSON values already."""
    return json.dumps([*map(_as_json, rules), *more], indent=2)


def _as_json(rule: CataloguedRule) -> dict[str, Any]:
    return {
        "kind": "posture",
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
