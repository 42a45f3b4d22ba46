"""Builds the documentation into `build/docs`; a dead link or an unknown control fails the build.

The rule reference is generated from the rules: one page per rule, one index by service.
"""

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from vedette.configuration.frameworks import load_frameworks
from vedette.findings.frameworks import Framework
from vedette.posture.catalogue import CataloguedRule, load_posture_rules

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "build" / "docs-source"


def main() -> int:
    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.copytree(ROOT / "docs", SOURCE)
    write_rule_reference(SOURCE / "rules", load_posture_rules(), load_frameworks())
    command = (sys.executable, "-m", "mkdocs", "--quiet", "build", "--strict", "--clean")
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def write_rule_reference(
    folder: Path, rules: Sequence[CataloguedRule], frameworks: Mapping[str, Framework]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.md").write_text(index_page(rules))
    for rule in rules:
        page = folder / f"{rule.id}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(rule_page(rule, frameworks))


def index_page(rules: Sequence[CataloguedRule]) -> str:
    """The rules by service, which is the first folder of their ids: `rules` is ordered by id."""
    lines = ["# Rules", "", f"{len(rules)} rules come with Vedette."]
    for service, group in groupby(rules, key=lambda rule: rule.service):
        lines += ["", f"## {service}", "", "| rule | asks that | severity |", "|---|---|---|"]
        lines += [
            f"| [{rule.id}]({rule.id}.md) | {cell(rule.text.title)} | {rule.rule.severity} |"
            for rule in group
        ]
    return "\n".join(lines) + "\n"


def rule_page(rule: CataloguedRule, frameworks: Mapping[str, Framework]) -> str:
    """One rule as Markdown: its text, and what its declaration says."""
    declared = rule.rule
    reads = ", ".join(f"`{kind.type}` {fact}" for kind, fact in declared.reads)
    parts = [
        f"# {rule.text.title}",
        f"`{rule.id}` · severity {declared.severity} · `{declared.resource_type.type}`",
        f"## Why\n\n{sentence(rule.text.why)}",
        f"## Fix\n\n{sentence(rule.text.fix)}",
    ]
    if rule.text.note:
        parts.append(f"## Note\n\n{sentence(rule.text.note)}")
    if declared.controls:
        controls = [f"- {control_line(control, frameworks)}" for control in declared.controls]
        parts.append("## Controls\n\n" + "\n".join(controls))
    if declared.parameters.model_fields:
        parts.append(f"## Parameters\n\n{parameter_table(rule)}")
    parts.append(f"## Facts\n\nIt reads {reads}." if reads else "## Facts\n\nIt reads none.")
    return "\n\n".join(parts) + "\n"


def control_line(control: str, frameworks: Mapping[str, Framework]) -> str:
    """The framework's name, the control's id and title.

    Raises KeyError for a control that no framework has.
    """
    file, _, control_id = control.partition(":")
    framework = frameworks[file]
    return f"{framework.name}: {control_id}, {framework.controls[control_id]}"


def parameter_table(rule: CataloguedRule) -> str:
    lines = ["| parameter | default | meaning |", "|---|---|---|"]
    lines += [
        f"| `{name}` | `{field.get_default(call_default_factory=True)}` "
        f"| {cell(field.description or '')} |"
        for name, field in rule.rule.parameters.model_fields.items()
    ]
    return "\n".join(lines)


def sentence(text: str) -> str:
    """Begin with a capital, unless the first word is a name such as `iam:PassRole`."""
    first = text.split(maxsplit=1)[0] if text else ""
    return text[:1].upper() + text[1:] if first.isalpha() else text


def cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
