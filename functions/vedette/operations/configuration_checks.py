"""Validates a configuration together with the rules whose settings it holds."""

from collections.abc import Sequence
from pathlib import Path

from vedette.configuration.loader import load_configuration
from vedette.configuration.model import Configuration
from vedette.posture.catalogue import load_posture_rules


def check_configuration(path: Path, rule_directories: Sequence[Path] = ()) -> Configuration:
    """Return a valid configuration. Raises UserError that lists everything wrong with it."""
    loaded = load_configuration(path)
    rules = load_posture_rules(directories=rule_directories)
    loaded.parameters_of({rule.id: rule.rule.parameters for rule in rules})
    return loaded.configuration
