"""What holds of every declaration."""

import pytest

from milepost import catalogue
from milepost.catalogue import EventType
from milepost.catalogue.declare import COMMON, FAMILIES
from milepost.catalogue.index import FAMILY_MODULES, MODULES_BY_NOUN
from milepost.catalogue.kinds import Kind, ListOf, Text

TYPES = list(catalogue.types())
COMMON_NAMES = {field.name for field in COMMON}

MEMBER_TYPES = [
    "focus.set",
    "reflection.written",
    "value.named",
    "role.briefed",
    "role.scored",
    "role.chosen",
    "position.recorded",
    "skill.named",
    "skill.rated",
    "skill.targeted",
    "skill.enjoyed",
    "objective.set",
    "milestone.planned",
    "milestone.started",
    "milestone.resumed",
    "milestone.rescheduled",
    "milestone.blocked",
    "milestone.completed",
    "milestone.stopped",
    "goal.set",
    "goal.closed",
    "goal.reframed",
    "time.spent",
    "capacity.set",
    "feedback.received",
    "review.held",
    "win.celebrated",
    "contact.added",
    "touchpoint.logged",
    "demand.sampled",
    "credential.earned",
    "artifact.added",
    "impact.stated",
    "narrative.published",
    "offering.priced",
    "metric.defined",
    "metric.recorded",
    "outcome.recorded",
    "pay.changed",
    "help.asked",
    "help.closed",
    "words.said",
    "device.enrolled",
    "device.revoked",
    "device.renamed",
    "key.issued",
    "pod.joined",
    "pod.left",
    "consent.granted",
    "consent.withdrawn",
    "entry.retracted",
    "entry.settled",
    "entry.erased",
]
COHORT_TYPES = [
    "cohort.opened",
    "cohort.closed",
    "cohort.skill_listed",
    "pod.formed",
    "pod.closed",
    "lead.appointed",
    "lead.removed",
    "invite.issued",
    "invite.used",
    "invite.revoked",
    "member.placed",
    "member.removed",
    "session.scheduled",
    "session.cancelled",
    "session.held",
    "help.answered",
    "release.published",
]

# Facts of control types are frozen: these lists are never to be edited.
FROZEN_FACTS = {
    "device.enrolled": ["device", "signing", "agreement", "identity", "recovery", "by", "signature"],
    "device.revoked": ["device", "leaves"],
    "device.renamed": ["device"],
    "key.issued": ["kid", "wraps"],
    "pod.joined": ["pod", "cohort", "name"],
    "pod.left": ["pod", "cohort", "erase"],
    "consent.granted": ["scope", "id", "audience", "families", "until", "wording", "withdrawals"],
    "consent.withdrawn": ["scope", "id", "audience", "families"],
    "entry.erased": ["target"],
}


def each_type() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("declared", TYPES, ids=lambda declared: declared.name)


def test_every_type_of_the_design_is_declared_and_no_other():
    assert sorted(declared.name for declared in TYPES) == sorted(MEMBER_TYPES + COHORT_TYPES)


def test_no_type_is_declared_twice():
    names = [declared.name for declared in TYPES]

    assert len(set(names)) == len(names)


@each_type()
def test_a_name_is_a_noun_and_what_happened_to_it(declared: EventType):
    noun, dot, verb = declared.name.partition(".")

    assert dot
    assert noun.isalpha()
    assert verb.replace("_", "").isalpha()
    assert declared.name == declared.name.lower()


@each_type()
def test_no_name_is_both_a_fact_and_private(declared: EventType):
    names = [field.name for field in declared.fields()]

    assert len(set(names)) == len(names)


@each_type()
def test_the_example_is_right_in_every_field(declared: EventType):
    entry = catalogue.draft(declared.name, declared.example)

    assert catalogue.violations(entry.type, entry.version, entry.facts, entry.private or {}) == []


@each_type()
def test_everything_is_explained_in_a_sentence(declared: EventType):
    assert declared.help.endswith(".")
    assert declared.usage.startswith(("mp ", "milepost-server "))
    assert all(field.doc for field in declared.fields())


@each_type()
def test_rules_and_marks_name_fields_of_the_type(declared: EventType):
    names = {field.name for field in declared.fields()}
    named = {name for rule in (*declared.rules, *declared.across) for name in rule.fields}

    assert named <= names
    assert set(declared.single) <= names
    assert set(declared.creates) <= names


@each_type()
def test_a_rule_asks_about_one_part(declared: EventType):
    for rule in declared.rules:
        assert len({declared.is_private(name) for name in rule.fields}) == 1


@each_type()
def test_any_type_may_say_what_it_replaces_and_belongs_to(declared: EventType):
    home = declared.private if declared.sealed else declared.facts

    assert {field.name for field in home} >= COMMON_NAMES
    assert not any(field.required for field in COMMON)


def test_sealed_types_have_no_facts():
    sealed = {declared.name for declared in TYPES if declared.sealed}

    assert all(not declared.facts for declared in TYPES if declared.sealed)
    assert sealed == {
        "focus.set",
        "reflection.written",
        "value.named",
        "role.briefed",
        "role.scored",
        "role.chosen",
        "position.recorded",
        "skill.enjoyed",
        "capacity.set",
        "win.celebrated",
        "offering.priced",
        "pay.changed",
    }


def test_facts_hold_no_free_text_but_words_said_and_the_display_name():
    free = {
        (declared.name, field.name)
        for declared in TYPES
        if declared.name in MEMBER_TYPES
        for field in declared.facts
        if _is_free_text(field.kind)
    }

    assert free == {("words.said", "text"), ("pod.joined", "name")}


def _is_free_text(kind: Kind) -> bool:
    return isinstance(kind, Text) or (isinstance(kind, ListOf) and _is_free_text(kind.of))


def test_facts_of_control_types_are_frozen():
    facts = {
        declared.name: [field.name for field in declared.facts if field.name not in COMMON_NAMES]
        for declared in TYPES
        if declared.control
    }

    assert facts == FROZEN_FACTS
    assert all(declared.version == 1 for declared in TYPES if declared.control)


def test_a_family_is_one_of_those_a_member_can_share_or_one_of_the_others():
    families = {declared.family for declared in TYPES}

    assert families == {*FAMILIES, "-", "asking", "saying", "target", "control", "cohort"}


def test_the_index_leads_to_every_type_and_to_no_file_without_one():
    for declared in TYPES:
        assert catalogue.get(declared.name) is declared
    found = {(declared.name.partition(".")[0], _module_of(declared)) for declared in TYPES}

    assert found == {(noun, module) for noun, modules in MODULES_BY_NOUN.items() for module in modules}


def _module_of(declared: EventType) -> str:
    modules = {module: __import__(f"milepost.catalogue.{module}", fromlist=["TYPES"]) for module in FAMILY_MODULES}
    return next(name for name, module in modules.items() if declared in module.TYPES)


def test_every_cohort_event_names_its_actor():
    for name in COHORT_TYPES:
        declared = catalogue.get(name)
        assert declared is not None
        assert any(field.name == "actor" and field.required for field in declared.facts)
        assert declared.private == ()
