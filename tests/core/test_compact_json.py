"""Compact JSON says what `json` says, both ways."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from milepost.compact_json import dumps, loads

_TEXTS = st.text(max_size=8)
_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXTS
_VALUES = st.recursive(_LEAVES, lambda of: st.lists(of, max_size=4) | st.dictionaries(_TEXTS, of, max_size=4))


def read_by(loads_, text):
    """What a reader makes of a text: its repr, since a NaN equals nothing; or that it refuses it."""
    try:
        return repr(loads_(text))
    except ValueError:
        return "refused"


@given(_VALUES)
def test_any_value_is_written_as_json_writes_it_compactly_and_read_back(value):
    written = dumps(value)
    assert written == json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    assert loads(written) == value


@given(st.text('{}[]",:0123456789.eE+-truefalsn \n\t\\uN', max_size=12))
@example("")
@example(" 1 ")
@example("1 2")
@example("NaN")
@example("-Infinity")
@example('{"a":1,"a":2}')
def test_any_text_is_read_or_refused_as_json_does(text):
    assert read_by(loads, text) == read_by(json.loads, text)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_has_no_word_for_is_refused(value):
    with pytest.raises(ValueError, match="JSON"):
        dumps(value)


def test_what_is_no_json_at_all_is_named():
    with pytest.raises(TypeError, match="set is not JSON"):
        dumps({"a": {1}})
