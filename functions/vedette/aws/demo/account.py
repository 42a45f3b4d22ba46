"""The account that the demo creates: clients for it, and the names of what is in it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from vedette.aws.session import AccessKey, AwsSession

DUBLIN = "eu-west-1"
"""Where the shop runs."""
VIRGINIA = "us-east-1"
"""Where an experiment was left behind."""
PARTNER = "444455556666"
"""Pelican Fulfilment, who pack and send the books: their account is trusted."""
STRANGER = "999988887777"
"""An account that nobody in the company can name any more."""
EVERYBODY = "*"
ACCESS_KEY = AccessKey("AKIAIOSFODNN7EXAMPLE", "any")
"""Names the account, as in AWS's documentation; nobody verifies the signatures."""

Statement = Mapping[str, object]


class Account:
    """The account, empty at first."""

    def __init__(self, session: AwsSession) -> None:
        """Take the session through which everything is created."""
        self._session = session
        self._identity = session.identity()

    @property
    def id(self) -> str:
        """Return the account's id."""
        return self._identity.account

    def client(self, service: str, region: str = DUBLIN) -> Any:
        """Return the client of a service."""
        return self._session.client(service, region)

    def arn(self, service: str, resource: str, region: str = DUBLIN) -> str:
        """Name a resource of a service that has regions."""
        return f"arn:{self._identity.partition}:{service}:{region}:{self.id}:{resource}"

    def iam_arn(self, resource: str, account: str | None = None) -> str:
        """Name a principal or policy of this account or another (`aws` for AWS's own policies)."""
        return f"arn:{self._identity.partition}:iam::{account or self.id}:{resource}"

    def bucket_arn(self, name: str) -> str:
        """Name a bucket, or objects in it."""
        return f"arn:{self._identity.partition}:s3:::{name}"


def allow(actions: str | list[str], resource: str | list[str], **rest: object) -> Statement:
    """Write a statement that allows; `rest` holds Principal and Condition, if any."""
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **rest}


def document(*statements: Statement) -> str:
    """Write a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def tags(name: str = "", **others: str) -> list[dict[str, str]]:
    """Write tags as most services take them: a name, and others such as `team`."""
    named = {"Name": name} if name else {}
    return [{"Key": key, "Value": value} for key, value in {**named, **others}.items()]


def tagged(kind: str, name: str, **others: str) -> list[dict[str, object]]:
    """Write tags as EC2 takes them for what is being created."""
    return [{"ResourceType": kind, "Tags": tags(name, **others)}]


def from_anywhere(*ports: int) -> Iterable[dict[str, object]]:
    """Write permissions that open TCP ports to everybody, over IPv4 and IPv6."""
    for port in ports:
        yield {
            "IpProtocol": "tcp",
            "FromPort": port,
            "ToPort": port,
            "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
            "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
        }
