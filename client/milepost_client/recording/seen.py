"""What the member's devices show at this moment: the indexed views, and on top what came since they were last folded.

A daily word leaves one entry behind. Folding it needs the whole projection code; noting it needs none, so the next
word can look up names and states by the standard library alone, however long the history. What cannot be noted (a
retraction, an entry from another device), or is too much, is folded first. Implements the checks' `Context`.
Neighbours: lookup.py reads views.db, noted.py notes, views.py folds.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from milepost.checks.context import GoalState, HelpState, MetricState, MilestoneState, SkillState
from milepost.compact_json import loads
from milepost.ids import from_base32
from milepost.light import Any, date
from milepost_client.device.home import Home
from milepost_client.recording.commands import MADE
from milepost_client.recording.dates import from_days
from milepost_client.recording.near import is_near
from milepost_client.recording.noted import Noted, View
from milepost_client.store.log import Log
from milepost_client.store.stored import Stored
from milepost_client.views.lookup import PREFIX_MIN, Index, Named, lookup, shortest

# Beyond this, reading and noting the tail would cost more than the folding it spares.
TAIL_MAX = 32
ENTITY_LENGTH = 16
EVENT_ID_LENGTH = 26
CAPACITY_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Seen:
    """Names and states as the member would see them. Implements `milepost.checks.context.Context`."""

    def __init__(self, log: Log, index: Index, today: date) -> None:
        self._log = log
        self._index = index
        self._today = today
        self._noted = Noted(index.view)

    @classmethod
    @contextmanager
    def open(cls, home: Home, log: Log, today: date, *, fresh: bool = False) -> Iterator["Seen"]:
        """What `home` shows today. Folds first when the tail cannot be noted, or when `fresh`: then views are whole."""
        with lookup(home) as index:
            seen = cls(log, index, today)
            if not fresh and seen._note_tail():
                yield seen
                return
        _fold(home, log)
        with lookup(home) as index:
            yield cls(log, index, today)

    def note(self, type_: str, values: Mapping[str, Any], on: date) -> None:
        """Take in an entry that this command is about to write, so that its next one is judged with it."""
        self._noted.note(type_, {name: value for name, value in values.items() if value is not None}, on.isoformat())

    # Names

    def find(self, kinds: Sequence[str], text: str) -> list[Named]:
        """What `text` may mean: the first that fits of whole id, exact name, beginning of id, beginning of name."""
        wanted = fold_case(text)
        noted = [named for named in self._named_since() if named.kind in kinds]
        if not wanted:
            return []
        named_so, begins_so = self._index.named, self._beginning
        steps: tuple[tuple[Callable[[Named], bool], Callable[[], list[Named]]], ...] = (
            (lambda named: named.id == wanted, lambda: begins_so(kinds, wanted, whole=True)),
            (lambda named: fold_case(named.name) == wanted, lambda: named_so(kinds, wanted, exact=True)),
            (lambda named: _is_prefix(wanted, named.id), lambda: begins_so(kinds, wanted, whole=False)),
            (lambda named: fold_case(named.name).startswith(wanted), lambda: named_so(kinds, wanted, exact=False)),
        )
        for fits, indexed in steps:
            # A thing renamed since is found by its new name alone.
            found = {named.id: named for named in map(self._renamed, indexed()) if fits(named)}
            found.update({named.id: named for named in noted if fits(named)})
            if found:
                return [named for named in found.values() if named.kind not in MADE] or list(found.values())
        return []

    def near(self, kind: str, text: str) -> list[Named]:
        """Things of a kind whose name could be what was meant."""
        wanted = fold_case(text)
        candidates = {found.id: self._renamed(found) for found in self._index.alike(kind, wanted)}
        candidates.update({named.id: named for named in self._named_since() if named.kind == kind})
        return [named for named in candidates.values() if is_near(wanted, fold_case(named.name))]

    def named(self, kinds: Sequence[str], typed: str, limit: int) -> list[Named]:
        """Things whose name begins so, for completion."""
        wanted = fold_case(typed)
        found = {named.id: named for named in map(self._renamed, self._index.named(kinds, wanted, exact=False))}
        found.update(
            {one.id: one for one in self._named_since() if one.kind in kinds and fold_case(one.name).startswith(wanted)}
        )
        return list(found.values())[:limit]

    def short(self, id: str) -> str:
        """The shortest beginning of an id that no other thing's id shares."""
        others = {other for _, other in self._noted.views} | set(self._index.neighbours(id))
        return shortest(id, others)

    def name(self, kind: str, id: str) -> str:
        """What the member calls a thing; empty where it has no name."""
        noted = self._noted.names.get((kind, id))
        return noted or next((found.name for found in self._index.beginning((kind,), id)), "")

    def factor(self, typed: str) -> str:
        """What people call a factor that roles are compared on: the name of the value it is, or its own label."""
        return (self.name("value", typed) if len(typed) == ENTITY_LENGTH else "") or typed

    def view(self, kind: str, id: str) -> View | None:
        """The view of a thing, or None if nothing of it stands."""
        return self._noted.views.get((kind, id)) or self._index.view(kind, id)

    def is_struck(self, event_id: bytes) -> bool:
        """Whether an entry was taken back. Retractions are folded, never noted, so the index knows."""
        return self._index.is_struck(event_id)

    def is_repeated(self, event_id: bytes) -> bool:
        """Whether an entry is a copy of one that is told by another copy."""
        return self._index.is_repeated(event_id)

    def _named_since(self) -> list[Named]:
        return [Named(kind, id, self.name(kind, id)) for kind, id in self._noted.views]

    def _renamed(self, found: Named) -> Named:
        return Named(found.kind, found.id, self._noted.names.get((found.kind, found.id), found.name))

    def _beginning(self, kinds: Sequence[str], wanted: str, *, whole: bool) -> list[Named]:
        if len(wanted) < (ENTITY_LENGTH if whole else PREFIX_MIN):
            return []
        return self._index.beginning(kinds, wanted)

    # The checks' context

    @property
    def today(self) -> date:
        return self._today

    def knows(self, id: str) -> bool:
        if len(id) == EVENT_ID_LENGTH:
            return self._log.get(from_base32(id, 16)) is not None
        noted = self._noted.views
        is_noted = any(name == id for _, name in noted) or any(id in view.get("outputs", ()) for view in noted.values())
        return is_noted or bool(self._index.beginning((), id))

    def goal(self, id: str) -> GoalState | None:
        view = self.view("goal", id)
        if view is None:
            return None
        periods = {period["first_day"]: period["result"] for period in view.get("periods", ())}
        result = view.get("result") or ("reframed" if view.get("replaced_by") else None)
        return GoalState(id, self.name("goal", id) or self.short(id), result, view.get("repeat"), periods)

    def milestone(self, id: str) -> MilestoneState | None:
        view = self.view("milestone", id)
        if view is None:
            return None
        attached = self.view("attached", id) or {}
        blocked = view.get("blocked_on")
        outputs = tuple(view.get("outputs", ()))
        return MilestoneState(
            id,
            self.name("milestone", id) or self.short(id),
            view["kind"],
            view["status"],
            date.fromisoformat(view["start"]),
            view.get("has_measure", False),
            view.get("measure_met"),
            date.fromisoformat(blocked) if blocked else None,
            len(attached.get("artifacts", ())),
            outputs,
            tuple(id_ for id_ in outputs if not (self.view("output", id_) or {}).get("done_on")),
        )

    def help(self, id: str) -> HelpState | None:
        view = self.view("help", id)
        return None if view is None else HelpState(id, view.get("result"))

    def skill(self, id: str) -> SkillState | None:
        view = self.view("skill", id)
        if view is None:
            return None
        ratings = view.get("ratings")
        return SkillState(id, self.name("skill", id) or self.short(id), ratings[-1]["rating"] if ratings else None)

    def metric(self, id: str) -> MetricState | None:
        view = self.view("metric", id)
        if view is None:
            return None
        label = self.name("metric", id) or self.short(id)
        has_target = bool(view.get("target") or (self.view("aim", id) or {}).get("target"))
        kind, unit = view.get("kind", "level"), view.get("unit", "other")
        return MetricState(id, label, kind, unit, view.get("own", False), has_target)

    def open_goals(self) -> int:
        count = self._index.open_goals()
        for (kind, id), view in self._noted.views.items():
            if kind == "goal":
                count += _is_open(view) - _is_open(self._index.view(kind, id))
        return count

    def capacity_minutes(self, day: date) -> int | None:
        found: int | None = None
        for span in (self.view("capacity", "week") or {}).get("spans", ()):
            if span.get("from_date", "") <= day.isoformat():
                found = span.get("minutes", {}).get(CAPACITY_DAYS[day.weekday()], found)
        return found

    def planned_minutes(self, day: date, *, without: str) -> int:
        due = {view["id"]: view for view in self._index.due_on(day.isoformat())}
        due.update({id: view for (kind, id), view in self._noted.views.items() if kind == "goal"})
        return sum(
            view.get("estimate_minutes") or 0
            for id, view in due.items()
            if id != without and view.get("due_on") == day.isoformat() and _is_open(view)
        )

    def _note_tail(self) -> bool:
        """Note what the log holds beyond the index; False when that has to be folded."""
        if not self._log.is_born:
            return True
        behind = self._log.count - self._index.checkpoint
        return 0 <= behind <= TAIL_MAX and all(
            self._note_stored(stored) for stored in self._log.since(self._index.checkpoint)
        )

    def _note_stored(self, stored: Stored) -> bool:
        event = stored.event
        if event.device != self._log.device:
            return False
        type_, values = _read(event.type, event.facts and event.facts.text, event.private and event.private.text)
        return self._noted.note(type_, values, from_days(event.on).isoformat())


def fold_case(text: str) -> str:
    """A name as look-ups compare it: case and spacing do not count."""
    return " ".join(text.casefold().split())


def _read(type_: str, facts: bytes | None, private: bytes | None) -> tuple[str, dict[str, Any]]:
    """An own entry's true type and all its values: this device wrote it, and the catalogue checked it then."""
    values: dict[str, Any] = loads(facts.decode()) if facts else {}
    words: dict[str, Any] = loads(private.decode()) if private else {}
    if type_ == "entry.sealed":
        return str(words["type"]), words["private"]
    return type_, values | words


def _fold(home: Home, log: Log) -> None:
    from milepost_client.views.views import Views

    with Views.open(home, log) as views:
        views.refresh()


def _is_open(view: View | None) -> bool:
    return view is not None and not view.get("result") and not view.get("replaced_by")


def _is_prefix(wanted: str, id: str) -> bool:
    return len(wanted) >= PREFIX_MIN and id.startswith(wanted)
