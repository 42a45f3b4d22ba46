"""The command line finds a deployment's resources by how their logical ids begin."""

import pytest

from infra.bus import BUS_NAME
from tests.aws import hub_stack
from tests.infra.conftest import Synthesis
from vedette.operations.deployed_alerts import TABLE, TOPIC, TOPICS_BY_NAME
from vedette.operations.deployed_events import DISPATCH
from vedette.operations.hub_queues import (
    BUS,
    FED,
    FORWARDER,
    FUNCTION,
    LAST,
    NOTES,
    QUEUE,
    READERS,
    ROUTING,
    RULE,
    fitting,
)


def test_every_queue_has_a_name_that_people_know(plain: Synthesis) -> None:
    queues = list(plain.hub.of_type(QUEUE))

    names = [fitting({**FED, **LAST}, one) for one in queues]

    assert None not in names
    assert sorted(map(str, names)) == sorted([*FED.values(), *LAST.values()])
    assert set(NOTES) <= set(LAST)


@pytest.mark.parametrize("logical", [*READERS.values(), DISPATCH])
def test_the_functions_that_are_looked_for_are_there(plain: Synthesis, logical: str) -> None:
    assert sum(one.startswith(logical) for one in plain.hub.of_type(FUNCTION)) == 1


def test_every_rule_is_of_one_kind_on_a_known_bus(plain: Synthesis) -> None:
    known = [f"{bus}{kind}" for bus in (ROUTING, FORWARDER) for kind in READERS]

    for rule, content in plain.hub.of_type(RULE).items():
        assert any(rule.startswith(one) for one in known)
        assert rule.startswith(ROUTING) == ("EventBusName" in content["Properties"])
    assert BUS == BUS_NAME


def test_topics_and_the_table_of_marks_are_there(plain: Synthesis) -> None:
    topics = list(plain.hub.of_type(TOPIC))

    assert len(topics) == len(TOPICS_BY_NAME)
    for logical in TOPICS_BY_NAME.values():
        assert any(one.startswith(logical) for one in topics)
    assert any(one.startswith("TablesState") for one in plain.hub.of_type(TABLE))


def test_the_stand_ins_hub_has_the_names_of_the_real_one(plain: Synthesis) -> None:
    real = plain.hub.content["Resources"]

    for logical, content in hub_stack.template(("123456789012",), fed=False)["Resources"].items():
        assert any(
            one.startswith(logical) and each["Type"] == content["Type"]
            for one, each in real.items()
        )
