"""Opens the session through which everything reads AWS."""

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import BotoCoreError

from vedette import __version__
from vedette.aws.endpoint import keep_account_out_of_host
from vedette.aws.errors import CALL_ERRORS, INVALID_CREDENTIAL_CODES, Problem, ReadError, read_error
from vedette.resources.arn import parse_arn
from vedette.resources.errors import UserError

ATTEMPTS = 6
CONNECT_SECONDS, READ_SECONDS = 10, 60
FALLBACK_REGION = "us-east-1"
SECONDS_BETWEEN_RENEWALS = 60.0
HOME_REGIONS = {
    "aws": "us-east-1",
    "aws-cn": "cn-north-1",
    "aws-us-gov": "us-gov-west-1",
}


class SessionError(UserError):
    """No session can be opened; the message says what to do about it."""


@dataclass(frozen=True, slots=True)
class AccessKey:
    """Credentials given outright, which come before those of the user's settings."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOptions:
    """How to reach AWS: the user's profile, a role to assume, an endpoint other than AWS.

    `read_seconds` is how long an answer may take.
    """

    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    connections: int = 16
    read_seconds: int = READ_SECONDS
    access_key: AccessKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who we are: account id, partition and the caller's ARN."""

    account: str
    partition: str
    arn: str


class AwsSession:
    """Makes clients, one per service and region, and drops them again region by region.

    Clients are shared between threads, which botocore allows; making one is not thread-safe.
    """

    def __init__(self, options: SessionOptions) -> None:
        """Raise SessionError if the profile or the role's ARN cannot be used."""
        self._options = options
        self._boto = _open(options)
        self.region = self._boto.region_name or FALLBACK_REGION
        self._clients: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        self._lock = threading.Lock()
        self._renewed = float("-inf")

    def client(self, service: str, region: str) -> Any:
        """Return the client for a service in a region."""
        client = self._clients[region].get(service)
        if client is None:
            with self._lock:
                client = self._clients[region].get(service)
                if client is None:
                    client = self._make(service, region)
                    self._clients[region][service] = client
        return client

    def drop(self, region: str) -> None:
        """Close and forget the clients of a region."""
        with self._lock:
            dropped = self._clients.pop(region, {})
        for client in dropped.values():
            client.close()

    def renew(self) -> bool:
        """Open the session anew, since the credentials expired; at most once in a while.

        Returns False if that cannot help. Serves users who renew a profile while a long run goes on
        (roles and SSO sessions renew themselves before they expire).
        """
        with self._lock:
            if time.monotonic() - self._renewed < SECONDS_BETWEEN_RENEWALS:
                return True
            try:
                self._boto = _open(self._options)
            except SessionError:
                return False
            self._renewed = time.monotonic()
            self._clients.clear()
            return True

    def serves(self, service: str, region: str) -> bool:
        """Tell whether botocore's list of endpoints knows the service in the region."""
        partition = self._boto.get_partition_for_region(region)
        listed = self._boto.get_available_regions(service, partition)
        return not listed or region in listed

    def identity(self) -> Identity:
        """Ask AWS who we are. Raises SessionError with the remedy if it does not answer."""
        operation = "sts:GetCallerIdentity"
        try:
            answer = self.client("sts", self.region).get_caller_identity()
        except CALL_ERRORS as error:
            raise SessionError(_remedy(read_error(operation, error), self._options)) from error
        arn = parse_arn(answer["Arn"])
        return Identity(account=answer["Account"], partition=arn.partition, arn=answer["Arn"])

    def credentials(self) -> Any:
        """Return the credentials as they are now, to sign what no client signs.

        Raises SessionError if there are none.
        """
        try:
            found = self._boto.get_credentials()
            return self._frozen(found)
        except CALL_ERRORS as error:
            raise SessionError(_remedy(read_error("", error), self._options)) from error

    def _frozen(self, found: Any) -> Any:
        if found is None:
            raise SessionError(_no_credentials(self._options))
        return found.get_frozen_credentials()

    def _make(self, service: str, region: str) -> Any:
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=self._options.read_seconds,
            max_pool_connections=self._options.connections,
            parameter_validation=False,
            retries={"mode": "adaptive", "total_max_attempts": self._attempts()},
            user_agent_extra=f"vedette/{__version__}",
        )
        # boto3's overloads name every service literally; ours arrives as data.
        make: Any = self._boto.client
        client = make(
            service, region_name=region, endpoint_url=self._options.endpoint_url, config=config
        )
        keep_account_out_of_host(client)
        return client

    def _attempts(self) -> int:
        """Honour AWS_MAX_ATTEMPTS and `max_attempts` of the profile, as every AWS tool does."""
        set_by_user = self._boto._session.get_config_variable("max_attempts")  # noqa: SLF001
        return int(set_by_user) if set_by_user else ATTEMPTS


