"""Why a document is not run."""


class RefusalError(Exception):
    """A construct that would not run exactly as written; the message says why."""
