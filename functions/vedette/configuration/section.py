"""What all sections of `vedette.yml` have in common."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """Base of the configuration's sections."""

    model_config = ConfigDict(frozen=True, extra="forbid")
