"""Erasing: the parts of an entry are deleted for good, here at once and elsewhere with the next sync.

Header and hash stay, so the chain still verifies. Taking back (`undo`) hides an entry and can itself be taken back;
this cannot. Control entries hold the trust of the log together and stay.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from milepost.errors import NotFound, UsageError
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.corrections import THINGS
from milepost_client.recording.entries import Line, copies, line, matching
from milepost_client.render.counted import counted
from milepost_client.store.control import is_control
from milepost_client.views.lookup import Named

# More entries than anybody has about one thing.
_ENTRIES_MAX = 100_000


def meant(desk: Desk, name: str) -> Sequence[Line]:
    """The entry of that id; for a thing, every entry about it.

    Raises NotFound, Ambiguous, or UsageError for an entry that stays.
    """
    things = desk.seen.find(THINGS, name)
    if len(things) > 1:
        desk.find(THINGS, name)
    found = list(_about(desk, things[0])) if things else [line(desk.log.by_prefix(name), desk.seen)]
    # Another device's copy says the same, and would stand in its place.
    found += copies(desk.log, desk.seen, found)
    for one in found:
        _refuse_what_stays(one)
    left = [one for one in found if one.entry is not None]
    if not left:
        raise NotFound(f"{name!r} is erased already", code="erased", field="id", remedy="see: mp verify")
    return left


def question(lines: Sequence[Line]) -> str:
    """What is asked before anything is erased."""
    entries = counted(len(lines), "entry", "entries")
    return f"Erase {entries} ({', '.join(_types(lines))}) for good, on this device, your others and the server?"


def erasing(desk: Desk, lines: Sequence[Line]) -> Plan:
    """The erasures of these entries."""
    intents = tuple(Intent("entry.erased", {"target": one.id}) for one in lines)
    details = (*_types(lines), "gone here; everywhere else with the next sync")
    return Plan(intents, f"erased {counted(len(lines), 'entry', 'entries')}", None, desk.today, details, "mp sync")


def _about(desk: Desk, thing: Named) -> Iterator[Line]:
    found = matching(desk.log, desk.seen, since=None, type_="", about=thing.id, limit=_ENTRIES_MAX)
    return (one for one in found if one.subject and one.subject.id == thing.id)


def _types(lines: Sequence[Line]) -> Iterator[str]:
    for type_, count in Counter(one.type for one in lines).items():
        yield type_ if count == 1 else f"{count} {type_}"


def _refuse_what_stays(one: Line) -> None:
    if is_control(one.type) or one.type in ("entry.retracted", "entry.settled"):
        raise UsageError(
            f"{one.type} cannot be erased: it holds no words, and others rest on it",
            code="control",
            field="id",
            remedy="name the entry that it is about",
        )
