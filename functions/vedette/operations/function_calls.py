"""Which AWS API calls each deployed function makes, and on what: the source of its role.

Made of what stores, senders and operations declare themselves; resources stand by logical name.
`iam_actions` is given on to the infrastructure, which sees no lower layer.
"""

from collections.abc import Mapping
from typing import Final

from vedette.aws.calls import iam_actions
from vedette.aws.canary import BucketCanary
from vedette.aws.fleet import Fleet
from vedette.aws.geography import GeographyBucket
from vedette.aws.stores.findings import DynamoFindings
from vedette.aws.stores.hits import DynamoHits
from vedette.aws.stores.state import Leases, Marks
from vedette.aws.sweep_machine import DESCRIBE, PUT_LIST, START
from vedette.operations import dispatch, reconcile

__all__ = ["FUNCTION_CALLS", "iam_actions"]

Calls = Mapping[str, frozenset[str]]

# By function: by resource, the operations as `<boto3 client>:<Operation>`.
FUNCTION_CALLS: Final[Mapping[str, Calls]] = {
    "detect": {
        "findings_table": DynamoFindings.RECORD_CALLS,
        "state_table": DynamoHits.CALLS | Marks.CALLS,
        "geography_bucket": GeographyBucket.CALLS,
    },
    "reevaluate": {
        "findings_table": DynamoFindings.RECORD_CALLS | DynamoFindings.READ_CALLS,
        "audit_role": Fleet.CALLS,
    },
    "intake": {"findings_table": DynamoFindings.RECORD_CALLS},
    "plan_sweep": {
        "state_table": Marks.CALLS | Leases.CALLS,
        "sweep_bucket": frozenset({PUT_LIST}),
        "sweep_machine": frozenset({START, DESCRIBE}),
        "audit_role": Fleet.CALLS,
    },
    "sweep": {
        "findings_table": DynamoFindings.RECORD_CALLS | DynamoFindings.READ_CALLS,
        "state_table": Marks.CALLS,
        "audit_role": Fleet.CALLS,
    },
    "dispatch": dispatch.CALLS_ON,
    "act": {"findings_table": DynamoFindings.ACT_CALLS | DynamoFindings.READ_CALLS},
    "reconcile": reconcile.CALLS_ON,
    "canary": {"state_table": Marks.CALLS, "canary_bucket": BucketCanary.CALLS},
}
