"""Chooses the rules of an audit, and from them what has to be read."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from vedette.aws.collect.catalogue import resource_named_by
from vedette.aws.collect.driver import Plan
from vedette.configuration.content import ContentError, ContentProblem
from vedette.findings.finding import Control, parse_control
from vedette.findings.frameworks import Framework
from vedette.findings.severity import Severity
from vedette.operations.usage import UsageError
from vedette.posture.catalogue import CataloguedRule
from vedette.resources.arn import Arn, ArnError, parse_arn
from vedette.resources.resource import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Restrictions on the rules: empty means no restriction, several in one are alternatives."""

    services: Sequence[str] = ()
    rules: Sequence[str] = ()
    frameworks: Sequence[str] = ()
    severity: Severity = Severity.INFORMATIONAL
    resources: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The resources that the user named by ARN."""

    arns: tuple[Arn, ...] = ()
    ids: Mapping[type[Resource], frozenset[str]]


def require_known_controls(
    rules: Sequence[CataloguedRule], frameworks: Mapping[str, Framework]
) -> None:
    """Raise ContentError that lists every control a rule names and no framework has."""
    problems = [
        ContentProblem(
            path=rule.path,
            line=rule.rule.line,
            message=f"the control {text} stands in no framework file",
        )
        for rule in rules
        for text in rule.rule.controls
        if not _exists(parse_control(text), frameworks)
    ]
    if problems:
        raise ContentError(problems)


def select_rules(
    rules: Sequence[CataloguedRule], selection: Selection, frameworks: Mapping[str, Framework]
) -> list[CataloguedRule]:
    """Return the rules that the selection leaves.

    Raises UsageError for a service, framework or rule pattern that names nothing.
    """
    _require(selection.services, {rule.service for rule in rules}, "service")
    _require(selection.frameworks, frameworks, "framework")
    for pattern in selection.rules:
        if not any(_named(rule, pattern) for rule in rules):
            raise UsageError(
                f"No rule is called {pattern}. `vedette rules list` names them all; "
                "* and ? stand for any text and any character."
            )
    selected = [rule for rule in rules if _selected(rule, selection)]
    if not selected:
        raise UsageError("No rule is left: each restriction names some, but none fits all of them.")
    return selected


def named_resources(selection: Selection, account: str) -> Named:
    """Return the resources that the selection names.

    Raises UsageError for what is no ARN, of another account, or of a kind nobody looks at.
    """
    ids: defaultdict[type[Resource], set[str]] = defaultdict(set)
    arns = []
    for text in selection.resources:
        try:
            arn = parse_arn(text)
            kind, one_id = resource_named_by(arn)
        except ArnError as error:
            raise UsageError(f"--resource: {error}.") from error
        if arn.account not in ("", account):
            raise UsageError(f"--resource: {arn} is not in account {account}.")
        arns.append(arn)
        ids[kind].add(one_id)
    return Named(arns=tuple(arns), ids={kind: frozenset(found) for kind, found in ids.items()})


def rules_for(rules: Sequence[CataloguedRule], named: Named) -> list[CataloguedRule]:
    """Return the rules that judge the named resources, or all if none are named."""
    if not named.arns:
        return list(rules)
    left = [rule for rule in rules if rule.rule.resource_type in named.ids]
    if not left:
        kinds = ", ".join(sorted(kind.type for kind in named.ids))
        raise UsageError(f"None of the selected rules judges {kinds}.")
    return left


def plan_for(rules: Iterable[CataloguedRule], named: Named) -> Plan:
    """Return what has to be read for these rules: no fact that none of them opens."""
    facts: defaultdict[type[Resource], set[str]] = defaultdict(set)
    for one in rules:
        # Findings carry the tags of the resource, and suppressions may name them.
        facts[one.rule.resource_type].add("tags")
        for kind, name in one.rule.reads:
            facts[kind].add(name)
    return Plan(
        facts={kind: frozenset(names) for kind, names in facts.items()}, only=dict(named.ids)
    )


def _exists(control: Control, frameworks: Mapping[str, Framework]) -> bool:
    framework = frameworks.get(control.framework)
    return framework is not None and control.id in framework.controls


def _require(wanted: Iterable[str], existing: Collection[str], what: str) -> None:
    for name in wanted:
        if name not in existing:
            raise UsageError(
                f"There is no {what} {name}. There are: {', '.join(sorted(existing))}."
            )


def _selected(rule: CataloguedRule, selection: Selection) -> bool:
    frameworks = {control.partition(":")[0] for control in rule.rule.controls}
    return (
        (not selection.services or rule.service in selection.services)
        and (not selection.rules or any(_named(rule, one) for one in selection.rules))
        and (not selection.frameworks or bool(frameworks.intersection(selection.frameworks)))
        and rule.rule.severity.rank >= selection.severity.rank
    )


def _named(rule: CataloguedRule, pattern: str) -> bool:
    return any(fnmatchcase(one, pattern) for one in (rule.id, *rule.rule.formerly))
