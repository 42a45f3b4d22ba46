"""State machines that moto's interpreter can run."""

import json
from typing import Any


def runnable(definition: dict[str, Any]) -> dict[str, Any]:
    """Return a machine without what moto does not know: batches and Express children.

    Each batch then has one entry of the list. How children run changes neither what they are given
    nor what they answer.
    """
    machine: dict[str, Any] = json.loads(json.dumps(definition).replace("EXPRESS", "STANDARD"))
    for state in machine["States"].values():
        if batcher := state.pop("ItemBatcher", None):
            state["ItemSelector"] = {
                "Items.$": "States.Array($$.Map.Item.Value)",
                "BatchInput": batcher["BatchInput"],
            }
    return machine
