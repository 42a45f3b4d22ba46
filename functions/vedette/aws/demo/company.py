"""Creates the whole account of the company."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from vedette.aws.demo.account import Account
from vedette.aws.demo.ages import age_people
from vedette.aws.demo.buckets import ACCESS_LOGS, LEGAL_HOLD, create_buckets
from vedette.aws.demo.databases import create_databases
from vedette.aws.demo.functions import create_functions
from vedette.aws.demo.keys import create_keys
from vedette.aws.demo.machines import start_machines
from vedette.aws.demo.messages import create_topics_and_queues
from vedette.aws.demo.network import build_network, leave_experiment
from vedette.aws.demo.people import hire_people
from vedette.aws.demo.roles import create_roles
from vedette.aws.demo.stores import create_stores
from vedette.aws.demo.watch import watch_account
from vedette.aws.session import AwsSession
from vedette.aws.stand_in.gaps.credential_report import ROOT
from vedette.aws.stand_in.server import StandIn

Begin = Callable[[str], None]
SIGNED_IN_AS_ROOT = timedelta(days=412)
CHAPTERS = 8
CREATING = ("Create", "Register", "Run")
"""How the operations begin that make one resource each."""


def create_company(stand_in: StandIn, session: AwsSession, begin: Begin) -> int:
    """Fill an empty stand-in and return how many resources were created.

    `begin` is told what comes next.
    """
    account = Account(session)
    begin("people and roles")
    hire_people(account)
    create_roles(account)
    begin("buckets")
    create_buckets(account)
    begin("keys and secrets")
    key = create_keys(account)
    begin("networks")
    network = build_network(account, ACCESS_LOGS)
    leave_experiment(account)
    begin("servers")
    start_machines(account, network)
    begin("functions, topics and queues")
    create_functions(account)
    create_topics_and_queues(account, key)
    begin("databases and files")
    create_databases(account, network, key)
    create_stores(account, key)
    begin("trails and alarms")
    watch_account(account, key)
    _let_time_pass(stand_in, account)
    return _created(stand_in)


def _let_time_pass(stand_in: StandIn, account: Account) -> None:
    now = datetime.now(UTC)
    age_people(account, now)
    stand_in.gaps.set_root(mfa="virtual")
    stand_in.gaps.set_credentials(ROOT, password_last_used=now - SIGNED_IN_AS_ROOT)
    # The bucket's own policy refuses us, which moto does not enforce.
    stand_in.faults.deny("s3:Get*", containing=LEGAL_HOLD, by="resource-based policy")


def _created(stand_in: StandIn) -> int:
    return sum(
        count
        for request, count in stand_in.recorder.counts.items()
        if request.operation.startswith(CREATING)
    )
