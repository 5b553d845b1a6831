"""Direction: focus, values, roles weighed against each other, the role chosen, positions, what skills are like to use.

All of it is private: these views exist on the member's devices, in no digest, on no server. Rows of `focus:now`: `set`.
Of `value:ID`: `named`. Of `role:ID`: `briefed`, and for each factor `factor/NAME`, `score/NAME` and `raw/NAME`. Of
`factor:NAME`: `weight`. Of `choice:role`: `chosen`. Of `position:ID`: `recorded`. Of `enjoyed:SKILL`: `enjoyment`,
`avoided`, `stance`.
"""

from collections.abc import Iterator

import msgspec

from milepost.projections.calendar import iso_day
from milepost.projections.rows import Cell, key
from milepost.projections.view import Facts, Folder, Kind, View, data_of, fold_case
from milepost.projections.writes import Replacing, Said, Writes

FOCUS = "now"
CHOICE = "role"
WEIGHT_USUAL = 1
_NAMED, _SCORE, _RAW = "factor/", "score/", "raw/"


class FocusSet(Replacing, frozen=True, omit_defaults=True):
    """Data of the focus's `set`."""

    mode: str = "undecided"
    why: str | None = None


class ValueNamed(Replacing, frozen=True, omit_defaults=True):
    """Data of a value's `named`."""

    name: str = ""
    rank: int | None = None


class Briefed(Replacing, frozen=True, omit_defaults=True):
    """Data of a role's `briefed`."""

    kind: str = "target"
    title: str = ""
    competencies: tuple[str, ...] = ()
    paths: str | None = None
    indicators: str | None = None
    brief: str | None = None


class Factor(Replacing, frozen=True, omit_defaults=True):
    """Data of a role's `factor/`, `score/` and `raw/`: the factor as typed, and what was said of it."""

    factor: str = ""
    score: int | None = None
    raw: str | None = None


class Weighed(Replacing, frozen=True, omit_defaults=True):
    """Data of a factor's `weight`."""

    weight: int = WEIGHT_USUAL


class Chosen(Replacing, frozen=True, omit_defaults=True):
    """Data of the choice's `chosen`."""

    role: str = ""
    why: str | None = None


class Recorded(Replacing, frozen=True, omit_defaults=True):
    """Data of a position's `recorded`."""

    kind: str = "job"
    start: str = ""
    title: str = ""
    end: str | None = None
    employer: str | None = None
    highlights: tuple[str, ...] = ()


class Liking(Replacing, frozen=True, omit_defaults=True):
    """Data of what a skill is like to use."""

    enjoyment: int | None = None
    avoided: bool = False
    stance: str | None = None


class FocusChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the way ahead was measured by, from a day on."""

    on: str
    mode: str
    why: str | None = None


class Focus(View, frozen=True, kw_only=True, omit_defaults=True):
    """What the way ahead is measured by; `changes` is the story, the oldest first."""

    changes: tuple[FocusChange, ...]

    @property
    def standing(self) -> str:
        return self.changes[-1].mode


class Value(View, frozen=True, kw_only=True, omit_defaults=True):
    """Something that matters at work. Rank 1 matters most."""

    id: str
    name: str
    rank: int | None = None

    @property
    def folded_name(self) -> str:
        return fold_case(self.name)


class Score(msgspec.Struct, frozen=True, omit_defaults=True):
    """A role on one factor: the factor as typed (a label, or a value's id), 1 to 5, and what is behind the score."""

    factor: str
    score: int | None = None
    raw: str | None = None

    @property
    def name(self) -> str:
        """The name that factors are told apart by."""
        return fold_case(self.factor)


class Role(View, frozen=True, kw_only=True, omit_defaults=True):
    """A role with its page, and how it does on each factor it was held against."""

    id: str
    kind: str = "target"
    title: str = ""
    competencies: tuple[str, ...] = ()
    paths: str | None = None
    indicators: str | None = None
    brief: str | None = None
    scores: tuple[Score, ...] = ()

    @property
    def standing(self) -> str:
        return self.kind

    @property
    def folded_name(self) -> str:
        return fold_case(self.title)

    @property
    def is_briefed(self) -> bool:
        """Whether there is a page about it, and not only a title."""
        return bool(self.competencies or self.paths or self.indicators or self.brief)

    def score(self, name: str) -> Score | None:
        """How it does on the factor of that folded name."""
        return next((score for score in self.scores if score.name == name), None)


class Weight(View, frozen=True, kw_only=True, omit_defaults=True):
    """How much a factor counts, for every role alike."""

    factor: str
    weight: int = WEIGHT_USUAL


class Choice(View, frozen=True, kw_only=True, omit_defaults=True):
    """The role to head for."""

    role: str
    on: str
    why: str | None = None


class Position(View, frozen=True, kw_only=True, omit_defaults=True):
    """A job or a course of study. `end` is None while it lasts."""

    id: str
    kind: str
    title: str
    start: str
    end: str | None = None
    employer: str | None = None
    highlights: tuple[str, ...] = ()

    @property
    def standing(self) -> str:
        return "past" if self.end else "present"

    @property
    def due(self) -> str:
        return self.start

    @property
    def folded_name(self) -> str:
        return fold_case(self.title)


class Enjoyed(View, frozen=True, kw_only=True, omit_defaults=True):
    """What a skill is like to use, and what to do about it."""

    id: str
    enjoyment: int | None = None
    avoided: bool = False
    stance: str | None = None


def _focus(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("focus", FOCUS), "set", data_of(facts, FocusSet)),)


