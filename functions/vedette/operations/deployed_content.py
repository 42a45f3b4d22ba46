"""What is settled at synthesis and travels with the functions as JSON, not as YAML or Sigma.

`UserError` is given on to the infrastructure, which sees no lower layer.
"""

from collections.abc import Mapping

from vedette.configuration.content import ContentError
from vedette.configuration.deployed import CONFIGURATION_FILE, RULES_FILE
from vedette.configuration.loader import LoadedConfiguration
from vedette.detection.ir import to_json
from vedette.operations.hunt_rules import (
    RuleChoice,
    complete,
    load_catalogue,
    without_exclusions,
)
from vedette.operations.reevaluate_content import CHANGES_FILE
from vedette.posture.changes_catalogue import load_change_map
from vedette.resources.errors import UserError

__all__ = ["UserError", "deployed_documents"]


def deployed_documents(loaded: LoadedConfiguration) -> Mapping[str, bytes]:
    """Return the files that stand beside the package: compiled rules, changes, configuration.

    The same rules and configuration give the same bytes. Raises UserError if a rule of Vedette
    cannot run as it is written.
    """
    return {
        RULES_FILE: _rules(loaded),
        CHANGES_FILE: load_change_map().model_dump_json(exclude_defaults=True).encode(),
        CONFIGURATION_FILE: loaded.configuration.model_dump_json(exclude_defaults=True).encode(),
    }


def _rules(loaded: LoadedConfiguration) -> bytes:
    catalogue = load_catalogue(RuleChoice(), loaded)
    if catalogue.refused:
        raise ContentError(catalogue.refused)
    disabled = loaded.configuration.detection.disabled_exclusions
    return to_json(without_exclusions(complete(catalogue.compiled), disabled))
