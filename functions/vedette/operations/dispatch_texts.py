"""What posture rules say of their findings, read from the docstrings of the deployed rules."""

import ast
import re
from pathlib import Path
from typing import Final

from vedette.alerting.facts import Guidance
from vedette.findings.finding import FindingKind
from vedette.findings.rule_text import RuleTextError, parse_rule_text
from vedette.findings.tracked import TrackedFinding

_RULE_ID: Final = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)+")


class RuleTexts:
    """Reads each rule's text once; `rules` is the folder that holds `posture/`."""

    def __init__(self, rules: Path) -> None:
        self._rules = rules
        self._known: dict[str, Guidance | None] = {}

    def guidance(self, finding: TrackedFinding) -> Guidance | None:
        """Return why a finding matters and what to do; None if its rule has no text here."""
        if finding.kind is not FindingKind.POSTURE or not _RULE_ID.fullmatch(finding.rule):
            return None
        if finding.rule not in self._known:
            self._known[finding.rule] = _read(self._rules / "posture" / f"{finding.rule}.py")
        return self._known[finding.rule]


def _read(path: Path) -> Guidance | None:
    if not path.is_file():
        return None
    try:
        text = parse_rule_text(ast.get_docstring(ast.parse(path.read_text("utf-8"))))
    except (RuleTextError, SyntaxError):
        return None
    return Guidance(why=text.why, fix=text.fix)
