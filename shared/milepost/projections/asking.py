"""Requests for help, and the words that were said to a pod or its leads.

Rows of `help:ID`: `asked`, `result`. Rows of `words:EVENT`: `said`, one entity for each entry, because words have no id
of their own. The sentence of a request is said beside it and names it in `ref`; it is joined where it is shown.
"""

import msgspec

from milepost.event import Event
from milepost.ids import base32
from milepost.projections.calendar import iso_day
from milepost.projections.rows import Cell, key
from milepost.projections.view import Facts, Kind, View, data_of
from milepost.projections.writes import Replacing, Writes

OPEN = "open"
CLOSED = "closed"


class HelpAsked(Replacing, frozen=True, omit_defaults=True):
    """Data of `asked`."""

    to: str = "lead"
    kind: str = "other"
    ref: tuple[str, ...] = ()


class HelpResult(Replacing, frozen=True, omit_defaults=True):
    """Data of `result`."""

    result: str = "solved"


class Help(View, frozen=True, kw_only=True, omit_defaults=True):
    """A request for help. `result` is solved or withdrawn, None while it is open."""

    id: str
    to: str
    kind: str
    asked_on: str
    event: str
    ref: tuple[str, ...] = ()
    result: str | None = None
    closed_on: str | None = None

    @property
    def standing(self) -> str:
        return OPEN if self.result is None else CLOSED

    @property
    def due(self) -> str:
        """The day it was asked: lists of requests are in that order."""
        return self.asked_on


class WordsSaid(msgspec.Struct, frozen=True, omit_defaults=True, rename={"beside": "with"}):
    """Data of `said`. `beside` is the first entry of the command that said it: a win, a request."""

    to: str = "lead"
    text: str = ""
    ref: tuple[str, ...] = ()
    beside: str | None = None


class Words(View, frozen=True, kw_only=True, omit_defaults=True):
    """Words in clear for the pod or its leads. `event` said them; `ref` is what they are about.

    Said by themselves they name what they are about: the title of a milestone. Said `beside` another entry they belong
    to that one: a win, a request.
    """

    event: str
    to: str
    text: str
    said_on: str
    ref: tuple[str, ...] = ()
    beside: str | None = None

    @property
    def standing(self) -> str:
        return self.to

    @property
    def due(self) -> str:
        """The day they were said: lists of words are in that order."""
        return self.said_on


def _asked(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("help", facts["help"]), "asked", data_of(facts, HelpAsked)),)


def _closed(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("help", facts["help"]), "result", data_of(facts, HelpResult)),)


SAID = "words.said"
"""The type whose entries are words, each a thing of its own."""


def said(event: Event, facts: Facts) -> list[Cell]:
    """The row of words said."""
    return [Cell(key("words", base32(event.id)), "said", data_of(facts, WordsSaid))]


def resolve_help(id: str, writes: Writes) -> Help | None:
    """The request, or None when nothing that asked it stands."""
    asked = writes.single("asked", HelpAsked)
    if asked is None:
        return None
    result = writes.single("result", HelpResult)
    return Help(
        id=id,
        to=asked.data.to,
        kind=asked.data.kind,
        asked_on=iso_day(min(said.on for said in writes.ordered("asked", HelpAsked))),
        event=base32(asked.event_id),
        ref=asked.data.ref,
        result=result.data.result if result else None,
        closed_on=iso_day(result.on) if result else None,
        heads=writes.heads,
    )


def resolve_words(event: str, writes: Writes) -> Words | None:
    """The words, or None when they were taken back."""
    every = writes.ordered("said", WordsSaid)
    if not every:
        return None
    one = every[-1]
    data = one.data
    return Words(event=event, to=data.to, text=data.text, said_on=iso_day(one.on), ref=data.ref, beside=data.beside)


FOLDERS = {"help.asked": _asked, "help.closed": _closed}
KINDS = {"help": Kind(resolve_help, Help), "words": Kind(resolve_words, Words)}
