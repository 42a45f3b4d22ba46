"""No operation that Vedette reads is left without an answer."""

from http import HTTPStatus
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from tests.aws.stand_in.operations import OPERATIONS, send
from vedette.aws.stand_in.gaps.gaps import GAPS, MENDS
from vedette.aws.stand_in.gaps.paging import PAGE_SIZES
from vedette.aws.stand_in.server import StandIn


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_an_operation_succeeds_or_misses_its_resource(
    stand_in: StandIn, service: str, operation: str
) -> None:
    client = stand_in.client(service, "eu-west-1")

    assert status_of(client, operation) < HTTPStatus.INTERNAL_SERVER_ERROR


def status_of(client: Any, operation: str) -> int:
    try:
        answer = send(client, operation)
    except ClientError as error:
        answer = error.response
        assert answer["Error"]["Code"] != "", "an error that says nothing"
        assert "html" not in str(answer["Error"]["Message"]), "moto does not know the path"
    status: int = answer["ResponseMetadata"]["HTTPStatusCode"]
    return status


@pytest.mark.parametrize("name", sorted({*GAPS, *MENDS, *PAGE_SIZES}))
def test_every_gap_is_for_an_operation_of_aws(name: str) -> None:
    service, _, operation = name.partition(":")

    model = botocore.session.get_session().get_service_model(service)

    assert operation in model.operation_names
