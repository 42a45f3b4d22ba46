"""Passwords, access keys and MFA of IAM users and of the root user, and how long they lie unused.

Source: IAM User Guide, "Generate credential reports for your AWS account".
"""

from datetime import datetime

from vedette.resources.resource import Value


class AccessKey(Value):
    """One of a user's two access keys, numbered as in the credential report.

    `created` is when the key was made; `last_used` is None if it never signed a request.
    """

    number: int
    active: bool
    created: datetime
    last_used: datetime | None = None

    def age_days(self, now: datetime) -> int:
        """Return the whole days since the key was made."""
        return (now - self.created).days

    def idle_days(self, now: datetime) -> int:
        """Return the whole days since the key was last used, or made if it never was."""
        return (now - (self.last_used or self.created)).days


class Credentials(Value):
    """What one user can sign in or sign requests with.

    `password_changed` and `password_last_used` are None where AWS has nothing to tell.  `reported`
    is when AWS wrote the credential report that this comes from, at most four hours ago; None if
    the user was asked about directly.
    """

    password_enabled: bool
    password_changed: datetime | None = None
    password_last_used: datetime | None = None
    mfa_active: bool = False
    access_keys: tuple[AccessKey, ...] = ()
    reported: datetime | None = None

    @property
    def active_keys(self) -> tuple[AccessKey, ...]:
        """Return the access keys that work."""
        return tuple(key for key in self.access_keys if key.active)

    @property
    def last_used(self) -> datetime | None:
        """Return when any of the credentials was last used; None if none ever was."""
        used = [self.password_last_used, *(key.last_used for key in self.access_keys)]
        return max((one for one in used if one is not None), default=None)

    @property
    def password_idle_since(self) -> datetime | None:
        """Return when the password was last used, or set if it never was; None if not known."""
        return self.password_last_used or self.password_changed


def days_between(since: datetime, now: datetime) -> int:
    """Return the whole days from one time to another."""
    return (now - since).days
