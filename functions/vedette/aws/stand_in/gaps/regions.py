"""Which regions an account has switched on; calls into one that is off are refused.

Source: AWS Account Management Reference Guide, "Enable or disable AWS Regions in your account": the
17 oldest regions are always on, every later one must be switched on by the account. moto has four
later ones on, and lists the others as if they could be called.
"""

from functools import cache

import botocore.session
from moto.utilities.utils import get_partition

from vedette.aws.stand_in import error_codes
from vedette.aws.stand_in.call import Answer
from vedette.aws.stand_in.gaps.exchange import Exchange, Gap, Guard, Mend
from vedette.aws.stand_in.gaps.state import State
from vedette.aws.stand_in.wire import Result

ALWAYS_ON = frozenset(
    {
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
        "eu-central-1",
        "eu-north-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
    }
)


@cache
def commercial_regions() -> tuple[str, ...]:
    """Return the names of all regions of the `aws` partition that botocore knows."""
    return tuple(botocore.session.get_session().get_available_regions("ec2"))


def is_off(state: State, account: str, region: str) -> bool:
    """Tell whether an account has yet to switch a region on."""
    optional = region in commercial_regions() and region not in ALWAYS_ON
    return optional and region not in state.regions_opted_in[account]


def refuse_in_region_that_is_off(exchange: Exchange) -> Answer | None:
    """Refuse credentials where they are not known."""
    if not is_off(exchange.state, *exchange.place):
        return None
    error = error_codes.look_up(error_codes.REGION_OFF, exchange.call)
    return exchange.refuse(
        error.code, "The security token included in the request is invalid.", error.status
    )


def _say_which_are_on(exchange: Exchange, result: Result) -> None:
    """Source: EC2 API Reference, DescribeRegions: `AllRegions` adds those that are off."""
    everything = exchange.parameters.get("AllRegions")
    listed = []
    for region in result["Regions"]:
        name = region["RegionName"]
        region["OptInStatus"] = _opt_in_status(exchange.state, exchange.call.account, name)
        is_on = region["OptInStatus"] != "not-opted-in"
        # moto lists the regions of China and GovCloud to everybody.
        if get_partition(name) == exchange.partition and (is_on or everything):
            listed.append(region)
    result["Regions"] = listed


def _opt_in_status(state: State, account: str, region: str) -> str:
    if region in ALWAYS_ON or region not in commercial_regions():
        return "opt-in-not-required"
    return "not-opted-in" if is_off(state, account, region) else "opted-in"


def _list_regions(exchange: Exchange) -> Answer:
    wanted = exchange.parameters.get("RegionOptStatusContains")
    listed = [
        {"RegionName": region, "RegionOptStatus": status}
        for region in commercial_regions()
        if (status := _opt_status(exchange, region)) in (wanted or [status])
    ]
    return exchange.reply({"Regions": listed})


def _get_region_opt_status(exchange: Exchange) -> Answer:
    region = exchange.parameters["RegionName"]
    return exchange.reply({"RegionName": region, "RegionOptStatus": _opt_status(exchange, region)})


def _opt_status(exchange: Exchange, region: str) -> str:
    if region in ALWAYS_ON:
        return "ENABLED_BY_DEFAULT"
    return "DISABLED" if is_off(exchange.state, exchange.call.account, region) else "ENABLED"


def _enable_region(exchange: Exchange) -> Answer:
    opted_in = exchange.state.regions_opted_in[exchange.call.account]
    opted_in.add(exchange.parameters["RegionName"])
    return exchange.reply()


def _disable_region(exchange: Exchange) -> Answer:
    opted_in = exchange.state.regions_opted_in[exchange.call.account]
    opted_in.discard(exchange.parameters["RegionName"])
    return exchange.reply()


GUARDS: tuple[Guard, ...] = (refuse_in_region_that_is_off,)
GAPS: dict[str, Gap] = {
    "account:DisableRegion": _disable_region,
    "account:EnableRegion": _enable_region,
    "account:GetRegionOptStatus": _get_region_opt_status,
    "account:ListRegions": _list_regions,
}
MENDS: dict[str, Mend] = {"ec2:DescribeRegions": _say_which_are_on}
