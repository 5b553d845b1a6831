"""The light half of the standard library says and does what the originals do."""

import copy
import datetime
import hashlib
import pickle
import typing
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost import light


class Heavy(typing.NamedTuple):
    """A tuple by `typing`, which the light one is held against."""

    id: str
    on: int
    note: str | None = None
    kept: bool = True

    @property
    def says(self) -> str:
        return f"{self.id} on {self.on}"


class Light(light.NamedTuple):
    """The same by the light half."""

    id: str
    on: int
    note: str | None = None
    kept: bool = True

    @property
    def says(self) -> str:
        return f"{self.id} on {self.on}"


_FIELDS = st.sampled_from([*Heavy._fields, "stray"])


def outcome(call, *values, **named):
    """What a call gives, as a plain tuple; or that it refuses its arguments."""
    try:
        return tuple(call(*values, **named))
    except (TypeError, ValueError):
        return "refused"


@given(st.lists(st.integers(), max_size=5), st.dictionaries(_FIELDS, st.integers(), max_size=5))
def test_any_arguments_make_the_tuple_that_typing_would_make_or_are_refused_as_there(values, named):
    assert outcome(Light, *values, **named) == outcome(Heavy, *values, **named)


@given(st.dictionaries(_FIELDS, st.integers(), max_size=3))
def test_any_replacement_gives_what_typing_would_give(changes):
    assert outcome(Light("a", 1)._replace, **changes) == outcome(Heavy("a", 1)._replace, **changes)


def test_a_light_tuple_has_the_face_of_one_by_typing():
    ours: Any = Light("a", 1, kept=False)
    theirs: Any = Heavy("a", 1, kept=False)
    assert ours == theirs == ("a", 1, None, False)
    assert hash(ours) == hash(theirs)
    assert repr(ours) == repr(theirs).replace("Heavy", "Light")
    assert ours.says == theirs.says
    assert ours._asdict() == theirs._asdict()
    assert Light._make(theirs) == theirs
    assert (Light._fields, Light._field_defaults) == (Heavy._fields, Heavy._field_defaults)
    assert Light.__doc__ == "The same by the light half."
    match ours:
        case Light(id, on, kept=kept):
            assert (id, on, kept) == ("a", 1, False)


def test_a_light_tuple_is_frozen_and_holds_nothing_but_its_fields():
    for field in ("on", "other"):
        with pytest.raises(AttributeError):
            setattr(Light("a", 1), field, 2)


def test_a_class_on_top_of_a_light_tuple_has_its_fields_and_no_others():
    class Marked(Light):
        marks: ClassVar[dict[str, int]] = {}

        @property
        def says(self) -> str:
            return f"marked {super().says}"

    marked = Marked("a", 1)
    marked.marks["a"] = 1
    assert (marked, marked.says, Marked.marks) == (("a", 1, None, True), "marked a on 1", {"a": 1})


def test_a_light_tuple_survives_copying_and_pickling():
    one = Light("a", 1, "x")
    for other in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):  # noqa: S301 -- our own bytes
        assert other == one
        assert type(other) is Light


def test_dates_are_the_very_classes_of_datetime():
    assert light.date is datetime.date
    assert light.timedelta is datetime.timedelta


@given(st.binary(max_size=300))
def test_any_bytes_have_the_digest_that_hashlib_gives(data):
    assert light.sha256(data).digest() == hashlib.sha256(data).digest()
