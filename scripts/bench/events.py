"""Generates CloudTrail log files that look like those of a busy organisation.

    python scripts/bench/events.py FOLDER [--events 400200] [--files 115] [--distinct]

The same arguments give the same files. With `--distinct`, no two events share session or address.
"""

import argparse
import gzip
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from scripts.bench.event_shapes import (
    AGENTS,
    BROWSER,
    READING,
    REGIONS,
    ROLES,
    SERVICES,
    USERS,
    WRITING,
    Call,
    Calls,
    Random,
    parameters,
)

EVENTS, FILES, SESSIONS, ACCOUNTS = 400_200, 115, 900, 12
BEGIN = datetime(2026, 5, 1, tzinfo=UTC)
SECONDS_BETWEEN = 0.2
BY_SERVICES, BY_SIGN_INS = 0.08, 0.0805
READ_BELOW = 0.93
BY_USERS, FAILING = 0.1, 0.02
DENIALS = ("AccessDenied",) * 6 + ("Client.UnauthorizedOperation",) * 3
FAILURES = (*DENIALS, "ThrottlingException", "NoSuchBucketPolicy", "ResourceNotFoundException")
Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Session:
    """A role at work, from one place with one tool."""

    account: str
    role: str
    role_id: str
    name: str
    key: str
    address: str
    agent: str
    region: str

    def identity(self, created: str) -> Event:
        """Return the element that tells who called."""
        path = "aws-reserved/sso.amazonaws.com/" if "SSO" in self.role else ""
        issuer = {
            "type": "Role",
            "principalId": self.role_id,
            "arn": f"arn:aws:iam::{self.account}:role/{path}{self.role}",
            "accountId": self.account,
            "userName": self.role,
        }
        return {
            "type": "AssumedRole",
            "principalId": f"{self.role_id}:{self.name}",
            "arn": f"arn:aws:sts::{self.account}:assumed-role/{self.role}/{self.name}",
            "accountId": self.account,
            "accessKeyId": self.key,
            "sessionContext": {
                "sessionIssuer": issuer,
                "webIdFederationData": {},
                "attributes": {"creationDate": created, "mfaAuthenticated": "false"},
            },
        }


class Organisation:
    """The accounts, sessions and users that all files share."""

    def __init__(self) -> None:
        """Make the same ones every time."""
        source = Random(7)
        self.reading, self.writing = Calls(READING), Calls(WRITING)
        self.accounts = [str(source.randrange(10**11, 10**12)) for _ in range(ACCOUNTS)]
        self.keys: Mapping[tuple[str, str], tuple[str, str]] = {
            (account, user): (f"AIDA{source.base32(17)}", f"AKIA{source.base32(16)}")
            for account in self.accounts
            for user in USERS
        }
        roles = {(one, role): f"AROA{source.base32(17)}" for one in self.accounts for role in ROLES}
        self.sessions = [self._session(source, roles) for _ in range(SESSIONS)]

    def user(self, account: str, name: str, *, signs_in: bool = False) -> Event:
        """Return the element that tells that a user called."""
        identity, key = self.keys[account, name]
        return {
            "type": "IAMUser",
            "principalId": identity,
            "arn": f"arn:aws:iam::{account}:user/{name}",
            "accountId": account,
            "accessKeyId": "" if signs_in else key,
            "userName": name,
        }

    def _session(self, source: Random, roles: Mapping[tuple[str, str], str]) -> Session:
        account, role = source.choice(list(roles))
        names = (
            f"i-0{source.hexadecimal(16)}",
            f"botocore-session-{source.randrange(16 * 10**8, 17 * 10**8)}",
            f"aws-go-sdk-{source.randrange(16 * 10**17, 17 * 10**17)}",
            "alice.jones@example.com",
            source.hexadecimal(32),
        )
        return Session(
            account=account,
            role=role,
            role_id=roles[account, role],
            name=source.choice(names),
            key=f"ASIA{source.base32(16)}",
            address=source.address(source.choice((10, source.randrange(3, 55)))),
            agent=source.choice(AGENTS),
            region=source.choice(REGIONS),
        )


