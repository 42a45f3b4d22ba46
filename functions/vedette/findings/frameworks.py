"""Frameworks and their controls: facts about what others ask for."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict


class Framework(BaseModel):
    """One framework: its name, version, publisher's page, and control titles by control id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: str
    source: str
    controls: Mapping[str, str]
