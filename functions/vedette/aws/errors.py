"""What AWS's refusals and failures mean, in words for people.

Sources: the "Common Errors" page of each service's API reference; botocore's exceptions.
"""

from enum import StrEnum

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's own name
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    TokenRetrievalError,
)
from botocore.parsers import ResponseParserError

MESSAGE_LIMIT = 200


class Problem(StrEnum):
    """Why a read gave no answer, as the end of a sentence that begins with the operation."""

    DENIED = "was denied"
    DENIED_BY_ORGANISATION = "was denied by an organisation's policy"
    THROTTLED = "was throttled"
    EXPIRED = "was refused, since the credentials have expired"
    NOT_FOUND = "found nothing"
    REGION_OFF = "was refused, since the region is switched off"
    UNREACHABLE = "is unreachable"
    FAILED = "failed"


DENIED_CODES = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AllAccessDisabled",
        "AuthorizationError",
        "AuthorizationErrorException",
        "Forbidden",
        "ForbiddenException",
        "UnauthorizedOperation",
        "UnauthorizedAccess",
        "KMS.AccessDeniedException",
        "403",
    }
)
THROTTLED_CODES = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestLimitExceeded",
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "TooManyRequestsException",
        "ProvisionedThroughputExceededException",
        "PriorRequestNotComplete",
        "SlowDown",
        "EC2ThrottledException",
    }
)
EXPIRED_CODES = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
)
INVALID_CREDENTIAL_CODES = frozenset(
    {
        "AuthFailure",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
        "IncompleteSignature",
        "InvalidSignatureException",
    }
)
REGION_OFF_CODES = frozenset({"OptInRequired", "RegionDisabledException"})
BY_ORGANISATION = ("service control policy", "resource control policy")


class ReadError(Exception):
    """A call to AWS gave no answer after all retries.

    `operation` is `service:Operation`, `code` AWS's error code or botocore's exception name.
    """

    def __init__(self, operation: str, problem: Problem, code: str, message: str = "") -> None:
        self.operation = operation
        self.problem = problem
        self.code = code
        self.message = message[:MESSAGE_LIMIT]
        super().__init__(self.reason)

    @property
    def reason(self) -> str:
        """Return the clause that findings, facts and coverage show."""
        tells_more = self.problem is Problem.FAILED and self.message
        said = f": {self.message}" if tells_more else ""
        return f"{self.operation} {self.problem.value} ({self.code}{said})"

    @property
    def denied(self) -> bool:
        """Tell whether permission is what is missing."""
        return self.problem in (Problem.DENIED, Problem.DENIED_BY_ORGANISATION)


# What a botocore call may raise; an answer that is not AWS's (a proxy's page) is no BotoCoreError.
CALL_ERRORS = (ClientError, BotoCoreError, ResponseParserError)


def read_error(
    operation: str, error: ClientError | BotoCoreError | ResponseParserError
) -> ReadError:
    """Say what a botocore exception means for the reader."""
    if isinstance(error, ClientError):
        details = error.response.get("Error", {})
        code, message = str(details.get("Code", "")), str(details.get("Message", ""))
        return ReadError(operation, _problem(code, message), code, message)
    name = type(error).__name__
    if isinstance(error, NoCredentialsError | CredentialRetrievalError | TokenRetrievalError):
        return ReadError(operation, Problem.EXPIRED, name, str(error))
    if isinstance(error, EndpointConnectionError | ConnectionError | HTTPClientError):
        return ReadError(operation, Problem.UNREACHABLE, name)
    return ReadError(operation, Problem.FAILED, name, str(error))


def _problem(code: str, message: str) -> Problem:
    if code in DENIED_CODES or code in INVALID_CREDENTIAL_CODES:
        by_organisation = any(kind in message for kind in BY_ORGANISATION)
        return Problem.DENIED_BY_ORGANISATION if by_organisation else Problem.DENIED
    if code in THROTTLED_CODES:
        return Problem.THROTTLED
    if code in EXPIRED_CODES:
        return Problem.EXPIRED
    if code in REGION_OFF_CODES:
        return Problem.REGION_OFF
    if _says_not_found(code):
        return Problem.NOT_FOUND
    return Problem.FAILED


def _says_not_found(code: str) -> bool:
    return (
        code.startswith("NoSuch")
        or code.endswith((".NotFound", "NotFound", "NotFoundException", "NotFoundFault"))
        or code in {"404", "ResourceNotFoundException", "NonExistentQueue", "QueueDoesNotExist"}
        or code.endswith(("NonExistentQueue", "QueueDoesNotExist"))
    )