class Writer:
    """Writes the events of one file."""

    def __init__(self, organisation: Organisation, number: int, *, distinct: bool) -> None:
        """Take the number of the file, which decides all chances in it."""
        self._organisation = organisation
        self._source = Random(1_000 + number)
        self._distinct = distinct

    def event(self, place: int) -> Event:
        """Return the event at a place in time."""
        source = self._source
        session = self._session()
        at = (BEGIN + timedelta(seconds=place * SECONDS_BETWEEN)).strftime("%Y-%m-%dT%H:%M:%SZ")
        chance = source.random()
        if chance < BY_SERVICES:
            return _completed(source, session, at, self._assumed(session))
        if chance < BY_SIGN_INS:
            return _completed(source, session, at, self._signed_in(session))
        return _completed(source, session, at, self._called(session, at, chance < READ_BELOW))

    def _session(self) -> Session:
        session = self._source.choice(self._organisation.sessions)
        if not self._distinct:
            return session
        unique = self._source.hexadecimal(16)
        return replace(
            session,
            name=f"i-0{unique}",
            key=f"ASIA{self._source.base32(16)}",
            address=self._source.address(self._source.randrange(3, 55)),
            agent=f"{session.agent} exec-env/{unique}",
        )

    def _assumed(self, session: Session) -> Event:
        source, service = self._source, self._source.choice(SERVICES)
        role = f"arn:aws:iam::{session.account}:role/{session.role}"
        user = {"assumedRoleId": f"{session.role_id}:{session.name}", "arn": f"{role}/session"}
        credentials = {
            "accessKeyId": f"ASIA{source.base32(16)}",
            "sessionToken": "IQoJb3JpZ2luX2Vj" + source.base32(source.randrange(200, 420)),
            "expiration": "May 1, 2026, 2:02:03 AM",
        }
        return {
            "userIdentity": {"type": "AWSService", "invokedBy": service},
            "eventSource": "sts.amazonaws.com",
            "eventName": "AssumeRole",
            "sourceIPAddress": service,
            "userAgent": service,
            "requestParameters": {"roleArn": role, "roleSessionName": session.name},
            "responseElements": {"credentials": credentials, "assumedRoleUser": user},
            "resources": [{"accountId": session.account, "type": "AWS::IAM::Role", "ARN": role}],
            "sharedEventID": source.uuid(),
        }

    def _signed_in(self, session: Session) -> Event:
        user = self._source.choice(USERS)
        outcome = self._source.choice(["Success"] * 3 + ["Failure"])
        return {
            "userIdentity": self._organisation.user(session.account, user, signs_in=True),
            "eventSource": "signin.amazonaws.com",
            "eventName": "ConsoleLogin",
            "userAgent": BROWSER,
            "responseElements": {"ConsoleLogin": outcome},
            "additionalEventData": {
                "LoginTo": "https://console.aws.amazon.com/console/home",
                "MobileVersion": "No",
                "MFAUsed": self._source.choice(["Yes", "Yes", "No"]),
            },
            "readOnly": False,
            "eventType": "AwsConsoleSignIn",
        }

    def _called(self, session: Session, at: str, is_reading: bool) -> Event:
        source, organisation = self._source, self._organisation
        calls = organisation.reading if is_reading else organisation.writing
        service, call = calls.draw(source)
        identity = session.identity(at)
        if not self._distinct:
            identity = session.identity(f"2026-05-01T0{len(session.role) % 10}:10:00Z")
            if source.random() < BY_USERS:
                identity = organisation.user(session.account, source.choice(USERS))
        event: Event = {
            "userIdentity": identity,
            "eventSource": f"{service}.amazonaws.com",
            "eventName": call,
            "requestParameters": parameters(
                source, Call(service, call, session.account, session.region)
            ),
            "readOnly": is_reading,
            "tlsDetails": {
                "tlsVersion": "TLSv1.3",
                "cipherSuite": "TLS_AES_128_GCM_SHA256",
                "clientProvidedHostHeader": f"{service}.{session.region}.amazonaws.com",
            },
        }
        return event | self._outcome(service, call)

    def _outcome(self, service: str, call: str) -> Event:
        source = self._source
        if source.random() < FAILING:
            message = (
                f"User is not authorized to perform: {service}:{call} because no policy allows"
            )
            return {"errorCode": source.choice(FAILURES), "errorMessage": message}
        if call == "RunInstances":
            state = {"code": 0, "name": "pending"}
            started = {"instanceId": f"i-0{source.hexadecimal(16)}", "instanceState": state}
            return {"responseElements": {"instancesSet": {"items": [started]}}}
        if service == "s3":
            extra = {"SignatureVersion": "SigV4", "AuthenticationMethod": "AuthHeader"}
            return {"additionalEventData": extra | {"x-amz-id-2": source.base32(64)}}
        return {"responseElements": {"requestId": source.uuid(), "_return": True}}


def write_files(folder: Path, events: int, files: int, *, distinct: bool = False) -> None:
    """Write the files of a day into a folder, with as many processes as there are cores."""
    folder.mkdir(parents=True, exist_ok=True)
    write = partial(_write_file, folder, -(-events // files), distinct)
    with ProcessPoolExecutor() as pool:
        list(pool.map(write, range(files)))


def _write_file(folder: Path, events: int, distinct: bool, number: int) -> None:
    organisation = Organisation()
    writer = Writer(organisation, number, distinct=distinct)
    records = [writer.event(number * events + place) for place in range(events)]
    account = organisation.accounts[number % ACCOUNTS]
    name = f"{account}_CloudTrail_us-east-1_20260501T{number:04d}Z_{number:016x}.json.gz"
    (folder / name).write_bytes(gzip.compress(orjson.dumps({"Records": records}), 6))


def _completed(source: Random, session: Session, at: str, event: Event) -> Event:
    """Put a record together in the order of members in which CloudTrail writes them."""
    whole = {
        "eventVersion": "1.09",
        "userIdentity": None,
        "eventTime": at,
        "eventSource": None,
        "eventName": None,
        "awsRegion": session.region,
        "sourceIPAddress": session.address,
        "userAgent": session.agent,
        "requestParameters": None,
        "responseElements": None,
        "requestID": source.uuid(),
        "eventID": source.uuid(),
        "readOnly": True,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": session.account,
        "eventCategory": "Management",
    }
    return whole | event


def main() -> None:
    """Write the files that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--distinct", action="store_true")
    arguments = parser.parse_args()
    write_files(arguments.folder, arguments.events, arguments.files, distinct=arguments.distinct)


if __name__ == "__main__":
    main()
