"""Every detection rule keeps what its file promises."""

import re
from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

import pytest

from tests.rules.attack_techniques import TECHNIQUES
from tests.rules.benign_cast import ACCOUNT, MEMBERS
from tests.rules.benign_day import days
from vedette.configuration.content import built_in_root
from vedette.detection.catalogue import LoadedDetection
from vedette.detection.content import KIND
from vedette.detection.derive.fields import derivations
from vedette.detection.derive.lookup import parse_lookup
from vedette.detection.derive.rules import with_lookups
from vedette.detection.derive.settings import DerivationSettings
from vedette.detection.extensions import DetectionKeys, Kind, RuleTest
from vedette.detection.ir import (
    AllOf,
    AnyOf,
    CompiledCorrelation,
    CompiledExclusion,
    CompiledRule,
    Condition,
    Exists,
    Network,
    Not,
    Pattern,
    Text,
    fields_read,
    inlined,
)
from vedette.detection.match.columns import CALLER, EVENT, IDENTITY, OF_MANY_EVENTS
from vedette.detection.match.naive import matches
from vedette.detection.match.reading import DERIVED
from vedette.detection.rule_test_events import read_base_events
from vedette.detection.rule_tests import REQUIRED, run_rule_tests
from vedette.findings.attack import tactics_of, techniques_of
from vedette.findings.severity import Severity
from vedette.operations.detection_rules import BASE_EVENTS, detections

CATALOGUE = detections()
RULES = [one for one in CATALOGUE.detections if not isinstance(one.compiled, CompiledExclusion)]
REPORTS = {
    report.rule: report
    for report in run_rule_tests(CATALOGUE, read_base_events(built_in_root() / KIND / BASE_EVENTS))
}
EACH_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
NAME = re.compile(r"[a-z_]+/[a-z][a-z0-9_]*\Z")
SENTENCES = re.compile(r"[A-Z].*[.!?]\Z", re.DOTALL)
OF_FEW = ("userIdentity.invokedBy", "userIdentity.sessionContext.ec2RoleDelivery")
CHEAP = frozenset({*EVENT, *OF_MANY_EVENTS, *CALLER})
MOST_OF_A_DAY = 0.05


def keys_of(rule: LoadedDetection) -> DetectionKeys:
    return DetectionKeys.model_validate(rule.document.content)


def events_in(test: RuleTest) -> int:
    single = 0 if test.event is None else 1
    return single + sum(one.repeat for one in (*test.prior, *test.events))


def alerts(rule: LoadedDetection) -> bool:
    compiled = rule.compiled
    return not isinstance(compiled, CompiledExclusion) and compiled.alerts


def tags_of(rule: LoadedDetection) -> tuple[str, ...]:
    compiled = rule.compiled
    return () if isinstance(compiled, CompiledExclusion) else compiled.tags


def test_everything_that_vedette_brings_can_be_loaded_and_has_an_effect() -> None:
    assert CATALOGUE.refused == ()
    assert CATALOGUE.for_other_logs == ()
    assert CATALOGUE.without_effect == ()
    assert len(RULES) > 200


@EACH_RULE
def test_the_tests_in_a_rule_pass(rule: LoadedDetection) -> None:
    report = REPORTS[rule.id]

    assert [str(one) for one in report.problems] == []
    assert [str(one) for one in report.results if not one.passed] == []


@EACH_RULE
def test_a_rule_shows_a_match_a_near_miss_and_the_opposite_outcome(rule: LoadedDetection) -> None:
    keys = keys_of(rule)
    kinds = {test.shown_kind for test in keys.tests}

    assert Kind.MATCH in kinds
    assert {*kinds, *keys.vedette.not_applicable} >= set(REQUIRED)
    assert kinds.isdisjoint(keys.vedette.not_applicable), "it excuses a test that it has"


@EACH_RULE
def test_names_of_tests_are_distinct_sentences(rule: LoadedDetection) -> None:
    names = [test.name for test in keys_of(rule).tests]

    assert len(names) == len(set(names))
    assert [name for name in names if not SENTENCES.match(name)] == []


@EACH_RULE
def test_a_rule_with_memory_is_tried_on_what_happens_in_time(rule: LoadedDetection) -> None:
    keys = keys_of(rule)
    remembers = keys.vedette.first_seen or keys.vedette.impossible_travel
    if not isinstance(rule.compiled, CompiledCorrelation) and not remembers:
        pytest.skip("it has no memory")
    in_time = [test for test in keys.tests if events_in(test) > 1]

    assert {test.matches for test in in_time} == {True, False}


@EACH_RULE
def test_tags_name_techniques_that_exist_and_one_of_the_tactic(rule: LoadedDetection) -> None:
    techniques = set(techniques_of(tags_of(rule)))
    known = {technique for listed in TECHNIQUES.values() for technique in listed}

    assert techniques - known == set()
    # Evading defences is a tactic of many techniques; a rule that names it is never quieted.
    fitting = set().union(*(TECHNIQUES.get(one, ()) for one in tactics_of(tags_of(rule))))
    assert techniques & fitting, "none of its techniques is of a tactic that it names"


