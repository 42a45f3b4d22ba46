"""Pages of answers that moto gives whole, or cuts short without a way to go on.

The names of limits and tokens come from botocore's paginators; the page sizes are AWS's defaults
from the API references (None: everything, unless the caller sets a limit).
"""

import json
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

import botocore.session

from vedette.aws.stand_in.call import Call, Environ
from vedette.aws.stand_in.wire import Parameters, Result

PAGE_SIZES: dict[str, int | None] = {
    "accessanalyzer:ListAnalyzers": 100,
    "cloudwatch:DescribeAlarms": 50,
    "ec2:DescribeFlowLogs": None,
    "ec2:DescribeImages": None,
    "ec2:DescribeInstances": None,
    "ec2:DescribeLaunchTemplateVersions": 200,
    "ec2:DescribeLaunchTemplates": 200,
    "ec2:DescribeNetworkAcls": None,
    "ec2:DescribeNetworkInterfaces": None,
    "ec2:DescribeRouteTables": None,
    "ec2:DescribeSecurityGroups": None,
    "ec2:DescribeSnapshots": None,
    "ec2:DescribeSubnets": None,
    "ec2:DescribeTransitGateways": None,
    "ec2:DescribeVolumes": None,
    "ec2:DescribeVpcPeeringConnections": None,
    "ec2:DescribeVpcs": None,
    "ecr:DescribeRepositories": 100,
    "guardduty:ListDetectors": 50,
    "iam:GetAccountAuthorizationDetails": 100,
    "iam:ListEntitiesForPolicy": 100,
    "kms:ListKeys": 100,
    "lambda:ListFunctionUrlConfigs": 50,
    "lambda:ListFunctions": 50,
    "logs:DescribeMetricFilters": 50,
    "rds:DescribeDBClusterParameters": 100,
    "rds:DescribeDBClusterSnapshots": 100,
    "rds:DescribeDBClusters": 100,
    "rds:DescribeDBParameters": 100,
    "rds:DescribeDBSnapshots": 100,
    "rds:DescribeEventSubscriptions": 100,
    "s3:ListBuckets": 10_000,
    "securityhub:GetEnabledStandards": 100,
    "securityhub:ListEnabledProductsForImport": 100,
}


@cache
def _paginator(name: str) -> dict[str, Any]:
    service, _, operation = name.partition(":")
    found: dict[str, Any] = _session().get_paginator_model(service).get_paginator(operation)
    return found


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


def is_paged(call: Call) -> bool:
    """Tell whether the stand-in pages this operation itself."""
    return call.name in PAGE_SIZES


def ask_for_everything(call: Call) -> Environ:
    """Return the call without its limit and token, which moto heeds in part or not at all."""
    paginator = _paginator(call.name)
    paging = {str(paginator[key]).lower() for key in ("limit_key", "input_token")}
    if call.protocol == "json":
        asked = json.loads(call.body or b"{}")
        kept = {key: value for key, value in asked.items() if key.lower() not in paging}
        return call.fresh_environ(json.dumps(kept).encode())
    if call.protocol in {"ec2", "query"}:
        return call.fresh_environ(_without(call.body.decode(), paging).encode())
    query = _without(call.environ.get("QUERY_STRING", ""), paging)
    uri = f"{call.environ['RAW_URI'].partition('?')[0]}?{query}".removesuffix("?")
    return {**call.fresh_environ(), "QUERY_STRING": query, "RAW_URI": uri, "REQUEST_URI": uri}


def _without(form: str, names: set[str]) -> str:
    pairs = parse_qsl(form, keep_blank_values=True)
    return urlencode([(name, value) for name, value in pairs if name.lower() not in names])


def cut_page(call: Call, asked: Parameters, result: Result, largest: int | None) -> None:
    """Leave one page in the result, of `largest` entries at most, and the token for the next."""
    paginator = _paginator(call.name)
    start = int(asked.get(paginator["input_token"]) or 0)
    limits = (asked.get(paginator["limit_key"]) or PAGE_SIZES[call.name], largest)
    size = min((int(limit) for limit in limits if limit is not None), default=None)
    keys = paginator["result_key"]
    total = 0
    for key in keys if isinstance(keys, list) else [keys]:
        entries = result.get(key) or []
        stop = total + len(entries) if size is None else start + size
        result[key] = entries[max(start - total, 0) : max(stop - total, 0)]
        total += len(entries)
    more = size is not None and start + size < total
    result[paginator["output_token"]] = str(start + size) if more and size else None
    if "more_results" in paginator:
        result[paginator["more_results"]] = more
