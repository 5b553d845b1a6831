"""One entity's rows as its resolver sees them: which write stands, which are in conflict, which readings count.

A single-valued field keeps every write. The last counted one in clock order stands. A *head* is a counted write that
no other counted write has replaced; two heads are a conflict: neither author had seen the other's. Everything is
computed from the set, so it is free of order.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from milepost.ids import base32
from milepost.projections.rows import DISMISSED, LEFT_OUT, YIELDED, Write, event_named, is_counted

Data = TypeVar("Data", bound=msgspec.Struct)

# Rows come by the hundred thousand: a tuple made as one costs a third of a call of its class.
_new = tuple.__new__

# A view shows the last so many readings; the rows keep all of them, and so do first, last and counts. A thing that is
# recorded every day for years would otherwise be written anew, whole, with each entry.
SHOWN_MAX = 60


class Heads(msgspec.Struct, frozen=True, array_like=True):
    """The writes of a field that nothing has replaced, the standing one first: what the next write names in `over`."""

    field: str
    events: tuple[str, ...]

    @property
    def is_conflict(self) -> bool:
        """Whether two authors wrote without having seen each other."""
        return len(self.events) > 1


class Said(NamedTuple, Generic[Data]):
    """A write with its data decoded."""

    data: Data
    write: Write

    @property
    def on(self) -> int:
        """The day, since 1970-01-01."""
        return self.write.on

    @property
    def event_id(self) -> bytes:
        """The event that said it."""
        return self.write.event_id


class Replacing(msgspec.Struct, frozen=True, omit_defaults=True):
    """Data of a single-valued field: `over` names the writes that this one replaced on its author's screen."""

    over: tuple[str, ...] = ()


class Writes:
    """The rows of one entity; with `until`, only those that happened on or before that day.

    `is_control`: rows of control entries, which nothing takes back.
    """

    def __init__(self, writes: Iterable[Write], *, until: int | None = None, is_control: bool = False) -> None:
        self._fields: dict[str, list[Write]] = {}
        # In clock order, and decoded, only once that is asked for: sums need neither.
        self._in_order: set[str] = set()
        self._stories: dict[tuple[str, type[msgspec.Struct]], list[Said[Any]]] = {}
        for write in writes:
            if until is None or write.on <= until:
                found = write._replace(marks=write.marks & LEFT_OUT) if is_control else write
                self._fields.setdefault(write.field, []).append(found)
        self._heads: list[Heads] = []

    @property
    def heads(self) -> tuple[Heads, ...]:
        """The heads of every single-valued field asked for so far."""
        return tuple(self._heads)

    def fields(self, prefix: str = "") -> list[str]:
        """The names of fields that have rows, sorted."""
        return sorted(name for name in self._fields if name.startswith(prefix))

    def readings(self, field: str, type: type[Data]) -> list[Said[Data]]:
        """Every counted row of `field`: by day, then by clock. The last is current."""
        found = self.ordered(field, type)
        found.sort(key=_by_day)
        return found

    def ordered(self, field: str, type: type[Data]) -> list[Said[Data]]:
        """Every counted row of `field` by clock: the story of a single-valued field, the standing write last."""
        return [said for said in self._story(field, type) if is_counted(said.write.marks)]

    def counted(self, field: str, type: type[Data]) -> list[Data]:
        """The data of every counted row of `field`, for sums: in no order."""
        decode = _decoder(type).decode
        return [
            decode(write.data) if write.data else type()
            for write in self._fields.get(field, ())
            if is_counted(write.marks)
        ]

    def days(self) -> list[int]:
        """The days of all counted rows, in no order."""
        return [write.on for story in self._fields.values() for write in story if is_counted(write.marks)]

    def single(self, field: str, type: type[Data], *, is_worded: bool = False) -> Said[Data] | None:
        """The standing write of a single-valued field; its heads join `heads`.

        `is_worded`: its entries hold private text, so two heads differ for their author even where the facts agree.
        """
        heads = heads_of(self._story(field, type))
        if not heads:
            return None
        if not is_worded and all(_same(said.data, heads[0].data) for said in heads):
            heads = heads[:1]
        self._heads.append(Heads(field, tuple(base32(said.event_id) for said in heads)))
        return heads[0]

    def _story(self, field: str, type: type[Data]) -> list[Said[Data]]:
        """Every row of `field` by clock with its data; a view and its tallies ask for the same."""
        story = self._stories.get((field, type))
        if story is None:
            decode = _decoder(type).decode
            story = self._stories[field, type] = [
                _new(Said, (decode(write.data) if write.data else type(), write)) for write in self.every(field)
            ]
        return story

    def every(self, field: str) -> list[Write]:
        """Every row of `field` by clock, whatever was said about it."""
        story = self._fields.get(field, [])
        if len(story) > 1 and field not in self._in_order:
            story.sort(key=_order)
            self._in_order.add(field)
        return story