@EACH_RULE
def test_tags_are_of_attack_or_ours_and_named_once(rule: LoadedDetection) -> None:
    tags = tags_of(rule)
    ours = {"vedette.iam-escalation", "vedette.backup-destruction"}

    assert [one for one in tags if not one.startswith("attack.") and one not in ours] == []
    assert len(tags) == len(set(tags))
    assert len(tactics_of(tags)) + len(techniques_of(tags)) + len(ours.intersection(tags)) == len(
        tags
    )


@EACH_RULE
def test_the_folder_of_a_rule_is_one_of_its_tactics(rule: LoadedDetection) -> None:
    assert rule.id.partition("/")[0].replace("_", "-") in tactics_of(tags_of(rule))


@EACH_RULE
def test_an_id_is_tactic_and_what_happened_and_where_the_rule_stands(rule: LoadedDetection) -> None:
    assert NAME.match(rule.id)
    assert rule.path == built_in_root() / KIND / f"{rule.id}.yml"


@EACH_RULE
def test_a_rule_that_alerts_says_what_to_do_first_and_where_to_look(rule: LoadedDetection) -> None:
    triage = keys_of(rule).vedette.triage
    loud = alerts(rule) and rule.document.content["level"] != "informational"
    if not loud and not triage:
        pytest.skip("others speak for it")

    assert len(triage) >= (2 if loud else 1)
    assert any(one.fields for one in triage)
    assert [one.step for one in triage if not SENTENCES.match(one.step)] == []


@EACH_RULE
def test_texts_are_long_enough_to_help(rule: LoadedDetection) -> None:
    assert 10 <= len(rule.title) <= 100
    assert not rule.title.endswith(".")
    assert len(rule.description) >= 60
    assert rule.false_positives
    assert [one for one in rule.false_positives if not SENTENCES.match(one)] == []
    assert rule.references
    assert [one for one in rule.references if not one.startswith("https://")] == []


@EACH_RULE
def test_the_level_is_written_and_what_is_silent_claims_none(rule: LoadedDetection) -> None:
    level = rule.document.content.get("level")

    assert level in set(Severity)
    assert alerts(rule) or level == "informational"


def test_ids_of_sigma_are_random_and_unique_as_are_titles_and_names() -> None:
    ids = [one.document.content["id"] for one in CATALOGUE.detections]
    names = [name for rule in RULES if (name := rule.document.content.get("name"))]

    assert [one for one in ids if UUID(one).version != 4] == []
    for texts in (ids, names, [rule.title for rule in RULES]):
        assert [text for text, count in Counter(texts).items() if count > 1] == []


def test_what_is_silent_is_counted_by_something() -> None:
    counted = {one for each in CATALOGUE.compiled.correlations for one in each.rules}

    assert [rule.id for rule in RULES if not alerts(rule) and rule.id not in counted] == []


def narrows(condition: Condition, *, holds: bool = True) -> bool:
    """Tell whether a condition takes a certain value of a member that is read of every record."""
    match condition:
        case Not(part):
            return narrows(part, holds=not holds)
        case AllOf(parts) | AnyOf(parts):
            one_suffices = isinstance(condition, AllOf) == holds
            each = (narrows(part, holds=holds) for part in parts)
            return any(each) if one_suffices else all(each)
        case Text(str(field), _, values):
            return holds and is_cheap(field) and all(value.strip("*?") for value in values)
        case Pattern(str(field)) | Network(str(field)):
            return holds and is_cheap(field)
        case Exists(field):
            return holds and field in OF_FEW
    return False


def is_cheap(field: str) -> bool:
    lookup = parse_lookup(field)
    name = lookup.field if lookup else field
    return name in CHEAP or name.partition(".")[0] == IDENTITY


@EACH_RULE
def test_a_rule_asks_for_a_value_that_few_records_have(rule: LoadedDetection) -> None:
    compiled = rule.compiled
    if not isinstance(compiled, CompiledRule):
        pytest.skip("it counts others")
    whole = with_lookups(compiled)

    assert narrows(inlined(whole.condition, whole.selections))


def test_no_rule_that_alerts_matches_much_of_an_ordinary_day() -> None:
    records = days(datetime(2026, 3, 2, tzinfo=UTC), 1)
    rules = [with_lookups(one) for one in CATALOGUE.compiled.rules if one.alerts]
    names = {name for rule in rules for name in fields_read(rule) if name.startswith(DERIVED)}
    known = derivations(names, DerivationSettings(own_accounts=frozenset({ACCOUNT, *MEMBERS})))
    shares = {rule.id: sum(matches(rule, one, known) for one in records) for rule in rules}

    assert len(records) > 500
    most = len(records) * MOST_OF_A_DAY
    assert {rule: count for rule, count in shares.items() if count > most} == {}
