"""Hypothesis strategies derived from the declarations: any valid entry of any type, and any damage to one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st

from milepost import catalogue
from milepost.catalogue.declare import AllOf, AnyOf, AtMost, EventType, InOrder, OneOf, Rule
from milepost.catalogue.kinds import (
    ENTITY,
    EVENT,
    AnyId,
    Anything,
    Bool,
    Bytes,
    Choice,
    Code,
    Crockford,
    Currency,
    Date,
    Decimal,
    Instant,
    Int,
    Kind,
    ListOf,
    Record,
    Text,
    Week,
)
from milepost.ids import base32, base64url

# Long enough to meet every branch, short enough that an entry of many texts stays within its limits.
_DRAWN_TEXT_MAX = 60
_DRAWN_ITEMS_MAX = 4

Values = dict[str, Any]

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
"""Anything that JSON can say."""


def event_types() -> st.SearchStrategy[EventType]:
    """Any declared type."""
    return st.sampled_from(sorted(catalogue.types(), key=lambda declared: declared.name))


def of_kind(kind: Kind) -> st.SearchStrategy[Any]:
    """Any value of `kind`."""
    match kind:
        case Bool():
            return st.booleans()
        case Int(low=low, high=high):
            return st.integers(low, high)
        case Choice(options=options):
            return st.sampled_from(options)
        case Text():
            return _texts(kind)
        case Crockford():
            return _ids(kind)
        case AnyId():
            return _ids(ENTITY) | _ids(EVENT)
        case Date():
            return st.dates().map(lambda day: day.isoformat())
        case Week():
            return st.dates().map(_week_of)
        case Instant():
            return st.datetimes().map(lambda moment: f"{moment.replace(microsecond=0).isoformat()}Z")
        case Code(length_max=high):
            return st.text("abcdefghijklmnopqrstuvwxyz0123456789_-.", min_size=1, max_size=high)
        case Decimal():
            return st.from_regex(r"\A-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?\Z")
        case Currency():
            return st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3)
        case Bytes(low=low, high=high, instead=instead):
            encoded = st.binary(min_size=low, max_size=high).map(base64url)
            return encoded | st.sampled_from(instead) if instead else encoded
        case ListOf(of=of, count_min=low, count_max=high):
            items = st.lists(of_kind(of), min_size=low, max_size=min(high, low + _DRAWN_ITEMS_MAX))
            return items.filter(lambda drawn: all(item not in drawn[:place] for place, item in enumerate(drawn)))
        case Record(members=members, partial=partial):
            whole = {name: of_kind(member) for name, member in members.items()}
            return st.fixed_dictionaries({}, optional=whole).filter(bool) if partial else st.fixed_dictionaries(whole)
        case Anything():
            return st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=8), max_size=3)
        case _:
            raise TypeError(f"{kind!r} has no strategy: a new kind needs one")


def _texts(kind: Text) -> st.SearchStrategy[str]:
    characters = st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t" if kind.lines else "")
    drawn = st.text(characters, min_size=1, max_size=min(kind.length_max, _DRAWN_TEXT_MAX))
    return drawn.filter(lambda text: bool(text.strip()))


def _ids(kind: Crockford) -> st.SearchStrategy[str]:
    size = kind.length * 5 // 8
    return st.binary(min_size=size, max_size=size).map(base32)


def _week_of(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def valid_values(declared: EventType) -> st.SearchStrategy[Values]:
    """Any values with which `declared` has no violation, as `Catalogue.encode` takes them."""
    needed = {field.name: of_kind(field.kind) for field in declared.fields() if field.required}
    optional = {field.name: of_kind(field.kind) for field in declared.fields() if not field.required}
    drawn = st.fixed_dictionaries(needed, optional=optional)
    for rule in (*declared.rules, *declared.across):
        drawn = _obeying(rule, declared, drawn)
    return drawn


def _obeying(rule: Rule, declared: EventType, drawn: st.SearchStrategy[Values]) -> st.SearchStrategy[Values]:
    kinds = {field.name: field.kind for field in declared.fields() if field.name in rule.fields}
    match rule:
        case InOrder(fields=(first, last)) | AtMost(fields=(first, last)):
            return drawn.map(lambda values: _sorted_pair(values, first, last))
        case AllOf():
            all_of = st.fixed_dictionaries({name: of_kind(kind) for name, kind in kinds.items()})
            return st.builds(lambda values, more: {**values, **more}, drawn, all_of)
        case AnyOf() | OneOf():
            one = st.one_of([st.fixed_dictionaries({name: of_kind(kind)}) for name, kind in kinds.items()])
            exact = isinstance(rule, OneOf)
            return st.builds(
                lambda values, more: {**_without(values, rule.fields if exact else ()), **more}, drawn, one
            )
        case _:
            raise TypeError(f"{rule!r} has no strategy: a new rule needs one")


def _sorted_pair(values: Values, first: str, last: str) -> Values:
    if first in values and last in values:
        low, high = sorted((values[first], values[last]))
        return {**values, first: low, last: high}
    return values


def _without(values: Mapping[str, Any], names: tuple[str, ...]) -> Values:
    return {name: value for name, value in values.items() if name not in names}


@st.composite
def typed_values(draw: st.DrawFn) -> tuple[EventType, Values]:
    """Any type, with any valid values of it."""
    declared = draw(event_types())
    return declared, draw(valid_values(declared))


@st.composite
def damaged_values(draw: st.DrawFn) -> tuple[EventType, str, Values]:
    """Any type, a field of it, and valid values but for that field, which holds what its kind does not take."""
    declared, values = draw(typed_values())
    field = draw(st.sampled_from(sorted(declared.fields(), key=lambda field: field.name)))
    wrong = draw(json_values.filter(lambda value: value is not None and field.kind.fault(value) is not None))
    return declared, field.name, {**values, field.name: wrong}
