"""One deployment for all scenarios of a process: emptied for each, with its functions cold."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.deployed.harness.deployment import Deployment, deployed
from tests.deployed.harness.synthesis import HUB, REGION, synthesized
from tests.deployed.harness.turn import TURN
from tests.deployed.world import World


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def synthesis(shared_folder: Path) -> Path:
    """The templates and assets of nothing but an e-mail address."""
    return synthesized(shared_folder, "plain")


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield tmp_path_factory.mktemp("scratch")
    TURN.end()


@pytest.fixture
def deployment(synthesis: Path, scratch: Path) -> Deployment:
    """The hub, running and empty."""
    running = TURN.take(
        "hub", lambda: deployed(synthesis, HUB, region=REGION, scratch=scratch / "hub")
    )
    running.empty()
    return running


@pytest.fixture
def world(deployment: Deployment) -> World:
    """What happens in the account, and what people hear of it."""
    return World(deployment)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the functions wrote and what was refused, if a scenario fails."""
    report = yield
    running = item.funcargs.get("deployment")
    if report.failed and isinstance(running, Deployment):
        report.sections.append(("the deployment", running.told()))
    return report
