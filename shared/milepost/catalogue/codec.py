"""The fold's reader: facts decoded and checked in one pass of msgspec, in the time the plain way takes to parse.

The plain way (`Catalogue.decode`, then `violations`) stays the judge: the fast one may only say yes. It is built from
the same declaration, is narrower where it cannot be exact (a 29 February, a text with a colon), and hands whatever it
does not accept to the plain way. So both give one answer for any bytes, which a property test holds.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal, NamedTuple, Required, TypedDict

import msgspec

from milepost.catalogue.declare import EventType, Violation
from milepost.catalogue.kinds import (
    AnyId,
    Bool,
    Choice,
    Code,
    Crockford,
    Currency,
    Date,
    Decimal,
    Int,
    Kind,
    ListOf,
    Week,
)
from milepost.catalogue.lookup import INSTALLED, Catalogue, Unknown

Facts = dict[str, object]

# Facts that the fast way accepts hold no objects and few lists; a bomb of brackets never reaches msgspec's stack.
_LISTS_MAX = 8

# Without the 29th of February: the plain way knows the leap years.
_DATE = (
    "(?!0000)[0-9]{4}-"
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_WEEK = "(?!0000)[0-9]{4}-W(?:0[1-9]|[1-4][0-9]|5[0-2])"

# msgspec takes these as values built at run time; mypy knows them only as syntax.
_annotated: Any = Annotated
_list: Any = list
_literal: Any = Literal
_required: Any = Required
_typed_dict: Any = TypedDict


class SetAside(NamedTuple):
    """Facts that break a rule of their declaration: left out of views, listed in the inbox, alike on every replica."""

    violations: tuple[Violation, ...]


class FactsReader:
    """Reads the facts of a catalogue's types."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._fast: dict[str, _Fast | None] = {}

    def read(self, type: str, version: int, raw: bytes) -> Facts | SetAside | Unknown:
        """The declared fields that `raw` holds, of today's version of `type`; or why they do not count. Total."""
        fast = self._fast.get(type)
        if fast is None and type not in self._fast:
            fast = self._fast[type] = self._prepare(type)
        if fast is not None and version == fast.version:
            facts = fast.read(raw)
            if facts is not None:
                return facts
        return self._plain(type, version, raw)

    def _prepare(self, type: str) -> "_Fast | None":
        declared = self._catalogue.get(type)
        return None if declared is None else _fast(declared)

    def _plain(self, type: str, version: int, raw: bytes) -> Facts | SetAside | Unknown:
        entry = self._catalogue.decode(type, version, raw, None)
        if isinstance(entry, Unknown):
            return entry
        if entry.facts is None:
            return Unknown(type, version, f"{type} has no facts")
        violations = self._catalogue.violations(entry.type, entry.version, entry.facts, None)
        return SetAside(tuple(violations)) if violations else entry.facts


class _Fast:
    """One type's fast way. `read` gives the facts, or None for whatever it leaves to the plain way."""

    __slots__ = ("_decode", "_lists", "_rules", "version")

    def __init__(self, declared: EventType, decode: Callable[[bytes], Facts]) -> None:
        self.version = declared.version
        self._decode = decode
        self._rules = [rule for rule in declared.rules if not declared.is_private(rule.fields[0])]
        self._lists = [field.name for field in declared.facts if isinstance(field.kind, ListOf)]

    def read(self, raw: bytes) -> Facts | None:
        if raw.count(b"{") != 1 or raw.count(b"[") > _LISTS_MAX:
            return None
        try:
            facts = self._decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None
        # Each key brings a colon. As many colons as fields: none stands twice, and none is unknown.
        if raw.count(b":") != len(facts):
            return None
        for rule in self._rules:
            if rule.fault(facts):
                return None
        for name in self._lists:
            if name in facts and _repeats(facts[name]):
                return None
        return facts


def _repeats(items: object) -> bool:
    return isinstance(items, list) and len(items) > 1 and len(set(items)) != len(items)


def _fast(declared: EventType) -> _Fast | None:
    fields = {field.name: (field.required, _type_of(field.kind)) for field in declared.facts}
    if declared.sealed or any(type_ is None for _, type_ in fields.values()):
        return None
    keys = {name: _required[type_] if required else type_ for name, (required, type_) in fields.items()}
    return _Fast(declared, msgspec.json.Decoder(_typed_dict("Facts", keys, total=False)).decode)


def _type_of(kind: Kind) -> Any:
    """What msgspec may take for `kind`: never more than `kind` does. None if it cannot say."""
    match kind:
        case Bool():
            return bool
        case Int(low=low, high=high):
            return _annotated[int, msgspec.Meta(ge=low, le=high)]
        case Choice(options=options):
            return _literal[options]
        case Date():
            return _matching(_DATE)
        case Week():
            return _matching(_WEEK)
        case AnyId():
            return _matching("|".join(str(one["pattern"]).strip("^$") for one in kind.schemas()))
        case Crockford() | Code() | Decimal() | Currency():
            return _matching(str(kind.schema()["pattern"]).strip("^$"))
        case ListOf(of=Crockford() | Choice() | AnyId() as of, count_min=low, count_max=high):
            return _annotated[_list[_type_of(of)], msgspec.Meta(min_length=low, max_length=high)]
        case _:
            return None


def _matching(pattern: str) -> Any:
    # \Z, for $ would let a line feed follow.
    return _annotated[str, msgspec.Meta(pattern=rf"^(?:{pattern})\Z")]


read_facts = FactsReader(INSTALLED).read
"""`FactsReader.read` of this build's catalogue."""
