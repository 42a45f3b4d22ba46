"""Collects the posture rules of all roots and names each by its path."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vedette.configuration.content import (
    ContentError,
    ContentFile,
    ContentProblem,
    content_files,
    load_module,
)
from vedette.findings.rule_text import RuleText, RuleTextError, parse_rule_text
from vedette.posture.rule import PostureRule

KIND = "posture"


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguedRule:
    """A posture rule with its id, its documentation and its file."""

    id: str
    text: RuleText
    rule: PostureRule[Any]
    path: Path
    built_in: bool

    @property
    def service(self) -> str:
        """Return the service, which is the first folder of the id."""
        return self.id.split("/", 1)[0]

    @property
    def stable_id(self) -> str:
        """Return the id that findings are keyed on: the oldest one that the rule ever had."""
        return self.rule.formerly[0] if self.rule.formerly else self.id


def load_posture_rules(
    *, directories: Sequence[Path] = (), built_in: bool = True
) -> list[CataloguedRule]:
    """Load every posture rule, ours and those of `directories`, in the order of their ids.

    Raises ContentError that lists every broken file with its line.
    """
    rules: list[CataloguedRule] = []
    problems: list[ContentProblem] = []
    for file in content_files(KIND, ".py", directories=directories, built_in=built_in):
        try:
            rules.append(_load(file))
        except ContentError as error:
            problems += error.problems
    problems += _reused_ids(rules)
    if problems:
        raise ContentError(problems)
    return rules


def _load(file: ContentFile) -> CataloguedRule:
    module = load_module(KIND, file)
    rule = getattr(module, "rule", None)
    if not isinstance(rule, PostureRule):
        raise _error(file, 1, "it defines no `rule` with the decorator @posture_rule")
    try:
        text = parse_rule_text(module.__doc__)
    except RuleTextError as error:
        raise _error(file, 1, str(error)) from error
    for kind, fact in rule.reads:
        if fact not in kind.fact_names():
            message = f"`reads` names {kind.__name__}.{fact}, which is not a fact"
            raise _error(file, rule.line, message)
    return CataloguedRule(id=file.id, text=text, rule=rule, path=file.path, built_in=file.built_in)


def _reused_ids(rules: Sequence[CataloguedRule]) -> list[ContentProblem]:
    ids = {rule.id: rule for rule in rules}
    return [
        ContentProblem(
            path=rule.path,
            line=rule.rule.line,
            message=f"`formerly` names {old}, which is the id of {ids[old].path}",
        )
        for rule in rules
        for old in rule.rule.formerly
        if old in ids
    ]


def _error(file: ContentFile, line: int, message: str) -> ContentError:
    return ContentError([ContentProblem(path=file.path, line=line, message=message)])
