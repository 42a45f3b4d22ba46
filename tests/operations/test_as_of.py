"""A kept snapshot is judged as of the time when it was taken, however late that is done."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from vedette.findings.verdict import Verdict
from vedette.operations.audit import AuditRequest, audit
from vedette.operations.selection import Selection
from vedette.resources.coverage import Listing
from vedette.resources.s3 import NOTHING_BLOCKED, S3Account, S3Bucket
from vedette.resources.snapshot import Snapshot

OPEN = S3Bucket.sample(id="open", public_access_block=NOTHING_BLOCKED, tags={})
ACCOUNT = S3Account.sample(id="111122223333", public_access_block=NOTHING_BLOCKED, tags={})
EXPIRY = date(2020, 6, 1)


def request(folder: Path, as_of: datetime) -> AuditRequest:
    file = folder / "vedette.yml"
    file.write_text(
        f"suppressions:\n  - {{rule: 's3/*', reason: website, expires: {EXPIRY}}}\n",
        encoding="utf-8",
    )
    snapshot = Snapshot(
        as_of=as_of,
        account="111122223333",
        partition="aws",
        regions=("eu-west-1",),
        listings=tuple(Listing(kind=kind, region="global") for kind in ("S3Bucket", "S3Account")),
        resources=(OPEN, ACCOUNT),
    )
    return AuditRequest(
        selection=Selection(rules=("s3/bucket_blocks_public_access",)),
        configuration=file,
        snapshot=snapshot,
    )


@pytest.mark.parametrize(("days", "accepted"), [(0, True), (1, False)])
def test_a_suppression_of_old_still_holds_for_a_snapshot_of_its_time(
    tmp_path: Path, days: int, accepted: bool
) -> None:
    taken = datetime(2020, 6, 1, 12, tzinfo=UTC) + timedelta(days=days)

    report = audit(request(tmp_path, taken)).report

    (finding,) = report.findings
    assert finding.verdict is Verdict.FAILED
    assert (finding.suppressed is not None) is accepted
    assert report.as_of == taken
