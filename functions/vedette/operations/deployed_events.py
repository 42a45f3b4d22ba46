"""Looks whether events get from every account and region to the functions."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from vedette.aws.collect.reader import Reader
from vedette.aws.deployed_functions import mappings_of, settings_of
from vedette.aws.deployment_stack import DeployedStack
from vedette.aws.errors import ReadError
from vedette.aws.event_rules import RuleNow, rule_now
from vedette.aws.watched_accounts import accounts_of_organisation, member_stacks
from vedette.operations.deployed_looks import Area, Look
from vedette.operations.hub_queues import BUS, FUNCTION, READERS, RULE, on_hub_bus
from vedette.operations.hub_reach import Hub
from vedette.operations.patterns import READS_TOO, WRITES

RULES: Final = Area("rules")
REGIONS: Final = Area("region")
ACCOUNTS: Final = Area("account")
FUNCTIONS: Final = Area("function")
STACK_SET: Final = "VedetteMember"
AGAIN: Final = "Deploy again: vedette deploy"
_READS: Final = "DetectAny"
_ENABLED: Final = "Enabled"
DISPATCH: Final = "FunctionsDispatchFunction"
_ACCOUNTS: Final = "VEDETTE_ACCOUNTS"


def look_at_regions(hub: Hub, enabled: Sequence[str]) -> Iterator[Look]:
    """Tell of every region that is on whether its events are forwarded, and by rules that work."""
    for region in sorted({*enabled, *hub.watched_regions}):
        yield from REGIONS.each(region, _region, hub, region)


def _region(hub: Hub, region: str) -> Iterator[Look]:
    stack = hub.forwarder(region)
    if stack is None:
        yield REGIONS.blind(
            region,
            "there is no forwarder: nothing that happens here is seen until the next sweep",
            "Add it to deployment.regions and deploy again, or switch the region off.",
        )
        return
    yield REGIONS.ok(region, f"forwarded by {stack.name}")
    yield from RULES.each(region, _rules, hub.in_region(region), stack)


def _rules(reader: Reader, stack: DeployedStack) -> Iterator[Look]:
    rules = sorted(stack.of_kind(RULE), key=lambda one: one.logical)
    states = [
        (one.logical, rule_now(reader, one.physical, BUS if on_hub_bus(one.logical) else None))
        for one in rules
    ]
    bad = [
        look for logical, now in states if (look := _bad(now, logical, stack.region)) is not None
    ]
    if not rules:
        yield RULES.blind(stack.region, f"{stack.name} has no rules", AGAIN)
    elif not bad:
        yield RULES.ok(stack.region, f"{len(rules)} enabled")
    yield from bad


def _bad(now: RuleNow, logical: str, region: str) -> Look | None:
    wanted = READS_TOO if _READS in logical else WRITES
    if now.state is None:
        return RULES.blind(region, f"{logical} is gone", AGAIN)
    if now.state != wanted:
        remedy = f"Set it to {wanted}, or delete it and deploy again."
        return RULES.blind(region, f"{logical} is {now.state} ({now.name})", remedy)
    if not now.targets:
        return RULES.blind(region, f"{logical} has no target ({now.name})", AGAIN)
    return None


def look_at_functions(hub: Hub) -> Iterator[Look]:
    """Tell whether queues and the table's stream still feed the functions."""
    for logical in (*READERS.values(), DISPATCH):
        yield from FUNCTIONS.each(logical, _function, hub, logical)


def _function(hub: Hub, logical: str) -> Iterator[Look]:
    name = logical.removeprefix("Functions").removesuffix("Function").lower()
    states = [one.state for one in mappings_of(hub.reader, hub.stack.find(FUNCTION, logical))]
    if not states:
        yield FUNCTIONS.blind(name, "nothing feeds it", AGAIN)
    elif any(one != _ENABLED for one in states):
        told = ", ".join(sorted(set(states)))
        remedy = "Enable it: aws lambda update-event-source-mapping --enabled --uuid …"
        yield FUNCTIONS.blind(name, f"what feeds it is {told}", remedy)
    else:
        yield FUNCTIONS.ok(name, "fed")


def look_at_accounts(hub: Hub) -> Iterator[Look]:
    """Tell of every account that is watched, or that the organisation has, if it is forwarded."""
    yield from ACCOUNTS.each(hub.account, _accounts, hub)


def _accounts(hub: Hub) -> Iterator[Look]:
    detect = hub.stack.find(FUNCTION, READERS["Detect"])
    named = watched_accounts(settings_of(hub.reader, detect))
    yield ACCOUNTS.ok(hub.account, "the hub's own")
    members = sorted(named - {hub.account})
    if members:
        yield from ACCOUNTS.each("members", _members, hub, members)
    yield from _organisation(hub, named)


def watched_accounts(settings: Mapping[str, str]) -> frozenset[str]:
    """Return the accounts whose events count, as a function was told."""
    return frozenset(map(str, json.loads(settings.get(_ACCOUNTS, "[]"))))


def _members(hub: Hub, members: Sequence[str]) -> Iterator[Look]:
    stands = member_stacks(hub.reader, STACK_SET)
    for account in members:
        if stands is None:
            yield ACCOUNTS.unknown(
                account,
                f"there is no StackSet {STACK_SET} here that would tell where forwarders are",
                "Look in the account that has it, or roll the member's stack out from here.",
            )
            continue
        has = {one.region for one in stands if one.account == account and one.stands}
        if missing := sorted(set(hub.watched_regions) - has):
            remedy = f"Add stack instances of {STACK_SET} there."
            yield ACCOUNTS.blind(account, f"no forwarder in {', '.join(missing)}", remedy)
        else:
            yield ACCOUNTS.ok(account, f"forwarded from {', '.join(sorted(has))}")


def _organisation(hub: Hub, named: frozenset[str]) -> Iterator[Look]:
    try:
        every = accounts_of_organisation(hub.reader)
    except ReadError as error:
        # Most hubs stand in a member account, which may not list the others, or in no organisation.
        said = f"only the {len(named)} accounts named are compared ({error.code})"
        yield ACCOUNTS.not_compared("organisation", said)
        return
    for account in sorted(set(every) - named):
        yield ACCOUNTS.blind(
            account,
            "it belongs to the organisation and is not watched",
            "Add it to deployment.accounts, deploy again, and give it the member's stack.",
        )