def heads_of(every: Sequence[Said[Data]]) -> list[Said[Data]]:
    """Counted writes that no other counted write replaced, the last in clock order first. `every` is in clock order.

    A write replaces what it names in `over`, what those name, and whatever its own device wrote before it in the same
    epoch: a device has always seen its own log. Retracted writes hand on what they had replaced.
    """
    counted = [said for said in every if is_counted(said.write.marks)]
    if len(counted) < 2 or _is_one_line(counted):
        return counted[-1:]
    replaced = _replaced(every, [said.event_id for said in counted])
    heads = [said for said in counted if said.event_id not in replaced and not said.write.marks & YIELDED]
    # All yielded, each to another: the member's two answers crossed, and the clock decides as ever.
    standing, *others = heads[::-1] or counted[-1:]
    return [standing, *(said for said in others if not said.write.marks & DISMISSED)]


def _is_one_line(story: Sequence[Said[Data]]) -> bool:
    """Whether one epoch of one device wrote them all, one after the other: then the last replaced the rest."""
    newest = story[-1].write
    return all(
        write.device == newest.device and write.epoch == newest.epoch and write.seq < newest.seq
        for _, write in story[:-1]
    )


def _replaced(every: Sequence[Said[Data]], starts: Iterable[bytes]) -> set[bytes]:
    below = _below(every)
    found: set[bytes] = set()
    waiting = [older for start in starts for older in below[start]]
    while waiting:
        event_id = waiting.pop()
        if event_id in below and event_id not in found:
            found.add(event_id)
            waiting.extend(below[event_id])
    return found


def _below(every: Sequence[Said[Data]]) -> dict[bytes, list[bytes]]:
    """Each write's direct predecessors."""
    below = {write.event_id: [event_named(name) for name in _over(data)] for data, write in every}
    lines: dict[tuple[bytes, int], list[Write]] = {}
    for _, write in every:
        lines.setdefault((write.device, write.epoch), []).append(write)
    for line in lines.values():
        line.sort(key=lambda write: write.seq)
        before: list[Write] = []
        for write in line:
            # Two events at one place are a fork: neither has seen the other, both have seen what came before.
            if before and before[-1].seq < write.seq:
                previous = before[-1].seq
                below[write.event_id].extend(older.event_id for older in before if older.seq == previous)
                before.clear()
            before.append(write)
    return below


def _over(data: msgspec.Struct) -> tuple[str, ...]:
    return data.over if isinstance(data, Replacing) else ()


def _same(one: msgspec.Struct, other: msgspec.Struct) -> bool:
    return _without_over(one) == _without_over(other)


def _without_over(data: msgspec.Struct) -> msgspec.Struct:
    return msgspec.structs.replace(data, over=()) if isinstance(data, Replacing) else data


# The fields of `Order`, as they stand in a Write.
_order = itemgetter(slice(4, 9))


def _by_day(said: Said[Data]) -> tuple[int, tuple[object, ...]]:
    return said.write.on, _order(said.write)


@cache
def _decoder(type: type[Data]) -> msgspec.json.Decoder[Data]:
    return msgspec.json.Decoder(type)


def data_in(write: Write, type: type[Data]) -> Data:
    """The data of a row; the struct's defaults where there is none."""
    return _decoder(type).decode(write.data) if write.data else type()
