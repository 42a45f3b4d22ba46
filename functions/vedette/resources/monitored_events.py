"""Sample CloudTrail records of the events that CIS wants watched.

They hold what a filter may ask for; a part that differs from event to event is ANYTHING. Each kind
of event comes in two samples that differ in who called, from where and in which region, so that a
filter which names one of these does not pass for one that catches all.
Source: AWS CloudTrail User Guide, "CloudTrail record contents" and "AWS Management Console sign-in
events".
"""

from dataclasses import dataclass, replace

from vedette.resources.arn import Arn
from vedette.resources.metric_filter import ANYTHING, Event
from vedette.resources.resource import SAMPLE_ACCOUNT
from vedette.resources.trail_events import Access


def _arn(service: str, resource: str) -> str:
    return str(
        Arn(
            partition="aws",
            service=service,
            region="",
            account=SAMPLE_ACCOUNT,
            resource=resource,
        )
    )


_USER: Event = {
    "type": "IAMUser",
    "principalId": "AIDAEXAMPLEUSER",
    "arn": _arn("iam", "user/sample"),
    "accessKeyId": ANYTHING,
    "userName": "sample",
}
_ROLE: Event = {
    "type": "AssumedRole",
    "principalId": "AROAEXAMPLEROLE:session",
    "arn": _arn("sts", "assumed-role/sample/session"),
    "accessKeyId": ANYTHING,
    "sessionContext": ANYTHING,
}
_ROOT: Event = {
    "type": "Root",
    "principalId": SAMPLE_ACCOUNT,
    "arn": _arn("iam", "root"),
    "accessKeyId": ANYTHING,
    "sessionContext": ANYTHING,
}
_BASE: Event = {
    "eventVersion": ANYTHING,
    "eventTime": ANYTHING,
    "userAgent": ANYTHING,
    "requestParameters": ANYTHING,
    "responseElements": ANYTHING,
    "additionalEventData": ANYTHING,
    "requestID": ANYTHING,
    "eventID": ANYTHING,
    "resources": ANYTHING,
    "tlsDetails": ANYTHING,
    "sessionCredentialFromConsole": ANYTHING,
    "readOnly": False,
    "eventType": "AwsApiCall",
    "managementEvent": True,
    "eventCategory": "Management",
}
_PLACES: tuple[Event, ...] = (
    {"awsRegion": "eu-west-1", "sourceIPAddress": "192.0.2.10"},
    {"awsRegion": "us-east-1", "sourceIPAddress": "198.51.100.20"},
)
_SIGN_IN: Event = {
    "eventSource": "signin.amazonaws.com",
    "eventName": "ConsoleLogin",
    "eventType": "AwsConsoleSignIn",
    "requestParameters": None,
}
UNAUTHORIZED = (
    ("ec2.amazonaws.com", "RunInstances", "Client.UnauthorizedOperation"),
    ("iam.amazonaws.com", "CreateUser", "AccessDenied"),
    ("kms.amazonaws.com", "CreateGrant", "AccessDeniedException"),
)


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """One record that must be caught, what people call it, and who calls in it."""

    label: str
    caller: Event
    record: Event

    @property
    def source(self) -> str:
        """Return the service that the event comes from, such as ec2.amazonaws.com."""
        return str(self.record["eventSource"])

    @property
    def access(self) -> Access:
        """Return whether the call reads or writes, which decides whether a trail records it."""
        return "read" if self.record["readOnly"] else "write"

    def in_account(self, account: str) -> "SampleEvent":
        """Return the event as it would be recorded in another account."""
        own: Event = {
            "recipientAccountId": account,
            "userIdentity": {**self.caller, "accountId": account},
        }
        return replace(self, record={**self.record, **own})


Samples = tuple[SampleEvent, ...]


def api_calls(source: str, *names: str) -> Samples:
    """Return samples of successful calls: by a user and by a role."""
    return tuple(
        sample
        for name in names
        for sample in _samples(name, {"eventSource": source, "eventName": name}, (_USER, _ROLE))
    )


def unauthorized_calls() -> Samples:
    """Return samples of calls that were refused for lack of permission, with each error code."""
    return tuple(
        sample
        for source, name, code in UNAUTHORIZED
        for sample in _samples(
            code,
            {
                "eventSource": source,
                "eventName": name,
                "errorCode": code,
                "errorMessage": ANYTHING,
            },
            (_USER, _ROLE),
        )
    )


def failed_sign_ins() -> Samples:
    """Return samples of console sign-ins with a wrong password, by a user and by root."""
    failed: Event = {
        **_SIGN_IN,
        "errorMessage": "Failed authentication",
        "responseElements": {"ConsoleLogin": "Failure"},
    }
    return _samples("failed ConsoleLogin", failed, (_USER, _ROOT))


def sign_ins_without_mfa() -> Samples:
    """Return samples of console sign-ins by a user with a password alone."""
    signed_in: Event = {
        **_SIGN_IN,
        "responseElements": {"ConsoleLogin": "Success"},
        "additionalEventData": {
            "LoginTo": ANYTHING,
            "MobileVersion": ANYTHING,
            "MFAUsed": "No",
        },
    }
    return _samples("ConsoleLogin without MFA", signed_in, (_USER, _USER))


def root_usage() -> Samples:
    """Return samples of what the root user does: a console sign-in and an API call."""
    signed_in: Event = {**_SIGN_IN, "responseElements": {"ConsoleLogin": "Success"}}
    called: Event = {"eventSource": "iam.amazonaws.com", "eventName": "CreateAccessKey"}
    return (
        *_samples("ConsoleLogin by root", signed_in, (_ROOT, _ROOT)),
        *_samples("API call by root", called, (_ROOT, _ROOT)),
    )


def _samples(label: str, own: Event, callers: tuple[Event, Event]) -> Samples:
    return tuple(
        SampleEvent(label, caller, {**_BASE, **place, **own}).in_account(SAMPLE_ACCOUNT)
        for place, caller in zip(_PLACES, callers, strict=True)
    )
