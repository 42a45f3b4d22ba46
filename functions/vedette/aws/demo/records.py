"""Writes CloudTrail records of what people and machines of the company did."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Record = Mapping[str, Any]
READING = ("Get", "List", "Describe", "Head", "Lookup", "Decrypt", "AssumeRole")
CONSOLE = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0"
COMMAND_LINE = "aws-cli/2.31.9 md/awscrt#0.27.6 ua/2.1 os/linux lang/python#3.13.7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Whoever calls, from where and with what; `identity` is CloudTrail's userIdentity."""

    identity: Record
    address: str
    agent: str = COMMAND_LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Those who act in one account."""

    account: str
    partition: str = "aws"

    def arn(self, service: str, resource: str, region: str = "") -> str:
        """Name something of the account."""
        return f"arn:{self.partition}:{service}:{region}:{self.account}:{resource}"

    def user(self, name: str, key: str, address: str, agent: str = COMMAND_LINE) -> Actor:
        """Return a user who calls with an access key."""
        identity = {
            "type": "IAMUser",
            "principalId": f"AIDA{_id(name)}",
            "arn": self.arn("iam", f"user/{name}"),
            "accountId": self.account,
            "accessKeyId": key,
            "userName": name,
        }
        return Actor(identity=identity, address=address, agent=agent)

    def role(self, name: str, session: str, address: str, agent: str = COMMAND_LINE) -> Actor:
        """Return a session of a role."""
        issuer = {
            "type": "Role",
            "principalId": f"AROA{_id(name)}",
            "arn": self.arn("iam", f"role/{name}"),
            "accountId": self.account,
            "userName": name,
        }
        identity = {
            "type": "AssumedRole",
            "principalId": f"{issuer['principalId']}:{session}",
            "arn": self.arn("sts", f"assumed-role/{name}/{session}"),
            "accountId": self.account,
            "accessKeyId": f"ASIA{_id(name + session)}"[:20],
            "sessionContext": {
                "sessionIssuer": issuer,
                "attributes": {"mfaAuthenticated": "false"},
            },
        }
        return Actor(identity=identity, address=address, agent=agent)

    def service(self, name: str) -> Actor:
        """Return a service of AWS, such as `config`."""
        host = f"{name}.amazonaws.com"
        identity = {"type": "AWSService", "invokedBy": host}
        return Actor(identity=identity, address=host, agent=host)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call: `service` as in `ec2`, and what was asked and answered."""

    service: str
    name: str
    region: str
    request: Record | None = None
    response: Record | None = None
    error: str | None = None
    extra: Record | None = None


class Diary:
    """The records of one account, which advances in time with every call."""

    def __init__(self, account: str, begin: datetime) -> None:
        """Begin at a time in UTC."""
        self.records: list[Record] = []
        self.time = begin
        self._account = account
        self._begin = begin

    def wait(self, **time: float) -> None:
        """Let time pass, as `timedelta` counts it."""
        self.time += timedelta(**time)

    def call(self, actor: Actor, call: Call) -> None:
        """Write down a call, and let some seconds pass."""
        self.records.append(self._record(actor, call))
        self.wait(seconds=7)

    def denied(self, actor: Actor, call: Call) -> None:
        """Write down a call that the caller was not allowed to make."""
        code = "Client.UnauthorizedOperation" if call.service == "ec2" else "AccessDenied"
        self.call(actor, replace(call, error=code, response=None))

    def _record(self, actor: Actor, call: Call) -> Record:
        number = f"{self._account}/{self._begin.isoformat()}/{len(self.records)}"
        record = {
            "eventVersion": "1.11",
            "userIdentity": actor.identity,
            "eventTime": self.time.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "eventSource": f"{call.service}.amazonaws.com",
            "eventName": call.name,
            "awsRegion": call.region,
            "sourceIPAddress": actor.address,
            "userAgent": actor.agent,
            **self._failure(actor, call),
            "requestParameters": call.request,
            "responseElements": call.response,
            "requestID": str(uuid5(NAMESPACE_URL, f"request/{number}")),
            "eventID": str(uuid5(NAMESPACE_URL, f"event/{number}")),
            "readOnly": call.name.startswith(READING),
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": self._account,
            "eventCategory": "Management",
        }
        return record | dict(call.extra or {})

    def _failure(self, actor: Actor, call: Call) -> Record:
        if call.error is None:
            return {}
        who, what = actor.identity.get("arn", "somebody"), f"{call.service}:{call.name}"
        return {
            "errorCode": call.error,
            "errorMessage": f"User: {who} is not authorized to perform: {what} because no "
            f"identity-based policy allows the {what} action",
        }


def write_logs(folder: Path, account: str, records: Iterable[Record]) -> list[Path]:
    """Write records into files as CloudTrail delivers them: one a region and hour."""
    by_file: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        by_file[record["awsRegion"], record["eventTime"][:13]].append(record)
    return [_write(folder, account, place, found) for place, found in sorted(by_file.items())]


def _write(folder: Path, account: str, place: tuple[str, str], found: list[Record]) -> Path:
    region, hour = place
    day, _, clock = hour.partition("T")
    year, month, date = day.split("-")
    below = Path("AWSLogs", account, "CloudTrail", region, year, month, date)
    unique = _id("".join(record["eventID"] for record in found))[:16]
    name = f"{account}_CloudTrail_{region}_{year}{month}{date}T{clock}59Z_{unique}.json.gz"
    path = folder / below / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"Records": found}, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    return path


def _id(text: str) -> str:
    """Return seventeen capitals and digits that are always the same for a text."""
    return uuid5(NAMESPACE_URL, text).hex.upper()[:17]
