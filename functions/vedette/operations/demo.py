"""The demo: an embedded AWS with a small company's account, audited like a real one.

Needs the `demo` extra, so import it where it is used.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from vedette.aws.collect.driver import Progress, no_progress
from vedette.aws.demo.account import ACCESS_KEY, DUBLIN, VIRGINIA
from vedette.aws.demo.company import CHAPTERS, create_company
from vedette.aws.demo.configuration import configuration_text
from vedette.aws.session import AwsSession, SessionOptions
from vedette.aws.stand_in.server import StandIn
from vedette.configuration.loader import FILE_NAME
from vedette.operations.account_reading import ReadingOptions
from vedette.operations.audit import Audited, AuditRequest, audit
from vedette.operations.private_files import write_private

REGIONS = (DUBLIN, VIRGINIA)
COMPANY = "Harbour Lane Books"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The company's account, ready to be audited; `resources` is how many were created."""

    session: SessionOptions
    configuration: Path
    resources: int

    def audit(self, progress: Progress = no_progress) -> Audited:
        """Audit the account as `vedette audit` would."""
        return audit(
            AuditRequest(
                reading=ReadingOptions(session=self.session, regions=REGIONS),
                configuration=self.configuration,
            ),
            progress,
        )


@contextmanager
def running_demo(progress: Progress = no_progress) -> Iterator[Demo]:
    """Start the embedded AWS on this machine, create the account, and end both with the block.

    No setting of the user is read and nothing but the loopback address is called.
    """
    with StandIn() as stand_in, TemporaryDirectory(prefix="vedette-demo-") as folder:
        session = SessionOptions(
            endpoint_url=stand_in.endpoint_url,
            region=DUBLIN,
            access_key=ACCESS_KEY,
        )
        begun: list[str] = []

        def begin(what: str) -> None:
            progress(len(begun), CHAPTERS, what)
            begun.append(what)

        resources = create_company(stand_in, AwsSession(session), begin)
        configuration = Path(folder) / FILE_NAME
        write_private(configuration, configuration_text(datetime.now(UTC).date()))
        yield Demo(session=session, configuration=configuration, resources=resources)
