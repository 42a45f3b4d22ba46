"""Compiles a `detection:` section: its named selections and the condition over them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sigma.conditions import (
    ConditionAND,
    ConditionIdentifier,
    ConditionNOT,
    ConditionOR,
    ConditionSelector,
    SigmaCondition,
)
from sigma.rule import SigmaDetection, SigmaDetectionItem, SigmaDetections

from vedette.configuration.content import ContentProblem
from vedette.configuration.yaml_file import Location
from vedette.detection.compile.documents import Document
from vedette.detection.compile.parsing import parsed
from vedette.detection.compile.refusal import RefusalError
from vedette.detection.compile.values import ValueCompiler
from vedette.detection.ir import NEVER, Condition, Held, Not, Null, all_of, any_of


@dataclass(slots=True, kw_only=True)
class SectionCompiler:
    """Compiles one section (`detection` or `filter`) of a document; collects the problems."""

    document: Document
    section: str
    values: ValueCompiler
    problems: list[ContentProblem] = field(default_factory=list)

    def selections(self, detections: SigmaDetections) -> dict[str, Condition]:
        """Compile every named selection."""
        definitions = self.document.content[self.section]
        return {
            name: self._selection(detection, definitions[name], (self.section, name))
            for name, detection in detections.detections.items()
        }

    def condition(self, detections: SigmaDetections) -> Condition:
        """Compile the condition; of several, any is enough."""
        compiled = []
        for condition in detections.parsed_condition:
            try:
                tree = _parsed_tree(condition)
                compiled.append(self._of_tree(tree, detections.detections))
            except RefusalError as refusal:
                self._report((self.section, "condition"), refusal)
        return any_of(*compiled)

    def _selection(self, detection: SigmaDetection, given: Any, location: Location) -> Condition:
        """Compile a mapping (all its entries hold) or a list (any of its entries does)."""
        join = all_of if detection.item_linking is ConditionAND else any_of
        parts = []
        for place, entry in enumerate(detection.detection_items):
            if isinstance(entry, SigmaDetection):
                parts.append(self._selection(entry, given[place], (*location, place)))
            else:
                key = (list(given)[place],) if isinstance(given, Mapping) else ()
                parts.append(self._entry(entry, (*location, *key)))
        return join(*parts)

    def _entry(self, entry: SigmaDetectionItem, location: Location) -> Condition:
        try:
            return _entry_condition(self.values, entry)
        except RefusalError as refusal:
            self._report(location, refusal)
            return NEVER

    def _of_tree(self, tree: Any, names: Collection[str]) -> Condition:
        match tree:
            case ConditionSelector():
                join = all_of if tree.cond_class is ConditionAND else any_of
                return join(*map(Held, self._selected(tree.pattern, names)))
            case ConditionIdentifier():
                if tree.identifier not in names:
                    raise RefusalError(f"no selection is called {tree.identifier}")
                return Held(tree.identifier)
            case ConditionAND():
                return all_of(*(self._of_tree(part, names) for part in tree.args))
            case ConditionOR():
                return any_of(*(self._of_tree(part, names) for part in tree.args))
            case ConditionNOT():
                return Not(self._of_tree(tree.args[0], names))
        raise RefusalError(f"the condition holds a {type(tree).__name__}, which is not supported")

    def _selected(self, pattern: str, names: Collection[str]) -> list[str]:
        """Find the selections that `them` or a glob means.

        Those that start with an underscore are left out, unless the glob does too. In a filter they
        count: pySigma gives each selection a prefix before it adds a filter to a rule.
        """
        glob = re.compile("(.*)" if pattern == "them" else pattern.replace("*", ".*"))
        hidden = pattern.startswith("_") or self.section == "filter"
        found = [one for one in names if glob.fullmatch(one) and (hidden or one[0] != "_")]
        if not found:
            raise RefusalError(f"no selection is called {pattern}")
        return found

    def _report(self, location: Location, refusal: RefusalError) -> None:
        self.problems.append(self.document.problem(location, str(refusal)))


def _entry_condition(values: ValueCompiler, entry: SigmaDetectionItem) -> Condition:
    condition: Condition
    if entry.value:
        join = all_of if entry.value_linking is ConditionAND else any_of
        condition = join(*values.conditions(entry))
    elif entry.field is not None:
        condition = Null(entry.field)
    else:
        raise RefusalError("an empty list without a field can match nothing")
    return Not(condition) if entry.negated else condition


def _parsed_tree(condition: SigmaCondition) -> Any:
    return parsed(lambda: condition.parse(postprocess=False))
