"""A re-evaluation of the stand-in's account, and buckets that change."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.aws.truth.world import REGION
from tests.aws.watching import fleet
from tests.fakes.findings import MemoryFindings
from vedette.aws.stand_in.server import StandIn
from vedette.operations.reevaluate import Reevaluated, Reevaluation
from vedette.operations.reevaluate_content import PostureContent
from vedette.posture.changes_catalogue import load_change_map

CHANGES = load_change_map()
BLOCKS = "s3/bucket_blocks_public_access"
READABLE = "s3/bucket_is_not_publicly_readable"


class Watch:
    """A re-evaluation of the stand-in's account, whose clock goes on by a second per look."""

    def __init__(self, stand_in: StandIn, content: PostureContent, *accounts: str) -> None:
        self.stand_in = stand_in
        self.store = MemoryFindings()
        self._seconds = count()
        self.operation = Reevaluation(
            CHANGES,
            content,
            fleet=fleet(stand_in, *accounts),
            store=self.store,
            now=lambda: datetime(2026, 6, 1, tzinfo=UTC) + timedelta(seconds=next(self._seconds)),
        )

    def look(self, *records: dict[str, Any]) -> Reevaluated:
        return self.operation.run([(f"m{number}", one) for number, one in enumerate(records)])


def make_bucket(stand_in: StandIn, name: str, region: str = REGION) -> Any:
    s3 = stand_in.client("s3", region)
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    return s3


def make_public(s3: Any, name: str) -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{name}/*",
            }
        ],
    }
    s3.delete_public_access_block(Bucket=name)  # A new bucket has everything blocked.
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(document))
