"""What judging takes: the posture rules with their parameters, suppressions, the map of changes.

All of it is read without YAML, as the deployed functions have it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from vedette.aws.collect.catalogue import collectors
from vedette.configuration.deployed import ASSET_ROOT, DeployedSettingsError
from vedette.configuration.model import Configuration
from vedette.findings.suppression import Suppression
from vedette.posture.catalogue import CataloguedRule, load_posture_rules
from vedette.posture.changes import ChangeMap
from vedette.posture.engine import PostureSettings
from vedette.posture.rule import Parameters
from vedette.resources.resource import Resource

# What `ChangeMap.model_dump_json` wrote at synthesis, beside the package.
CHANGES_FILE: Final = "changes.json"

Kind = type[Resource]


@dataclass(frozen=True, kw_only=True)
class PostureContent:
    """The rules and what the configuration says about them."""

    rules: Sequence[CataloguedRule]
    settings: PostureSettings
    suppressions: Sequence[Suppression] = ()

    @cached_property
    def by_kind(self) -> Mapping[Kind, Sequence[CataloguedRule]]:
        """Return the rules by the kind of resource that they judge."""
        found: defaultdict[Kind, list[CataloguedRule]] = defaultdict(list)
        for rule in self.rules:
            found[rule.rule.resource_type].append(rule)
        return dict(found)

    @cached_property
    def account_wide(self) -> frozenset[Kind]:
        """Return the kinds that are read once per account, not region by region.

        These are the global ones, the regional ones that rules of global ones read, and those
        whose own rules read such: a region is covered by trails whose home is another one.
        """
        everywhere = {one.kind for one in collectors() if one.is_global}
        wide = set(everywhere)
        while True:
            new = {kind for rule in self.rules for kind in _joined(rule, wide, everywhere)} - wide
            if not new:
                return frozenset(wide)
            wide |= new

    def parameters_of(self, rule: CataloguedRule) -> Parameters:
        """Return the settings of a rule."""
        return self.settings.parameters.get(rule.id) or rule.rule.parameters()


def posture_content(
    configuration: Configuration, accounts: Collection[str], *, directories: Sequence[Path] = ()
) -> PostureContent:
    """Load the rules with their settings; `accounts` are our own, which are trusted.

    Raises ContentError for rules that are broken, and DeployedSettingsError for settings of rules
    that do not fit them.
    """
    rules = load_posture_rules(directories=directories)
    return PostureContent(
        rules=rules,
        settings=PostureSettings(
            parameters=dict(_parameters(rules, configuration)),
            trusted_accounts=configuration.accounts.known | frozenset(accounts),
        ),
        suppressions=configuration.suppressions,
    )


def deployed_change_map(root: Path = ASSET_ROOT) -> ChangeMap:
    """Return the map of changes that was written at synthesis. Raises DeployedSettingsError."""
    path = root / CHANGES_FILE
    try:
        return ChangeMap.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise DeployedSettingsError(f"{path} cannot be used: {error}; deploy again") from error


def _joined(
    rule: CataloguedRule, wide: Collection[Kind], everywhere: Collection[Kind]
) -> Iterable[Kind]:
    """Return the kinds that are account-wide because of a rule and those known already."""
    kind = rule.rule.resource_type
    read = {other for other, _ in rule.rule.reads}
    if kind in wide:
        return read
    return {kind} if any(one in wide and one not in everywhere for one in read) else ()


def _parameters(
    rules: Sequence[CataloguedRule], configuration: Configuration
) -> Iterator[tuple[str, Parameters]]:
    models = {rule.id: rule.rule.parameters for rule in rules}
    for rule, written in configuration.parameters.items():
        try:
            yield rule, models[rule].model_validate(written)
        except (KeyError, ValidationError) as error:
            message = f"the settings of {rule} do not fit this version; deploy again"
            raise DeployedSettingsError(message) from error
