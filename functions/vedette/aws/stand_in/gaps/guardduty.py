"""Mends of GuardDuty: what a detector watches.

moto says that a new detector watches nothing. Source: GuardDuty User Guide: the foundational
sources cannot be switched off, and a new detector has all protection plans but runtime monitoring.
"""

from vedette.aws.stand_in.gaps.exchange import Exchange, Mend
from vedette.aws.stand_in.wire import Result

FOUNDATIONS = {"CLOUD_TRAIL": "CloudTrail", "DNS_LOGS": "DNSLogs", "FLOW_LOGS": "FlowLogs"}
ON_AT_FIRST = (
    "S3_DATA_EVENTS",
    "EKS_AUDIT_LOGS",
    "EBS_MALWARE_PROTECTION",
    "RDS_LOGIN_EVENTS",
    "LAMBDA_NETWORK_LOGS",
)
OFF_AT_FIRST = ("EKS_RUNTIME_MONITORING", "RUNTIME_MONITORING")
ON, OFF = "ENABLED", "DISABLED"


def _tell_features(_: Exchange, result: Result) -> None:
    chosen = {one["Name"]: one["Status"] for one in result.get("Features", [])}
    features = dict.fromkeys((*FOUNDATIONS, *ON_AT_FIRST), ON)
    features |= dict.fromkeys(OFF_AT_FIRST, OFF) | chosen
    result["Features"] = [{"Name": name, "Status": status} for name, status in features.items()]
    sources = result["DataSources"]
    for source in FOUNDATIONS.values():
        sources[source] = {"Status": ON}
    sources["S3Logs"] = {"Status": features["S3_DATA_EVENTS"]}
    sources["Kubernetes"] = {"AuditLogs": {"Status": features["EKS_AUDIT_LOGS"]}}


MENDS: dict[str, Mend] = {"guardduty:GetDetector": _tell_features}
