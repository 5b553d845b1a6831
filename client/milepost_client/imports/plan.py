"""From rows to entries: names become ids, what is there is left out, what a rule refuses refuses its row."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from milepost.catalogue import Entry, draft
from milepost.checks import Finding, refused
from milepost.checks.context import GoalState, HelpState, MetricState, MilestoneState, SkillState
from milepost_client.imports.origins import Origins
from milepost_client.imports.recorded import COUNTED, OF_A_DAY, Content, Recorded, contents
from milepost_client.imports.wanted import NAMED_BY, Mention, Refusal, Row, Thing, Wanted
from milepost_client.recording.seen import fold_case

_REFS_MAX = 32
_BETWEEN = " \x1f "


class New(NamedTuple):
    """An entry to write: its values, and how the catalogue lays them out."""

    type: str
    on: date
    values: Mapping[str, object]
    entry: Entry


class Planned(NamedTuple):
    """A row and what becomes of it: the entries to write, the types of those that are there, or why it is refused."""

    row: Row
    new: tuple[New, ...] = ()
    there: tuple[str, ...] = ()
    refusal: Refusal | None = None


class Names(NamedTuple):
    """What a plan asks of the member's devices: a new id, the things called so now, those a mention may mean.

    `origins` has the names that another device would choose too; None where the account has no key here.
    """

    new_id: Callable[[], str]
    origins: Origins | None
    called: Callable[[str, Sequence[str]], Sequence[str]]
    mentioned: Callable[[str], Sequence[str]]


class Plan:
    """Plans the rows of one source, in order. `on` is the day of rows that name none, `today` the day it is."""

    def __init__(self, recorded: Recorded, names: Names, on: date, today: date) -> None:
        self._recorded = recorded
        self._names = names
        self._on = on
        self._context = _Resolved(today)
        self._made: dict[Thing, str] = {}
        self._told: Counter[Content] = Counter()
        self._first: dict[Thing, tuple[str, int]] = {}
        self._mentions: dict[str, Sequence[str]] = {}
        self._origins: set[str] = set()

    def of(self, rows: Iterable[Row]) -> Iterator[Planned]:
        """What becomes of each row."""
        for row in rows:
            yield Planned(row, refusal=row.refusal) if row.refusal else self._planned(row)

    def _planned(self, row: Row) -> Planned:
        new: list[New] = []
        there: list[str] = []
        made: dict[Thing, str] = {}
        told: list[tuple[Content, Content]] = []
        for wanted in row.wanted:
            try:
                values = self._resolved(wanted, made)
                self._refuse_other_words(row, wanted)
            except _Refused as error:
                return Planned(row, refusal=error.refusal(row, wanted))
            on = wanted.on or self._on
            content = contents(wanted.type, values, on.isoformat())
            # Within a row a format does not say anything twice and mean two.
            if self._is_there(wanted, content) or content in told:
                there.append(wanted.type)
            else:
                told_apart = self._with_origin(wanted, values)
                entry = draft(wanted.type, told_apart)
                found = refused(entry, self._context, on=on)
                if found:
                    return Planned(row, refusal=_Refused.by(found[0]).refusal(row, wanted))
                new.append(New(wanted.type, on, told_apart, entry))
            told.append(content)
        # Only a row that is taken whole makes its things known to those after it.
        self._made.update(made)
        for one in new:
            if "from" in one.values:
                self._origins.add(str(one.values["from"]))
        for of_its_day, of_any in told:
            self._told[of_its_day] += 1
            self._told[of_any] += 1
        return Planned(row, tuple(new), tuple(there))

    def _is_there(self, wanted: Wanted, content: tuple[Content, Content]) -> bool:
        # A row that names no day may have been told on any.
        asked = content[0] if wanted.on is not None and wanted.type in OF_A_DAY else content[1]
        told = self._told[asked]
        if wanted.type in COUNTED:
            return self._recorded.count_of(asked) > told
        return bool(told or self._recorded.count_of(asked))

    def _with_origin(self, wanted: Wanted, values: Mapping[str, object]) -> Mapping[str, object]:
        """The values and the `from` by which this entry and another device's count once.

        An origin stands for one telling. What was taken back and is imported again is another; so is each of several
        intervals that are alike.
        """
        if self._names.origins is None:
            return values
        number = 0
        while (origin := self._names.origins.entry(wanted.type, wanted.on, values, number)) in self._origins or (
            origin in self._recorded.origins
        ):
            number += 1
        return {**values, "from": origin}

    def _resolved(self, wanted: Wanted, made: dict[Thing, str]) -> dict[str, object]:
        """The values with ids for names. Raises _Refused for a name that two things have."""
        values: dict[str, object] = {}
        for field, value in wanted.values.items():
            if isinstance(value, Thing):
                values[field] = self._id_of(value, made)
            elif field == "ref" and isinstance(value, tuple):
                values[field] = self._refs(value)
            elif value is not None:
                values[field] = value
        return {field: value for field, value in values.items() if value is not None}

    def _id_of(self, wanted: Thing, made: dict[Thing, str]) -> str:
        found = self._made.get(wanted) or made.get(wanted)
        if found is None:
            found = self._recorded_id(wanted) or self._new_id(wanted)
            made[wanted] = found
        return found

    def _new_id(self, wanted: Thing) -> str:
        return self._names.origins.thing(wanted) if self._names.origins else self._names.new_id()

    def _recorded_id(self, wanted: Thing) -> str | None:
        ids = self._recorded.ids(wanted)
        if len(ids) > 1:
            # Of those that were ever called so, the one that is called so now is meant.
            ids = [id_ for id_ in ids if id_ in self._names.called(wanted.kind, wanted.key)]
            if len(ids) != 1:
                name = wanted.key[0]
                raise _Refused("", "ambiguous_name", f"two {wanted.kind}s are called {name!r}", "rename one: mp edit")
        return ids[0] if ids else None

    def _refs(self, mentions: Sequence[Mention]) -> list[str] | None:
        ids = [id_ for mention in mentions for id_ in self._mentioned(mention.name)]
        return list(dict.fromkeys(ids))[:_REFS_MAX] or None

    def _mentioned(self, name: str) -> Sequence[str]:
        if name not in self._mentions:
            self._mentions[name] = self._names.mentioned(name)
        return self._mentions[name]

    def _refuse_other_words(self, row: Row, wanted: Wanted) -> None:
        """Raises _Refused for a thing that an earlier row described in another way: one of the two is wrong."""
        named = wanted.values[NAMED_BY[wanted.type][0]] if wanted.type in NAMED_BY else None
        if not isinstance(named, Thing):
            return
        # In one go, with a mark between that no cell holds: folding is most of what a comparison costs.
        words = hash(fold_case(_BETWEEN.join(map(str, wanted.values.values()))))
        place, said = self._first.setdefault(named, (row.place, words))
        if said != words:
            message = f"{row.label or named.kind} is in row {place} too, described in another way"
            raise _Refused("", "twice", message, "tell the two apart by name, or leave one out")


class _Refused(Exception):
    """Why an entry of a row may not be written."""

    def __init__(self, field: str, rule: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.field = field
        self.rule = rule
        self.message = message
        self.remedy = remedy

    @classmethod
    def by(cls, finding: Finding) -> "_Refused":
        """As a rule of the catalogue has it."""
        # The rule speaks to somebody who types a line.
        remedy = "write the day it happened" if finding.code == "dated_after_tomorrow" else finding.remedy
        return cls(finding.field, finding.code, finding.message, remedy)

    def refusal(self, row: Row, wanted: Wanted) -> Refusal:
        """As people read it: with the row, and the column that its field came from."""
        return Refusal(row.place, wanted.columns.get(self.field, self.field), self.rule, self.message, self.remedy)


class _Resolved:
    """The context of the checks here: every id was put in by the plan, and what is there was left out before."""

    def __init__(self, today: date) -> None:
        self.today = today

    def knows(self, id: str) -> bool:
        return True

    def goal(self, id: str) -> GoalState | None:
        return None

    def milestone(self, id: str) -> MilestoneState | None:
        return None

    def help(self, id: str) -> HelpState | None:
        return None

    def skill(self, id: str) -> SkillState | None:
        return None

    def metric(self, id: str) -> MetricState | None:
        return None

    def open_goals(self) -> int:
        return 0

    def capacity_minutes(self, day: date) -> int | None:
        return None

    def planned_minutes(self, day: date, *, without: str) -> int:
        return 0
