"""Names the API call that an HTTP request makes.

The service and the region stand in the signature's credential scope (AWS Signature Version 4), the
operation in `X-Amz-Target` (JSON protocols), in `Action` (query and EC2 protocols), or follows from
method, path and query string (REST protocols), for which moto compiles botocore's service models.
"""

import re
from urllib.parse import parse_qs

from botocore.exceptions import UnknownServiceError
from moto.core.request import Request
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from moto.iam.models import get_account_id_from
from werkzeug.exceptions import NotFound

from vedette.aws.stand_in.call import Call, Environ

CREDENTIAL = re.compile(
    r"Credential=(?P<key>[^/,\s]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request"
)
# Where the name in the signature is not the name of boto3's client.
CLIENTS_BY_SIGNING_NAME = {
    "access-analyzer": "accessanalyzer",
    "elasticfilesystem": "efs",
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
}
S3_CONTROL_PATH = "/v20180820/"
UNSIGNED = "unsigned"
DEFAULT_REGION = "us-east-1"
FORM = "application/x-www-form-urlencoded"


def name_call(environ: Environ) -> Call:
    """Read a request from its WSGI environment and name what it asks for."""
    body = _read_body(environ)
    key, region, signing_name = _signature(environ)
    path: str = environ.get("PATH_INFO", "/")
    service = CLIENTS_BY_SIGNING_NAME.get(signing_name, signing_name)
    if service == "s3" and path.startswith(S3_CONTROL_PATH):
        service = "s3control"
    operation, protocol, labels = _operation(service, environ, body)
    return Call(
        service=service,
        operation=operation or f"{environ['REQUEST_METHOD']} {path}",
        region=region,
        account=get_account_id_from(key),
        protocol=protocol,
        environ=environ,
        body=body,
        labels=labels,
    )


def _read_body(environ: Environ) -> bytes:
    if environ.get("wsgi.input_terminated"):
        chunked: bytes = environ["wsgi.input"].read()
        return chunked
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body: bytes = environ["wsgi.input"].read(length) if length else b""
    return body


def _signature(environ: Environ) -> tuple[str, str, str]:
    found = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if found is None:
        return "", DEFAULT_REGION, UNSIGNED
    return found["key"], found["region"], found["service"]


def _operation(service: str, environ: Environ, body: bytes) -> tuple[str, str, dict[str, str]]:
    """Return operation, protocol and the parameters in the path."""
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return target.rpartition(".")[2], "json", {}
    action = _action(environ, body)
    if action:
        return action, "ec2" if service == "ec2" else "query", {}
    return _rest_operation(service, environ)


def _action(environ: Environ, body: bytes) -> str:
    is_form = environ.get("CONTENT_TYPE", "").startswith(FORM)
    sent: str = body.decode("utf-8", "replace") if is_form else environ.get("QUERY_STRING", "")
    form = parse_qs(sent)
    return form.get("Action", [""])[0]


def _rest_operation(service: str, environ: Environ) -> tuple[str, str, dict[str, str]]:
    try:
        protocol = str(get_service_model(service).protocol)
        # The body is read already, and a REST operation does not hang on it.
        request = Request({**environ, "CONTENT_TYPE": ""}, populate_request=False)
        operation, labels = get_service_router(service).match(request)
    except UnknownServiceError:
        return "", "rest-json", {}
    except (NotFound, NotImplementedError):
        return "", protocol, {}
    return str(operation.name), protocol, dict(labels)
