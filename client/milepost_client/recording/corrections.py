"""Taking back and correcting: always by new entries, before and after a sync, from any device."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from milepost.catalogue import EventType, get
from milepost.errors import NotFound, UsageError
from milepost.ids import EVENT_ID_BYTES, from_base32
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.dates import read_date
from milepost_client.recording.entries import Line, copies, last_command, line, matching
from milepost_client.recording.fields import find_field, read_field, with_derived
from milepost_client.recording.noted import LABELS
from milepost_client.views.lookup import Named

# What `edit` of a thing writes again, with the change: the type that holds its single-valued fields.
_SET_BY = {
    "goal": "goal.set",
    "milestone": "milestone.planned",
    "skill": "skill.named",
    "contact": "contact.added",
    "metric": "metric.defined",
    "objective": "objective.set",
    "artifact": "artifact.added",
    "credential": "credential.earned",
    "impact": "impact.stated",
    "narrative": "narrative.published",
    "offering": "offering.priced",
    "role": "role.briefed",
    "value": "value.named",
    "position": "position.recorded",
}
THINGS = tuple(_SET_BY)
"""The kinds that `undo`, `edit` and `erase` find by name."""
# The fields of views that those types write.
_SETTING = (
    *("set", "plan", "due", "named", "added", "defined", "briefed", "recorded"),
    *("earned", "stated", "published", "priced"),
)
_HISTORY_MAX = 10_000
LISTED_MAX = 6


def undo(desk: Desk, name: str | None) -> Plan:
    """Take back an entry, or without a name this device's last command. Undoing an undo restores what it took."""
    targets = [line(stored, desk.seen) for stored in last_command(desk.log)] if name is None else [_named(desk, name)]
    if not targets:
        raise NotFound("there is nothing to take back", code="nothing_to_undo", remedy='begin with `mp goal "..."`')
    for target in targets:
        _refuse_control(target)
    taken = [*targets, *_unseen_copies(desk, targets)]
    intents = tuple(Intent("entry.retracted", {"target": one.id, "reason": "mistake"}) for one in reversed(taken))
    says, about = _meaning(desk, targets)
    return Plan(intents, says, _subject(about), desk.today, tuple(_listed(about)), "mp log")


def _unseen_copies(desk: Desk, targets: Sequence[Line]) -> list[Line]:
    """The other devices' copies of entries whose text alone says that they are copies: no view can tell by it."""
    sealed = [one for one in targets if (declared := get(one.type)) and declared.sealed]
    return [one for one in copies(desk.log, desk.seen, sealed) if not one.is_struck]


def _meaning(desk: Desk, targets: Sequence[Line]) -> tuple[str, Sequence[Line]]:
    """What undoing comes to, in a word, and of which entries: undos of undos are followed to what they began with."""
    undone = targets
    says = "taken back"
    while undone and all(one.type == "entry.retracted" for one in undone):
        found = (desk.log.get(from_base32(str(one.values["target"]), EVENT_ID_BYTES)) for one in undone)
        undone = sorted((line(stored, desk.seen) for stored in found if stored), key=lambda one: one.stored.n)
        says = "restored" if says == "taken back" else "taken back"
    return says, undone


def _subject(about: Sequence[Line]) -> Named | None:
    """The thing that entries are about, by the name they give it: of one that was taken back nothing else knows it."""
    named = [(one.subject, one.values.get(LABELS.get(one.subject.kind, ""))) for one in about if one.subject]
    return next((thing._replace(name=thing.name or str(label or "")) for thing, label in named), None)


def _listed(targets: Sequence[Line]) -> Iterator[str]:
    """Entries as an answer lists them: each, or of a command with many how many of each type."""
    taken = [one for one in targets if one.type != "entry.retracted"]
    if len(taken) > LISTED_MAX:
        yield from (f"{count} {type_}" for type_, count in Counter(one.type for one in taken).items())
    else:
        yield from (f"{one.type} {one.says}".strip() for one in taken)


def _named(desk: Desk, name: str) -> Line:
    """The entry of that id; for the id of a thing, its newest entry that stands."""
    things = desk.seen.find(THINGS, name)
    if len(things) == 1:
        found = matching(desk.log, desk.seen, since=None, type_="", about=things[0].id, limit=_HISTORY_MAX)
        standing = [one for one in found if not one.is_struck]
        if standing:
            return max(standing, key=lambda one: one.stored.n)
    return line(desk.log.by_prefix(name), desk.seen)


def _refuse_control(target: Line) -> None:
    declared = get(target.type)
    if declared is None or declared.control:
        raise UsageError(
            f"{target.type} cannot be taken back",
            code="control",
            field="id",
            remedy="a consent is ended with `mp share withdraw`",
        )


def edit(desk: Desk, name: str, changes: Sequence[tuple[str, str]]) -> Plan:
    """Change fields of a thing, or replace an entry by a corrected one."""
    if not changes:
        raise UsageError("nothing to change was named", code="missing", remedy="try: mp edit k7f --due fri")
    things = desk.seen.find(THINGS, name)
    if len(things) == 1:
        return _edit_thing(desk, things[0], changes)
    if things:
        desk.find(THINGS, name)
    return _edit_entry(desk, line(desk.log.by_prefix(name), desk.seen), changes)


def _edit_thing(desk: Desk, thing: Named, changes: Sequence[tuple[str, str]]) -> Plan:
    type_ = _SET_BY[thing.kind]
    found = matching(desk.log, desk.seen, since=None, type_=type_, about=thing.id, limit=_HISTORY_MAX)
    own = [one for one in found if one.values.get(thing.kind) == thing.id and not one.is_struck and one.entry]
    if not own:
        raise NotFound(
            f"{thing.name or thing.id} was never set on its own", field="id", remedy=f"see: mp show {thing.id}"
        )
    before = max(own, key=lambda one: one.stored.at)
    values, said = _changed(desk, _declared(type_), before.values, changes)
    values |= {
        "over": desk.over(thing, *_SETTING),
        "with": None,
        "replaces": None,
        "from": None,
    }
    return Plan((Intent(type_, values),), f"{thing.kind} changed", thing, desk.today, said, "mp show {id} --history")


def _edit_entry(desk: Desk, target: Line, changes: Sequence[tuple[str, str]]) -> Plan:
    _refuse_control(target)
    if target.entry is None or target.type.startswith("entry."):
        raise UsageError(f"{target.type} cannot be edited", field="id", remedy=f"try: mp undo {target.short}")
    on = target.on
    for name, text in changes:
        if name == "on":
            on = read_date(text, desk.today, "on", "on")
    fields = [(name, text) for name, text in changes if name != "on"]
    values, said = _changed(desk, _declared(target.type), target.values, fields)
    values |= {"replaces": target.id, "with": None, "over": None, "from": None}
    retraction = Intent("entry.retracted", {"target": target.id, "reason": "mistake"})
    return Plan((retraction, Intent(target.type, values)), "entry replaced", target.subject, on, said, "mp log")


def _changed(
    desk: Desk, declared: EventType, before: Mapping[str, object], changes: Sequence[tuple[str, str]]
) -> tuple[dict[str, object], tuple[str, ...]]:
    values = dict(before)
    said = []
    for name, text in changes:
        field = find_field(declared, name)
        values[field.name] = read_field(desk, field, text)
        said.append(f"{field.name.replace('_', ' ')} {text or 'taken away'}")
    return with_derived(declared, values), tuple(said)


def _declared(type_: str) -> EventType:
    declared = get(type_)
    if declared is None:
        raise KeyError(type_)
    return declared
