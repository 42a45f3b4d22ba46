"""The root of all errors that the user can put right."""


class UserError(Exception):
    """Something that the user can put right: the message is a sentence that says what and how.

    Commands print it without a traceback and end with exit code 2.
    """
