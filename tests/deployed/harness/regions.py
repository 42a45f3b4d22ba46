"""Which regions an account has switched on."""

from collections.abc import Collection
from typing import Final

from tests.deployed.harness.endpoint import Endpoint
from tests.deployed.harness.iam.principals import Principal
from vedette.aws.stand_in.call import Answer, Call
from vedette.aws.stand_in.wire import reply, result_of

DESCRIBE: Final = "ec2:DescribeRegions"


def switch_on_only(endpoint: Endpoint, names: Collection[str]) -> None:
    """Let an account look as if it had these regions and no others."""

    def describe(_: Principal, call: Call) -> Answer:
        answer = endpoint.forward(call)
        if not answer.succeeded:
            return answer
        result = result_of(call, answer)
        regions = [one for one in result["Regions"] if one["RegionName"] in names]
        return reply(call, {**result, "Regions": regions})

    endpoint.services[DESCRIBE] = describe
