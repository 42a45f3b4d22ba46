"""What holds for every test."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ACCESS_TO_AWS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
)


@pytest.fixture(scope="session", autouse=True)
def no_way_into_a_real_account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A test that forgets its fake finds no credentials rather than the developer's own."""
    absent = tmp_path_factory.mktemp("aws") / "absent"
    with pytest.MonkeyPatch.context() as environment:
        for name in ACCESS_TO_AWS:
            environment.delenv(name, raising=False)
        environment.setenv("AWS_CONFIG_FILE", str(absent))
        environment.setenv("AWS_SHARED_CREDENTIALS_FILE", str(absent))
        environment.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


@pytest.fixture(scope="session")
def golden() -> Callable[[Path, str], None]:
    """Compare a text with the file that keeps it; VEDETTE_REWRITE_GOLDEN=1 rewrites the file."""
    rewrite = os.environ.get("VEDETTE_REWRITE_GOLDEN") == "1"  # noqa: TID251

    def compare(path: Path, text: str) -> None:
        if rewrite:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        assert text == path.read_bytes().decode(), f"{path} is not what is written now"

    return compare


@pytest.fixture(scope="session")
def recorded() -> Path:
    """Return the folder of real CloudTrail records, which are not part of the project."""
    named = os.environ.get("VEDETTE_CLOUDTRAIL_RECORDS")  # noqa: TID251
    folder = Path(named) if named else Path(__file__).parents[2] / "shared/data/cloudtrail"
    if not folder.is_dir():
        pytest.skip("no real records: set VEDETTE_CLOUDTRAIL_RECORDS to their folder")
    return folder
