"""Lists detections and exclusions, shows one, tests them, and maps what they cover."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from vedette.configuration.content import ContentProblem, built_in_root
from vedette.configuration.loader import load_configuration
from vedette.detection.catalogue import (
    DetectionCatalogue,
    LoadedDetection,
    load_detection_rules,
)
from vedette.detection.compile.anchors import fault_of
from vedette.detection.content import KIND
from vedette.detection.extensions import parsed
from vedette.detection.ir import CompiledCorrelation, CompiledExclusion
from vedette.detection.rule_test_events import BaseEvents, read_base_events
from vedette.detection.rule_tests import RuleTestReport, run_rule_tests
from vedette.findings.attack import tactics_of, techniques_of
from vedette.findings.severity import Severity
from vedette.operations.hunt_rules import RuleChoice, load_catalogue, shipped_placeholders
from vedette.operations.usage import UsageError

BASE_EVENTS = "base_events"
PLACEHOLDER = re.compile(r"%([A-Za-z0-9_]+)%")
ATTACK_VERSION = "17"
LAYER_VERSION = "4.5"
NAVIGATOR_VERSION = "5.1.0"
# Stands for the principals of exclusions in tests: nobody is called so.
NOBODY = "arn:aws:iam::000000000000:role/nobody"


def detections(
    directories: Sequence[Path] = (), *, built_in: bool = True, configuration: Path | None = None
) -> DetectionCatalogue:
    """Load all detections and exclusions, those that a configuration disables left in.

    Raises ContentError for a folder that is unusable, and YamlError for the configuration.
    """
    choice = RuleChoice(directories=directories, built_in=built_in)
    return load_catalogue(choice, load_configuration(configuration))


def level_of(detection: LoadedDetection) -> Severity | None:
    """Return the severity of a detection; an exclusion has none."""
    compiled = detection.compiled
    return None if isinstance(compiled, CompiledExclusion) else compiled.level


def at_least(catalogue: DetectionCatalogue, severity: Severity) -> list[LoadedDetection]:
    """Return the detections of at least this severity; exclusions only if all are wanted."""
    return [
        one
        for one in catalogue.detections
        if (level_of(one) or Severity.INFORMATIONAL).rank >= severity.rank
    ]


def one_detection(
    rule_id: str, catalogue: DetectionCatalogue, others: Sequence[str] = ()
) -> LoadedDetection:
    """Return the detection or exclusion that has this id or had it before it was moved.

    Raises UsageError with near names.
    """
    for one in catalogue.detections:
        if rule_id == one.id or rule_id in parsed(one.extension).formerly:
            return one
    ids = [*others, *(one.id for one in catalogue.detections)]
    near = get_close_matches(rule_id, ids, n=3, cutoff=0.5)
    hint = f" Did you mean {', '.join(near)}?" if near else " `vedette rules list` names them all."
    raise UsageError(f"There is no rule {rule_id}.{hint}")


def detection_page(detection: LoadedDetection, catalogue: DetectionCatalogue) -> str:
    """Return the page of a detection or exclusion as plain text."""
    extension = parsed(detection.extension)
    parts = [
        f"{detection.id}\n{detection.title}",
        _facts(detection),
        detection.description,
        _listing("False positives", detection.false_positives),
        _listing("First steps", [_step(one.step, one.fields) for one in extension.triage]),
        _quieting(detection, catalogue),
        _listing("References", detection.references),
        f"File: {detection.path}",
    ]
    return "\n\n".join(part for part in parts if part)


def detections_json(
    some: Sequence[LoadedDetection], catalogue: DetectionCatalogue
) -> list[dict[str, Any]]:
    """Return detections and exclusions as JSON values."""
    return [_as_json(one, catalogue) for one in some]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTests:
    """What the tests inside rules said, and which rules could not even be loaded."""

    tested: tuple[RuleTestReport, ...]
    refused: tuple[ContentProblem, ...]

    @property
    def passed(self) -> bool:
        """Tell whether everything is as it should be."""
        return not self.refused and all(one.passed for one in self.tested)

    @property
    def tests(self) -> int:
        """Return how many tests ran."""
        return sum(len(one.results) for one in self.tested)


def run_tests_below(path: Path | None, configuration: Path | None = None) -> RuleTests:
    """Run the tests inside the rules below a path, or inside all of Vedette's own.

    Of the configuration only the placeholders count. Exclusions of ours are refused if they hold
    by what callers set. Raises UsageError if there is nothing there.
    """
    if path is not None and not path.exists():
        raise UsageError(f"{path}: there is no such file or folder.")
    root = _root_of(path) if path is not None else None
    is_ours = path is None or path.resolve().is_relative_to(built_in_root().resolve())
    catalogue = _in_tests(() if root is None or is_ours else (root,), configuration)
    chosen = [one for one in catalogue.detections if _is_below(one.path, path)]
    refused = [one for one in catalogue.refused if _is_below(one.path, path)]
    if not chosen and not refused:
        raise UsageError(f"{path}: there are no rules there.")
    refused += [fault for one in chosen if one.built_in and (fault := _fault(one))]
    tested = run_rule_tests(catalogue, _bases(root), [one.id for one in chosen])
    return RuleTests(tested=tuple(tested), refused=tuple(refused))


def navigator_layer(catalogue: DetectionCatalogue) -> str:
    """Return what the detections cover as a layer for MITRE's ATT&CK Navigator.

    The score of a technique is the number of rules that show it.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for one in catalogue.detections:
        if isinstance(one.compiled, CompiledExclusion):
            continue
        for technique in techniques_of(one.compiled.tags):
            for tactic in tactics_of(one.compiled.tags):
                found.setdefault((technique, tactic), []).append(one.id)
    most = max(map(len, found.values()), default=1)
    layer = {
        "name": "Vedette detections",
        "description": "CloudTrail detections, by the number of rules for each technique.",
        "domain": "enterprise-attack",
        "versions": {
            "attack": ATTACK_VERSION,
            "layer": LAYER_VERSION,
            "navigator": NAVIGATOR_VERSION,
        },
        "filters": {"platforms": ["IaaS", "SaaS", "Identity Provider", "Office Suite"]},
        "gradient": {"colors": ["#e8f1f8", "#23598b"], "minValue": 0, "maxValue": most},
        "techniques": [
            {
                "techniqueID": technique,
                "tactic": tactic,
                "score": len(rules),
                "comment": ", ".join(rules),
                "enabled": True,
                "showSubtechniques": "." in technique,
            }
            for (technique, tactic), rules in sorted(found.items())
        ],
    }
    return json.dumps(layer, indent=2)


