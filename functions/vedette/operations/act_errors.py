"""What the API answers when it cannot do what is asked."""


class RequestError(Exception):
    """A request that is refused: the status of HTTP, a word for programs, what to do for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
