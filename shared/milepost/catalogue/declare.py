"""The words a declaration is written in: `Field`, `EventType`, and the rules that tie fields together.

One declaration says everything there is to know about a type; the CLI, the codec, the checks, the reference page, the
JSON Schema and the golden tests read it and keep no list of their own. Standard library only: the append path imports
this.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping

from milepost.catalogue.kinds import ENTITY, EVENT, AnyId, Bool, Choice, Date, Int, Kind, ListOf, Text, show
from milepost.light import NamedTuple

REFS_MAX = 32
OUTPUTS_MAX = 20
OVER_MAX = 64
MINUTES_OF_A_DAY = 1440

SEALED = "-"
"""The family of a type that has no facts: its header says `entry.sealed` and the server never learns its name."""

FAMILIES = ("progress", "rhythm", "skills", "people", "evidence", "outcomes")
"""What a member can consent to share (privacy.md)."""

NAME = Text(200)
NOTE = Text(8000, lines=True)
LINK = Text(2000)
NAMES = ListOf(NAME, OUTPUTS_MAX)
REFS = ListOf(AnyId(), REFS_MAX)
REASON = Choice("time", "skill", "access", "people", "priority", "done_elsewhere", "mistake", "other")
SOURCE = Choice("listings", "internal", "platform", "survey", "own_count", "other")
DATE = Date()
RATING = Int(1, 5)
MINUTES = Int(1, MINUTES_OF_A_DAY)
UNIT = Choice("count", "percent", "minutes", "points", "money", "other")


class Violation(NamedTuple):
    """One way in which an entry is not what its declaration says.

    `message` is lower case and names the value; `remedy` ends in a correct example. `private`: it lies in the private
    part, so a fold shows that part as unreadable and the event stands; otherwise the fold sets the event aside.
    """

    field: str
    code: str
    message: str
    remedy: str
    private: bool


class Field:
    """One field: its name, kind, sentence, and whether the part must hold it."""

    __slots__ = ("doc", "kind", "name", "required")

    def __init__(self, name: str, kind: Kind, doc: str, *, required: bool) -> None:
        self.name = name
        self.kind = kind
        self.doc = doc
        self.required = required


def needs(name: str, kind: Kind, doc: str) -> Field:
    """A field that every entry of the type has."""
    return Field(name, kind, doc, required=True)


def may(name: str, kind: Kind, doc: str) -> Field:
    """A field that an entry may have."""
    return Field(name, kind, doc, required=False)


def entity(name: str, doc: str = "") -> Field:
    """The required field that names the thing the entry is about."""
    return needs(name, ENTITY, doc or f"the {name} this is about")


def flag(name: str, doc: str) -> Field:
    """An optional yes or no; absent means no."""
    return may(name, Bool(), doc)


def refs() -> Field:
    """The optional field that names what an entry hangs off."""
    return may("ref", REFS, "what it hangs off: objectives, milestones, goals, roles, skills, metrics, entries")


class Rule(ABC):
    """What several fields of one part must fulfil together; asked only when each of them is of its kind."""

    __slots__ = ("code", "fields")

    def __init__(self, code: str, *fields: str) -> None:
        self.code = code
        self.fields = fields

    @abstractmethod
    def fault(self, part: Mapping[str, object]) -> tuple[str, str] | None:
        """The field at fault and the sentence about it, or None."""


class InOrder(Rule):
    """A date that may not come before another."""

    __slots__ = ()

    def fault(self, part: Mapping[str, object]) -> tuple[str, str] | None:
        first, last = self.fields
        start, end = part.get(first), part.get(last)
        if isinstance(start, str) and isinstance(end, str) and end < start:
            return last, f"{last} {end} is before {first} {start}"
        return None


class AtMost(Rule):
    """A number that may not pass another."""

    __slots__ = ()

    def fault(self, part: Mapping[str, object]) -> tuple[str, str] | None:
        small, large = self.fields
        value, bound = part.get(small), part.get(large)
        if isinstance(value, int) and isinstance(bound, int) and value > bound:
            return small, f"{small} {value} is over {large} {bound}"
        return None


class AnyOf(Rule):
    """Fields of which at least one must be there."""

    __slots__ = ()

    def fault(self, part: Mapping[str, object]) -> tuple[str, str] | None:
        if any(name in part for name in self.fields):
            return None
        return self.fields[0], f"none of {', '.join(self.fields)} is given"


class OneOf(Rule):
    """Fields of which exactly one must be there."""

    __slots__ = ()

    def fault(self, part: Mapping[str, object]) -> tuple[str, str] | None:
        given = [name for name in self.fields if name in part]
        if len(given) == 1:
            return None
        wanted = f"exactly one of {', '.join(self.fields)} is needed"
        return self.fields[0], f"{' and '.join(given) or 'none'} is given; {wanted}"


class AllOf(Rule):
    """Fields that only make sense together."""

    __slots__ = ()

    def fault(self, part: Mapping[str, object]) -> tuple[str, str] | None:
        for name in self.fields:
            if name not in part:
                return name, f"{name} is missing; all of {', '.join(self.fields)} are needed"
        return None


COMMON = (
    may("over", ListOf(EVENT, OVER_MAX), "the writes of the same field that this one replaced on the author's screen"),
    may("replaces", EVENT, "the retracted entry that this one corrects"),
    may("from", EVENT, "the entry of another log that this one copies, so that a repeat counts once"),
    may("with", EVENT, "the first entry of the same command"),
)
"""Fields that every type may carry, in facts where the type has facts, else in private."""


class EventType:
    """The declaration of one type: its fields, which are private, its rules, its family, its help.

    `example` holds the values of a typical entry (the golden line and the reference show it), `usage` the command that
    ends a refusal. `control` types are applied by the log layer itself, and cannot be retracted. `single` names the
    fields whose later write replaces the earlier; all others are readings, and every reading is kept. `across` are the
    rules that tie the two parts together, asked only where both are at hand. `creates` names the fields whose ids the
    entry brings into being; every other id must name something that is there.
    """

    __slots__ = (
        "_places",
        "across",
        "control",
        "creates",
        "example",
        "facts",
        "family",
        "help",
        "name",
        "private",
        "rules",
        "single",
        "usage",
        "version",
    )

    def __init__(
        self,
        name: str,
        family: str,
        help: str,
        *,
        facts: tuple[Field, ...] = (),
        private: tuple[Field, ...] = (),
        usage: str,
        example: Mapping[str, object],
        rules: tuple[Rule, ...] = (),
        across: tuple[Rule, ...] = (),
        creates: tuple[str, ...] = (),
        single: tuple[str, ...] = (),
        version: int = 1,
        control: bool = False,
    ) -> None:
        self.name = name
        self.family = family
        self.help = help
        self.facts = facts if family == SEALED else facts + COMMON
        self.private = private + COMMON if family == SEALED else private
        self.usage = usage
        self.example = example
        self.rules = rules
        self.across = across
        self.creates = creates
        self.single = single
        self.version = version
        self.control = control
        self._places = {field.name: False for field in self.facts} | {field.name: True for field in self.private}

    @property
    def sealed(self) -> bool:
        """True if even the name of the type is private."""
        return self.family == SEALED

    def is_private(self, field: str) -> bool:
        """Whether `field` belongs to the private part. Raises KeyError for a field the type does not have."""
        return self._places[field]

    def fields(self) -> Iterator[Field]:
        """Every field, facts first, in the order of the declaration."""
        yield from self.facts
        yield from self.private


def violations_of(declared: EventType, part: Mapping[str, object], *, private: bool) -> list[Violation]:
    """What is wrong with one part. Fields nobody declared are not looked at: a newer build wrote them."""
    found = []
    for field in declared.private if private else declared.facts:
        value = part.get(field.name)
        if value is None and field.name not in part:
            if field.required:
                found.append(_violation(declared, field.name, "missing", f"{field.name} is missing", private=private))
        elif (fault := field.kind.fault(value)) is not None:
            message = f"{field.name} {show(value)} {fault}"
            found.append(_violation(declared, field.name, field.kind.code, message, private=private))
    if not found:
        found.extend(_broken_rules(declared, part, private=private))
    return found


def _broken_rules(declared: EventType, part: Mapping[str, object], *, private: bool) -> Iterator[Violation]:
    for rule in declared.rules:
        if declared.is_private(rule.fields[0]) is private and (broken := rule.fault(part)) is not None:
            yield Violation(broken[0], rule.code, broken[1], f"try: {declared.usage}", private)


def _violation(declared: EventType, field: str, what: str, message: str, *, private: bool) -> Violation:
    return Violation(field, f"{field}_{what}", message, f"try: {declared.usage}", private)