def _in_tests(directories: Sequence[Path], configuration: Path | None) -> DetectionCatalogue:
    given = load_configuration(configuration).configuration.detection.placeholders
    nobody: dict[str, Sequence[str | int]] = dict.fromkeys(shipped_placeholders(), (NOBODY,))
    return load_detection_rules(directories=directories, placeholders=dict(given) | nobody)


def _fault(detection: LoadedDetection) -> ContentProblem | None:
    """Say that an exclusion can hold by what callers set alone, if it can."""
    compiled = detection.compiled
    if not isinstance(compiled, CompiledExclusion):
        return None
    return fault_of(compiled, detection.document)


def _root_of(path: Path) -> Path:
    """Return the folder to load for a path: one laid out like Vedette's, or a plain folder."""
    resolved = path.resolve()
    for folder in (resolved, *resolved.parents):
        if folder.name == KIND:
            return folder.parent
    return resolved if resolved.is_dir() else resolved.parent


def _is_below(path: Path, wanted: Path | None) -> bool:
    return wanted is None or path.resolve().is_relative_to(wanted.resolve())


def _bases(root: Path | None) -> BaseEvents:
    bases = read_base_events(built_in_root() / KIND / BASE_EVENTS)
    if root is not None:
        bases |= read_base_events(root / KIND / BASE_EVENTS)
    return bases


def _facts(detection: LoadedDetection) -> str:
    compiled = detection.compiled
    if isinstance(compiled, CompiledExclusion):
        return "\n".join(_facts_of_exclusion(detection))
    kind = "Correlation" if isinstance(compiled, CompiledCorrelation) else "Rule"
    lines = [f"Severity: {compiled.level.value}", f"Kind: {kind}"]
    if compiled.tags:
        lines.append(f"Tags: {', '.join(compiled.tags)}")
    if compiled.sigma_id:
        lines.append(f"Sigma id: {compiled.sigma_id}")
    if isinstance(compiled, CompiledCorrelation):
        lines.append(f"Counts: {', '.join(compiled.rules)}")
    if not compiled.alerts:
        lines.append("It says nothing by itself: correlations count it.")
    return "\n".join(lines)


def _facts_of_exclusion(detection: LoadedDetection) -> Iterator[str]:
    yield "Exclusion: a match on which it holds is informational."
    for name in _placeholders(detection):
        yield f"%{name}% stands for what detection.placeholders.{name} lists in vedette.yml."
    if fault := _fault(detection):
        yield f"Caution: {fault.message}. An attacker can make it hold."


def _placeholders(detection: LoadedDetection) -> list[str]:
    """Return the placeholders that a document asks the configuration for."""
    text = json.dumps(detection.document.content.get("filter"))
    return sorted(set(PLACEHOLDER.findall(text)))


def _step(step: str, fields: Sequence[str]) -> str:
    return f"{step} ({', '.join(fields)})" if fields else step


def _quieting(detection: LoadedDetection, catalogue: DetectionCatalogue) -> str:
    if isinstance(detection.compiled, CompiledExclusion):
        quieted = catalogue.quieted_by(detection.id)
        return _listing("Quiets", quieted) or "Quiets: nothing."
    return _listing("Quieted by", tuple(_exclusions_of(detection)))


def _exclusions_of(detection: LoadedDetection) -> Iterator[str]:
    yield from getattr(detection.compiled, "quieted_by", ())


def _listing(title: str, lines: Sequence[str]) -> str:
    return "\n".join([f"{title}:", *(f"  {line}" for line in lines)]) if lines else ""


def _as_json(detection: LoadedDetection, catalogue: DetectionCatalogue) -> dict[str, Any]:
    compiled = detection.compiled
    common: dict[str, Any] = {
        "kind": "detection",
        "id": detection.id,
        "title": detection.title,
        "description": detection.description,
        "references": list(detection.references),
        "built_in": detection.built_in,
        "file": str(detection.path),
    }
    if isinstance(compiled, CompiledExclusion):
        fault = _fault(detection)
        return common | {
            "kind": "exclusion",
            "quiets": catalogue.quieted_by(detection.id),
            "placeholders": _placeholders(detection),
            "caution": fault.message if fault else None,
        }
    return common | {
        "severity": compiled.level.value,
        "sigma_id": compiled.sigma_id,
        "tags": list(compiled.tags),
        "false_positives": list(detection.false_positives),
        "quieted_by": list(_exclusions_of(detection)),
        "counts": list(compiled.rules) if isinstance(compiled, CompiledCorrelation) else [],
        "alerts": compiled.alerts,
    }