def _open(options: SessionOptions) -> boto3.Session:
    try:
        return boto3.Session(
            botocore_session=_botocore_session(options), region_name=options.region
        )
    except BotoCoreError as error:
        raise SessionError(f"{error}. Name an existing profile with --profile.") from error


def home_region(partition: str) -> str:
    """Return the region in which a partition's global services answer."""
    return HOME_REGIONS.get(partition, FALLBACK_REGION)


def _botocore_session(options: SessionOptions) -> botocore.session.Session:
    session = botocore.session.Session(profile=options.profile)
    if options.access_key is not None:
        session.set_credentials(options.access_key.id, options.access_key.secret)
    if options.role_arn is None:
        return session
    source = session.get_credentials()
    if source is None:
        raise SessionError(_no_credentials(options))
    extra = {"RoleSessionName": "vedette"}
    if options.external_id:
        extra["ExternalId"] = options.external_id

    def sts_client(service: str, **settings: Any) -> Any:
        settings.setdefault("region_name", options.region or FALLBACK_REGION)
        return session.create_client(service, endpoint_url=options.endpoint_url, **settings)

    fetcher = AssumeRoleCredentialFetcher(
        client_creator=sts_client,
        source_credentials=source,
        role_arn=options.role_arn,
        extra_args=extra,
    )
    assumed = botocore.session.Session(profile=options.profile)
    # These renew themselves before they expire, so a long run outlives the role's session.
    renewing = DeferredRefreshableCredentials(
        method="assume-role", refresh_using=fetcher.fetch_credentials
    )
    _give(assumed, renewing)
    return assumed


def _give(session: Any, credentials: DeferredRefreshableCredentials) -> None:
    """Set a session's credentials, for which botocore has no public way."""
    session._credentials = credentials  # noqa: SLF001


def _remedy(error: ReadError, options: SessionOptions) -> str:
    if error.problem is Problem.EXPIRED and error.code != "NoCredentialsError":
        return "The AWS credentials have expired. Sign in again, for example: aws sso login"
    if error.code == "NoCredentialsError":
        return _no_credentials(options)
    if error.code in INVALID_CREDENTIAL_CODES:
        return f"AWS does not accept these credentials ({error.code}). Renew the access key."
    if error.problem is Problem.UNREACHABLE:
        where = options.endpoint_url or f"AWS in {options.region or 'the region of the profile'}"
        return f"{where} cannot be reached. Look at --endpoint-url, --region and the network."
    if options.role_arn and error.denied:
        return (
            f"The role {options.role_arn} cannot be assumed ({error.code}). "
            "Look at its trust policy and at --external-id."
        )
    return f"AWS does not say who we are: {error.reason} {error.message}".strip()


def _no_credentials(options: SessionOptions) -> str:
    whom = f"the profile {options.profile}" if options.profile else "this shell"
    return (
        f"There are no AWS credentials in {whom}. Sign in (aws sso login, aws configure) or name "
        "a profile with --profile; to see Vedette without an account, run: vedette demo"
    )
