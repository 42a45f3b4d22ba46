"""What `vedette deploy` looks at and starts; the CDK's own command is run by tests/infra."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.aws.hub_stack import ACCOUNT, REGION, HubStack
from vedette.aws.bootstrapped import PARAMETER
from vedette.aws.session import AccessKey, SessionOptions
from vedette.aws.stand_in.server import StandIn
from vedette.configuration.deployment import Deployment
from vedette.operations.deployment import CDK, Deployed, DeployRequest, deploy
from vedette.operations.usage import UsageError


class FakePrograms:
    """Programs that are not started; each run ends with the code given for a word in it."""

    def __init__(
        self, *, version: str = "v22.4.0", missing: str = "", codes: Mapping[str, int] | None = None
    ) -> None:
        self._version = version
        self._missing = missing
        self._codes = codes or {}
        self.runs: list[tuple[tuple[str, ...], Path, Mapping[str, str]]] = []

    def find(self, name: str) -> str | None:
        return None if name == self._missing else f"/usr/bin/{name}"

    def answer(self, command: Sequence[str]) -> str:
        return self._version

    def run(self, command: Sequence[str], folder: Path, settings: Mapping[str, str]) -> int:
        self.runs.append((tuple(command), folder, settings))
        return next((code for word, code in self._codes.items() if word in command), 0)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A checkout, as far as the deployment looks."""
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "app.py").write_text("")
    return tmp_path


def prepared(stand_in: StandIn, version: str = "27") -> None:
    stand_in.client("ssm", REGION).put_parameter(Name=PARAMETER, Value=version, Type="String")


def request(stand_in: StandIn, root: Path, *, approved: bool = False) -> DeployRequest:
    return DeployRequest(
        configuration=Path("vedette.yml"),
        deployment=Deployment(email="soc@example.com", region=REGION),
        session=SessionOptions(
            endpoint_url=stand_in.endpoint_url, access_key=AccessKey("AKIAIOSFODNN7EXAMPLE", "any")
        ),
        approved=approved,
        root=root,
    )


def run(asked: DeployRequest, programs: FakePrograms) -> Deployed:
    return deploy(asked, programs, lambda _: None)


def refused(stand_in: StandIn, root: Path, programs: FakePrograms) -> str:
    with pytest.raises(UsageError) as refusal:
        run(request(stand_in, root), programs)
    return str(refusal.value)


def test_templates_are_written_and_then_deployed_by_the_pinned_command(
    stand_in: StandIn, source: Path
) -> None:
    prepared(stand_in)
    HubStack(stand_in)
    programs = FakePrograms()

    done = run(request(stand_in, source), programs)

    (synthesis, folder, settings), (deployment, _, _) = programs.runs
    assert synthesis[1:] == (str(source / "infra" / "app.py"), str(Path("vedette.yml").absolute()))
    assert folder == source
    assert settings["AWS_ENDPOINT_URL"] == stand_in.endpoint_url
    assert settings["AWS_REGION"] == REGION
    assert deployment[:4] == ("/usr/bin/npx", "--yes", CDK, "--no-notices")
    assert deployment[-4:] == ("--app", "cdk.out", "--require-approval", "broadening")
    assert done.account == ACCOUNT
    assert done.stack.outputs["Version"] == "1.2.3"


def test_with_yes_the_cdk_does_not_ask(stand_in: StandIn, source: Path) -> None:
    prepared(stand_in)
    HubStack(stand_in)
    programs = FakePrograms()

    run(request(stand_in, source, approved=True), programs)

    assert programs.runs[1][0][-1] == "never"


@pytest.mark.parametrize("missing", ["node", "npx"])
def test_without_node_or_npx_nothing_begins(stand_in: StandIn, source: Path, missing: str) -> None:
    programs = FakePrograms(missing=missing)

    assert refused(stand_in, source, programs).startswith(f"{missing} is not installed")
    assert not programs.runs


@pytest.mark.parametrize("version", ["v16.20.2", "v8.0.0", "nonsense"])
def test_an_old_node_is_refused(stand_in: StandIn, source: Path, version: str) -> None:
    told = refused(stand_in, source, FakePrograms(version=version))

    assert f"node is {version}; the CDK needs 18 or newer" in told


def test_an_account_that_is_not_prepared_is_told_how_to(stand_in: StandIn, source: Path) -> None:
    programs = FakePrograms()

    told = refused(stand_in, source, programs)

    assert f"npx {CDK} bootstrap aws://{ACCOUNT}/{REGION}" in told
    assert not programs.runs


def test_an_old_preparation_is_refused(stand_in: StandIn, source: Path) -> None:
    prepared(stand_in, "5")

    assert "prepared by an old version (5)" in refused(stand_in, source, FakePrograms())


def test_a_preparation_that_may_not_be_read_is_not_taken_for_granted(
    stand_in: StandIn, source: Path
) -> None:
    prepared(stand_in)
    stand_in.faults.deny("ssm:GetParameter")

    assert "ssm:GetParameter was denied" in refused(stand_in, source, FakePrograms())


def test_an_installed_package_says_where_the_templates_come_from(
    stand_in: StandIn, tmp_path: Path
) -> None:
    told = refused(stand_in, tmp_path, FakePrograms())

    assert "has no infra/" in told
    assert "./scripts/vedette deploy" in told


@pytest.mark.parametrize(("word", "runs"), [("--require-approval", 2), ("vedette.yml", 1)])
def test_a_program_that_fails_ends_the_deployment(
    stand_in: StandIn, source: Path, word: str, runs: int
) -> None:
    prepared(stand_in)
    failing = str(Path(word).absolute()) if word.endswith(".yml") else word
    programs = FakePrograms(codes={failing: 3})

    assert "ended with code 3: see above" in refused(stand_in, source, programs)
    assert len(programs.runs) == runs
