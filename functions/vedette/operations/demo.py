"""The demo: an embedded AWS with a small company's account, audited like a real one.

Needs the `demo` extra, so import it where it is used.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from vedette.aws.collect.driver import Progress, no_progress
from vedette.aws.demo.account import ACCESS_KEY, DUBLIN, VIRGINIA
from vedette.aws.demo.attack import write_story
from vedette.aws.demo.company import CHAPTERS, create_company
from vedette.aws.demo.configuration import configuration_text
from vedette.aws.session import AwsSession, SessionOptions
from vedette.aws.stand_in.server import StandIn
from vedette.configuration.environment import without_aws_settings
from vedette.configuration.loader import FILE_NAME
from vedette.operations.account_reading import ReadingOptions
from vedette.operations.audit import Audited, AuditRequest, audit
from vedette.operations.private_files import write_private

COMPANY = "Harbour Lane Books"
REGIONS = (DUBLIN, VIRGINIA)
OBJECTS_PER_COLLECTION = 50_000
FIRST_HOUR = 8


class Demo:
    """The embedded AWS, with an account that is empty until it is created.

    `session` reaches it, with credentials of its own and at the loopback address. `configuration`
    is the company's `vedette.yml`.
    """

    def __init__(self, stand_in: StandIn, folder: Path) -> None:
        """Take a running stand-in, and a folder for the company's configuration."""
        self._stand_in = stand_in
        self._folder = folder
        self.session = SessionOptions(
            endpoint_url=stand_in.endpoint_url, region=DUBLIN, access_key=ACCESS_KEY
        )
        self.configuration = folder / FILE_NAME

    def create_account(self, progress: Progress = no_progress) -> int:
        """Create the company's account and configuration; return the number of resources."""
        begun = 0

        def begin(what: str) -> None:
            nonlocal begun
            progress(begun, CHAPTERS, what)
            begun += 1

        write_private(self.configuration, configuration_text(datetime.now(UTC).date()))
        return create_company(self._stand_in, AwsSession(self.session), begin)

    def audit(self, progress: Progress = no_progress) -> Audited:
        """Audit the account as `vedette audit` does."""
        reading = ReadingOptions(session=self.session, regions=REGIONS)
        return audit(AuditRequest(reading=reading, configuration=self.configuration), progress)

    def deliver_logs(self) -> Path:
        """Write yesterday's CloudTrail logs of the account: a working day that an attack ends."""
        folder = self._folder / "logs"
        yesterday = datetime.now(UTC) - timedelta(days=1)
        begin = yesterday.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
        identity = AwsSession(self.session).identity()
        write_story(folder, identity.account, begin, identity.partition)
        return folder


@contextmanager
def running_demo() -> Iterator[Demo]:
    """Run the embedded AWS while the block runs, which sees no AWS settings of the user's."""
    with (
        without_aws_settings(),
        _rare_garbage_collection(),
        TemporaryDirectory(prefix="vedette-demo-") as folder,
        StandIn() as stand_in,
    ):
        yield Demo(stand_in, Path(folder))


@contextmanager
def _rare_garbage_collection() -> Iterator[None]:
    """Collect less often: it would walk moto's and boto3's many lasting objects again and again.

    That took a third of the demo's time.
    """
    usual = gc.get_threshold()
    gc.set_threshold(OBJECTS_PER_COLLECTION, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
