"""Records of calls, as small as the derived fields allow."""

from collections.abc import Mapping
from typing import Any

from vedette.detection.derive.fields import derivations
from vedette.detection.derive.settings import NO_SETTINGS, DerivationSettings

OWN = "111122223333"
OTHER = "444455556666"
PARTNER = "777788889999"


def call(name: str, parameters: Any = None, *, source: str = "iam", **more: Any) -> dict[str, Any]:
    return {
        "eventName": name,
        "eventSource": f"{source}.amazonaws.com",
        "recipientAccountId": OWN,
        "userIdentity": {"type": "IAMUser", "accountId": OWN},
        "requestParameters": parameters,
    } | more


def derived(
    record: Mapping[str, Any], *names: str, settings: DerivationSettings = NO_SETTINGS
) -> Any:
    """Compute derived fields, by the ends of their names; one name gives one value."""
    whole = [f"vedette.{name}" for name in names]
    computed = derivations(whole, settings)
    values = [computed[name](record) for name in whole]
    return values[0] if len(values) == 1 else values
