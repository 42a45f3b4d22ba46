"""Loads the frameworks that rules name in their controls."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from vedette.configuration.content import content_files
from vedette.configuration.yaml_file import read_yaml
from vedette.findings.frameworks import Framework

KIND = "frameworks"


def load_frameworks(
    *, directories: Sequence[Path] = (), built_in: bool = True
) -> Mapping[str, Framework]:
    """Return the frameworks by file name.

    Raises YamlError with file and line for a broken one, ContentError for a folder refused.
    """
    frameworks = {}
    for file in content_files(KIND, ".yml", directories=directories, built_in=built_in):
        stored = read_yaml(file.path)
        try:
            frameworks[file.id] = Framework.model_validate(stored.content)
        except ValidationError as error:
            raise stored.refuse(error) from error
    return frameworks
