"""The error of a request that cannot be carried out as it stands. Imports nothing heavy."""

from vedette.resources.errors import UserError


class UsageError(UserError):
    """The request cannot be carried out as it stands; the message says what to do."""