def _value(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("value", facts["value"]), "named", data_of(facts, ValueNamed)),)


def _briefed(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("role", facts["role"]), "briefed", data_of(facts, Briefed)),)


def _scored(facts: Facts) -> tuple[Cell, ...]:
    entity, name = key("role", facts["role"]), fold_case(facts["factor"])
    said = data_of(facts, Factor)
    cells = [Cell(entity, _NAMED + name, said)]
    # What an entry leaves out keeps what it had: a figure noted later does not take the score away.
    cells += [Cell(entity, _SCORE + name, said)] if said.score is not None else []
    cells += [Cell(entity, _RAW + name, said)] if said.raw is not None else []
    cells += [Cell(key("factor", name), "weight", data_of(facts, Weighed))] if "weight" in facts else []
    return tuple(cells)


def _chosen(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("choice", CHOICE), "chosen", data_of(facts, Chosen)),)


def _recorded(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("position", facts["position"]), "recorded", data_of(facts, Recorded)),)


def _enjoyed(facts: Facts) -> tuple[Cell, ...]:
    entity, said = key("enjoyed", facts["skill"]), data_of(facts, Liking)
    return tuple(Cell(entity, field, said) for field in ("enjoyment", "avoided", "stance") if field in facts)


def resolve_focus(_: str, writes: Writes) -> Focus | None:
    """The focus with its story, or None where none was ever set."""
    writes.single("set", FocusSet, is_worded=True)
    story = [FocusChange(iso_day(said.on), said.data.mode, said.data.why) for said in writes.ordered("set", FocusSet)]
    return Focus(changes=tuple(story), heads=writes.heads) if story else None


def resolve_value(id: str, writes: Writes) -> Value | None:
    """The value, or None when no entry that named it stands."""
    said = writes.single("named", ValueNamed)
    return Value(id=id, name=said.data.name, rank=said.data.rank, heads=writes.heads) if said else None


def resolve_role(id: str, writes: Writes) -> Role | None:
    """The role, or None when nothing about it stands."""
    said = writes.single("briefed", Briefed)
    scores = tuple(_scores(writes))
    if said is None and not scores:
        return None
    page = said.data if said else Briefed()
    return Role(
        id=id,
        kind=page.kind,
        title=page.title,
        competencies=page.competencies,
        paths=page.paths,
        indicators=page.indicators,
        brief=page.brief,
        scores=scores,
        heads=writes.heads,
    )


def _scores(writes: Writes) -> Iterator[Score]:
    for field in writes.fields(_NAMED):
        name = field.removeprefix(_NAMED)
        named = writes.ordered(field, Factor)
        score, raw = writes.single(_SCORE + name, Factor), writes.single(_RAW + name, Factor)
        if named:
            yield Score(named[-1].data.factor, score and score.data.score, raw and raw.data.raw)


def resolve_weight(name: str, writes: Writes) -> Weight | None:
    """The weight of a factor, or None where none was said: it is 1 then."""
    said = writes.single("weight", Weighed)
    return Weight(factor=name, weight=said.data.weight, heads=writes.heads) if said else None


def resolve_choice(_: str, writes: Writes) -> Choice | None:
    """The role to head for, or None while none is chosen."""
    said = writes.single("chosen", Chosen)
    return Choice(role=said.data.role, on=iso_day(said.on), why=said.data.why, heads=writes.heads) if said else None


def resolve_position(id: str, writes: Writes) -> Position | None:
    """The position, or None when no entry that recorded it stands."""
    said = writes.single("recorded", Recorded)
    if said is None:
        return None
    data = said.data
    return Position(
        id=id,
        kind=data.kind,
        title=data.title,
        start=data.start,
        end=data.end,
        employer=data.employer,
        highlights=data.highlights,
        heads=writes.heads,
    )


def resolve_enjoyed(id: str, writes: Writes) -> Enjoyed | None:
    """What the skill is like to use, or None where nothing was said."""
    enjoyment, avoided, stance = (_liking(writes, field) for field in ("enjoyment", "avoided", "stance"))
    if enjoyment is None and avoided is None and stance is None:
        return None
    return Enjoyed(
        id=id,
        enjoyment=enjoyment.data.enjoyment if enjoyment else None,
        avoided=avoided is not None and avoided.data.avoided,
        stance=stance.data.stance if stance else None,
        heads=writes.heads,
    )


def _liking(writes: Writes, field: str) -> Said[Liking] | None:
    return writes.single(field, Liking)


FOLDERS: dict[str, Folder] = {
    "focus.set": _focus,
    "value.named": _value,
    "role.briefed": _briefed,
    "role.scored": _scored,
    "role.chosen": _chosen,
    "position.recorded": _recorded,
    "skill.enjoyed": _enjoyed,
}
KINDS = {
    "focus": Kind(resolve_focus, Focus, is_own=True),
    "value": Kind(resolve_value, Value, is_own=True),
    "role": Kind(resolve_role, Role, is_own=True),
    "factor": Kind(resolve_weight, Weight, is_own=True),
    "choice": Kind(resolve_choice, Choice, is_own=True),
    "position": Kind(resolve_position, Position, is_own=True),
    "enjoyed": Kind(resolve_enjoyed, Enjoyed, is_own=True),
}
