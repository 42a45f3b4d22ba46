"""How long people have been there and when they last did something, which no API call can set."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moto.backends import get_backend
from moto.iam.models import AccessKeyLastUsed
from moto.utilities.utils import get_partition

from vedette.aws.demo.account import DUBLIN, Account
from vedette.aws.demo.people import CONTRACTOR, ROBOT


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHistory:
    """How many days ago an access key was made and last used (None: never)."""

    made: int
    used: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """How many days ago a user was created and last signed in (None: never)."""

    created: int
    signed_in: int | None = None
    keys: tuple[KeyHistory, ...] = ()


HISTORIES: Mapping[str, History] = {
    "margaret.hale": History(created=2200, signed_in=2),
    "tom.okafor": History(created=1400, signed_in=1, keys=(KeyHistory(made=41, used=1),)),
    "priya.nair": History(created=640, signed_in=1, keys=(KeyHistory(made=210, used=4),)),
    "liam.doyle": History(created=900, signed_in=230),
    CONTRACTOR: History(created=800, keys=(KeyHistory(made=761, used=6),)),
    ROBOT: History(created=1100, keys=(KeyHistory(made=70, used=1), KeyHistory(made=520))),
    "newsletter-sender": History(created=300, keys=(KeyHistory(made=25, used=1),)),
}


def age_people(account: Account, now: datetime) -> None:
    """Date the users and their access keys back."""
    users = get_backend("iam")[account.id][get_partition(DUBLIN)].users.values()
    for user in users:
        _age(user, HISTORIES[user.name], now)


def _age(user: Any, history: History, now: datetime) -> None:
    user.create_date = _ago(now, history.created)
    if history.signed_in is not None:
        user.password_last_used = _ago(now, history.signed_in)
    for key, its in zip(user.access_keys, history.keys, strict=True):
        key.create_date = _ago(now, its.made)
        if its.used is not None:
            key.last_used = AccessKeyLastUsed(_ago(now, its.used), "s3", DUBLIN)


def _ago(now: datetime, days: int) -> datetime:
    """Return a date as moto keeps it: in UTC, without saying so."""
    return (now - timedelta(days=days)).replace(tzinfo=None, microsecond=0)
