"""Loads the files of `rules/changes`."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from vedette.configuration.content import content_files
from vedette.configuration.yaml_file import read_yaml
from vedette.posture.changes import ChangeMap
from vedette.posture.changes_model import ChangesFile

KIND = "changes"


def load_change_map(*, directories: Sequence[Path] = (), built_in: bool = True) -> ChangeMap:
    """Load which event changes which resource, ours and that of `directories`.

    Raises YamlError with file and line for a broken file, ContentError for a folder refused.
    """
    files = {}
    for file in content_files(KIND, ".yml", directories=directories, built_in=built_in):
        stored = read_yaml(file.path)
        try:
            files[file.id] = ChangesFile.model_validate(stored.content)
        except ValidationError as error:
            raise stored.refuse(error) from error
    return ChangeMap(files=files)
