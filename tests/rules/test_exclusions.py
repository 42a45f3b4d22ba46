"""The exclusions that Vedette brings quiet those who are configured, and nobody who looks alike."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.rules.benign_cast import ACCOUNT, CAST, of_service, role_arn
from tests.rules.hunting_day import hunted_with
from vedette.aws.demo.records import Actor, Call, Cast, Diary, Record
from vedette.detection.catalogue import DetectionCatalogue, load_detection_rules
from vedette.detection.compile.anchors import fault_of
from vedette.detection.ir import CompiledExclusion, CompiledRule
from vedette.detection.match.naive import matches
from vedette.detection.never_quiet import never_quieted

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
PLACEHOLDERS = {
    f"{name}_principals": (role_arn(f"{name}-role"), CAST.arn("iam", f"user/{name}-user"))
    for name in ("iac", "ci", "scanner", "vedette")
}
CATALOGUE = load_detection_rules(placeholders=PLACEHOLDERS)
RULES = CATALOGUE.compiled.rules
EXCLUSIONS = {one.id: one for one in CATALOGUE.compiled.exclusions}
EACH_EXCLUSION = pytest.mark.parametrize("exclusion", EXCLUSIONS.values(), ids=EXCLUSIONS.keys())
TERRAFORM = "HashiCorp Terraform/1.13.3 terraform-provider-aws/6.14.1"
IAM_LISTS = [
    ("iam", f"List{one}")
    for one in ("Users", "Roles", "Policies", "Groups", "SAMLProviders", "InstanceProfiles")
]
ELSEWHERE = Cast(account="999988887777")
# What services do is left out by the rule itself, and IAM shows nobody of another account.
NOT_SEEN_IN_IAM = {"through a service", "role of another account"}
ADDRESS = "203.0.113.9"
EVE = CAST.user("eve", "AKIAEXAMPLEEVE000001", ADDRESS)


def session(name: str) -> Actor:
    return CAST.role(f"{name}-role", "any", ADDRESS)


def user(name: str) -> Actor:
    return CAST.user(f"{name}-user", "AKIAEXAMPLEUSER00001", ADDRESS)


MEANT = {
    "exclusions/aws_service_principals": [
        CAST.service("autoscaling"),
        of_service("AmazonEKS", "eks"),
    ],
    "exclusions/ci": [session("ci"), user("ci")],
    "exclusions/iac_roles": [session("iac"), user("iac")],
    "exclusions/scanners": [
        *(session("scanner"), user("scanner")),
        *(session("vedette"), user("vedette")),
    ],
}


def impostors(name: str) -> dict[str, Actor]:
    """Return who looks like `<name>-role` in all that callers can choose."""
    role = f"{name}-role"
    carried = {**EVE.identity, "sessionContext": {"sourceIdentity": role}}
    on_behalf = {**EVE.identity, "invokedBy": "cloudformation.amazonaws.com"}
    host = "config.amazonaws.com"
    return {
        "user agent": replace(EVE, agent=f"{TERRAFORM} {role} prowler {role_arn(role)}"),
        "session name": CAST.role("intern", role, ADDRESS, TERRAFORM),
        "session name of a service": CAST.role("intern", "AWSServiceRoleForConfig", host, host),
        "source name": replace(EVE, address=host, agent=host),
        "source identity": replace(EVE, identity=carried),
        "role of another account": ELSEWHERE.role(role, "any", ADDRESS),
        "user called like the role": CAST.user(role, "AKIAEXAMPLEUSER00002", ADDRESS),
        "longer name": CAST.role(f"{role}-2", "any", ADDRESS),
        "other path": CAST.role(f"teams/{role}", "any", ADDRESS),
        "role called like one of a service": CAST.role("AWSServiceRoleForConfig", "any", ADDRESS),
        "through a service": replace(EVE, identity=on_behalf),
    }


def called(actor: Actor, *calls: tuple[str, str], **members: Any) -> list[Record]:
    """Return the records of calls, given by service and name."""
    diary = Diary(ACCOUNT, BEGIN)
    for service, name in calls:
        diary.call(actor, Call(service=service, name=name, region="eu-west-1", **members))
    return diary.records


def looked_up(actor: Actor) -> list[Record]:
    """Return the records of somebody who lists all of IAM."""
    return called(actor, *IAM_LISTS)


def leaves(rule: str) -> Iterator[str]:
    """Yield the plain rules on which a rule or correlation rests."""
    counted = {one.id: one.rules for one in CATALOGUE.compiled.correlations}
    if rule not in counted:
        yield rule
    for one in counted.get(rule, ()):
        yield from leaves(one)


def told(matches: list[dict[str, Any]]) -> dict[str, tuple[str, list[str]]]:
    return {one["rule"]: (one["severity"], one["quieted_by"]) for one in matches}


def with_filter(folder: Path, selection: str, rules: str = "any") -> Path:
    """Write a folder with a filter of somebody else."""
    folder.mkdir()
    text = (
        "title: Theirs\nlogsource: {product: aws, service: cloudtrail}\n"
        f"filter:\n  rules: {rules}\n  theirs: {selection}\n  condition: not theirs\n"
    )
    (folder / "theirs.yml").write_text(text, encoding="utf-8")
    return folder


@EACH_EXCLUSION
def test_an_exclusion_holds_for_those_it_means(exclusion: CompiledExclusion) -> None:
    for actor in MEANT[exclusion.id]:
        (record,) = called(actor, ("iam", "ListUsers"))
        assert matches(exclusion, record), actor.identity


@EACH_EXCLUSION
@pytest.mark.parametrize("likeness", impostors("any"))
def test_an_exclusion_does_not_hold_for_who_looks_alike(
    exclusion: CompiledExclusion, likeness: str
) -> None:
    for name in ("iac", "ci", "scanner", "vedette"):
        (record,) = called(impostors(name)[likeness], ("iam", "ListUsers"))
        assert not matches(exclusion, record), record["userIdentity"]


@EACH_EXCLUSION
def test_an_exclusion_asks_for_more_than_callers_can_set(exclusion: CompiledExclusion) -> None:
    (loaded,) = [one for one in CATALOGUE.detections if one.id == exclusion.id]

    assert fault_of(exclusion, loaded.document) is None


@EACH_EXCLUSION
def test_an_exclusion_quiets_the_rules_that_it_names_and_no_others(
    exclusion: CompiledExclusion,
) -> None:
    (loaded,) = [one for one in CATALOGUE.detections if one.id == exclusion.id]
    named = loaded.document.content["filter"]["rules"]

    assert isinstance(named, list), "it must name its rules"
    assert sorted(named) == named
    assert CATALOGUE.quieted_by(exclusion.id) == named


def test_rules_that_refer_to_the_exclusion_for_scanners_are_quieted_by_it() -> None:
    quieted = set(CATALOGUE.quieted_by("exclusions/scanners"))
    referring = [
        one.id
        for one in CATALOGUE.detections
        if any("the exclusion for scanners" in text for text in one.false_positives)
    ]

    assert "discovery/iam_enumerated" in referring
    assert {leaf for one in referring for leaf in leaves(one)} - quieted == set()


def never_quieted_rules(catalogue: DetectionCatalogue) -> list[CompiledRule]:
    return [
        one
        for one in catalogue.compiled.rules
        if never_quieted(one.tags)
        or one.id.startswith(("defense_evasion/", "privilege_escalation/"))
    ]


def test_no_exclusion_reaches_defence_evasion_escalation_or_the_loss_of_backups() -> None:
    rules = never_quieted_rules(CATALOGUE)

    assert len(rules) > 60
    assert {one.id: one.quieted_by for one in rules if one.quieted_by} == {}


def test_no_exclusion_reaches_a_correlation_about_them_through_what_it_counts() -> None:
    correlations = [one for one in CATALOGUE.compiled.correlations if never_quieted(one.tags)]
    quieted = {one.id for one in RULES if one.quieted_by}

    assert len(correlations) > 5
    assert [one.id for one in correlations if quieted.issuperset(leaves(one.id))] == []


def test_a_filter_of_somebody_else_does_not_reach_them_either(tmp_path: Path) -> None:
    anybody = with_filter(tmp_path / "any", "{eventName|exists: true}")
    catalogue = load_detection_rules(directories=[anybody], placeholders=PLACEHOLDERS)
    tagged = {one.id for one in catalogue.compiled.rules if never_quieted(one.tags)}

    reached = set(catalogue.quieted_by("theirs"))

    assert reached == {one.id for one in catalogue.compiled.rules} - tagged
    named = with_filter(
        tmp_path / "named", "{userAgent: any}", "[defense_evasion/trail_stopped_or_deleted]"
    )
    catalogue = load_detection_rules(directories=[named], placeholders=PLACEHOLDERS)
    assert catalogue.quieted_by("theirs") == []
    (problem,) = catalogue.without_effect
    assert (problem.path.name, problem.line) == ("theirs.yml", 4)


def test_what_the_terraform_role_does_to_defences_is_as_loud_as_ever(tmp_path: Path) -> None:
    policy = {"roleName": "any", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
    records = called(
        session("iac"),
        ("cloudtrail", "StopLogging"),
        ("iam", "AttachRolePolicy"),
        ("backup", "DeleteRecoveryPoint"),
        request=policy,
    )

    found = told(hunted_with(tmp_path, records, detection={"placeholders": lists()}))

    assert found["defense_evasion/trail_stopped_or_deleted"] == ("high", [])
    assert found["privilege_escalation/administrator_policy_attached"] == ("high", [])
    assert found["impact/recovery_point_deleted"] == ("medium", [])


def lists() -> Mapping[str, list[str]]:
    return {name: list(arns) for name, arns in PLACEHOLDERS.items()}


@pytest.mark.parametrize("likeness", sorted(impostors("any").keys() - NOT_SEEN_IN_IAM))
def test_an_attacker_who_looks_like_terraform_or_a_scanner_is_told_of(
    tmp_path: Path, likeness: str
) -> None:
    records = looked_up(impostors("scanner")[likeness])

    found = told(hunted_with(tmp_path, records, detection={"placeholders": lists()}))

    assert found["discovery/iam_enumerated"] == ("medium", [])


def test_the_scanner_itself_is_kept_on_record_but_quiet(tmp_path: Path) -> None:
    records = looked_up(session("vedette"))

    found = told(hunted_with(tmp_path, records, detection={"placeholders": lists()}))

    quieted = ("informational", ["exclusions/scanners"])
    assert found["discovery/iam_enumerated"] == quieted


def test_a_filter_on_the_user_agent_lowers_but_hides_nothing(tmp_path: Path) -> None:
    theirs = with_filter(tmp_path / "rules", "{userAgent|contains: Terraform}")
    attacker = replace(EVE, agent=TERRAFORM)
    records = called(attacker, ("cloudtrail", "StopLogging"), *IAM_LISTS)

    found = told(hunted_with(tmp_path, records, rules=[theirs]))

    assert found["discovery/iam_enumerated"] == ("informational", ["theirs"])
    assert found["defense_evasion/trail_stopped_or_deleted"] == ("high", [])
