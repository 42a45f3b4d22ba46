"""Loads `vedette.yml` and says with file, line and remedy what is wrong with it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from vedette.configuration.model import ACCOUNT_ID, INDICATOR_NAME, Configuration
from vedette.configuration.yaml_file import YamlError, YamlFile, read_yaml

FILE_NAME = "vedette.yml"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedConfiguration:
    """The configuration and the file it came from; `file` is None for the defaults."""

    configuration: Configuration = field(default_factory=Configuration)
    file: YamlFile | None = None

    def beside(self, path: Path | None) -> Path | None:
        """Return a path of the configuration, which is relative to the file's own folder."""
        return self.file.path.parent / path if self.file and path else path

    def parameters_of(self, models: Mapping[str, type[BaseModel]]) -> dict[str, BaseModel]:
        """Validate the settings of rules against each rule's model, given by rule id.

        Raises YamlError that lists everything wrong, with lines.
        """
        problems: list[str] = []
        valid: dict[str, BaseModel] = {}
        for rule, settings in self.configuration.parameters.items():
            if rule not in models:
                problems.append(self._said(("parameters", rule), _no_rule(rule)))
                continue
            try:
                valid[rule] = models[rule].model_validate(settings)
            except ValidationError as error:
                problems += self._refusals(rule, error)
        if problems:
            raise YamlError(problems)
        return valid

    def _refusals(self, rule: str, error: ValidationError) -> Iterator[str]:
        for one in error.errors(include_input=False, include_url=False):
            location = ("parameters", rule, *one["loc"])
            yield self._said(location, f"{'.'.join(map(str, location))}: {one['msg']}")

    def _said(self, location: tuple[str | int, ...], message: str) -> str:
        return self.file.problem(location, message) if self.file else message


def load_configuration(path: Path | None) -> LoadedConfiguration:
    """Load a file; None gives the defaults. Raises YamlError."""
    if path is None:
        return LoadedConfiguration()
    file = read_yaml(path)
    content: Any = {} if file.content is None else file.content
    try:
        configuration = Configuration.model_validate(content)
    except ValidationError as error:
        raise file.refuse(error) from error
    if problems := list(_bad_names(file, configuration)):
        raise YamlError(problems)
    return LoadedConfiguration(configuration=configuration, file=file)


def _bad_names(file: YamlFile, configuration: Configuration) -> Iterator[str]:
    accounts = configuration.accounts
    for key, listed in (("own", accounts.own), ("trusted", accounts.trusted)):
        for index, account in enumerate(listed):
            if not re.match(ACCOUNT_ID, account):
                location = ("accounts", key, index)
                yield file.problem(location, f"{account!r} is not an account id (12 digits)")
    for name in configuration.detection.indicators:
        if not re.match(INDICATOR_NAME, name):
            message = f"{name!r} is no name of a list (lower case letters, digits, _ and -)"
            yield file.problem(("detection", "indicators", name), message)


def _no_rule(rule: str) -> str:
    return f"parameters.{rule}: there is no rule of this id; `vedette rules list` names them"
