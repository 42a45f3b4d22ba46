"""Reads parameters from a call and writes results and errors in the call's protocol.

moto's parsers and serializers work from botocore's service models, so one answer written as a
dictionary serves every protocol.
"""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

import botocore.parsers
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request
from moto.core.serialize import SerializationContext, get_serializer_class
from moto.core.utils import get_service_model

from vedette.aws.stand_in.call import Answer, Call

Parameters = dict[str, Any]
Result = dict[str, Any]

REQUEST_ID = "00000000-0000-4000-8000-000000000000"
# These once spoke the query protocol and keep its error codes in a header:
# https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
QUERY_COMPATIBLE = {"cloudwatch", "sqs"}


def parameters(call: Call) -> Parameters:
    """Read a call's parameters, named as in the API reference."""
    request = Request(call.fresh_environ())
    parsed: Any = PROTOCOL_PARSERS[call.protocol](_operation_model(call)).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": call.body,
            "url_path": request.path,
            "url_params": dict(call.labels),
        }
    )
    return dict(parsed)


def result_of(call: Call, answer: Answer) -> Result:
    """Read what a successful answer says, named as in the API reference."""
    parser = botocore.parsers.create_parser(call.protocol)
    response: Any = {
        "status_code": answer.status,
        "headers": {name.lower(): value for name, value in answer.headers.items()},
        "body": answer.body,
        "context": {},
    }
    shape: Any = _operation_model(call).output_shape
    parsed: Result = parser.parse(response, shape)
    parsed.pop("ResponseMetadata", None)
    return parsed


def reply(call: Call, result: Mapping[str, Any]) -> Answer:
    """Answer a call with a result."""
    serializer = get_serializer_class(call.service, call.protocol)(
        operation_model=_operation_model(call), context=SerializationContext(REQUEST_ID)
    )
    written = serializer.serialize(dict(result))
    body: Any = written["body"]
    headers = {str(name): str(value) for name, value in written["headers"].items()}
    return Answer(
        written["status_code"],
        {"x-amzn-RequestId": REQUEST_ID, **headers},
        body if isinstance(body, bytes) else str(body).encode(),
    )


def refuse(call: Call, code: str, message: str, status: int = 400) -> Answer:
    """Answer a call with an error, in the shape its protocol gives to errors."""
    if call.protocol in {"json", "rest-json"}:
        return _json_error(call, code, message, status)
    error = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if call.protocol == "ec2":
        body = f"<Response><Errors><Error>{error}</Error></Errors><RequestID>{REQUEST_ID}"
        body += "</RequestID></Response>"
    elif call.service == "s3":
        body = f"<Error>{error}<RequestId>{REQUEST_ID}</RequestId><HostId>x</HostId></Error>"
    else:
        body = f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error><RequestId>{REQUEST_ID}"
        body += "</RequestId></ErrorResponse>"
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'
    return Answer(status, {"Content-Type": "text/xml"}, xml.encode())


def _json_error(call: Call, code: str, message: str, status: int) -> Answer:
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "x-amzn-ErrorType": code,
        "x-amzn-RequestId": REQUEST_ID,
    }
    if call.service in QUERY_COMPATIBLE:
        headers["x-amzn-query-error"] = f"{code};Sender"
    body = json.dumps({"__type": code, "message": message})
    return Answer(status, headers, body.encode())


def _operation_model(call: Call) -> OperationModel:
    model: OperationModel = get_service_model(call.service).operation_model(call.operation)
    return model
