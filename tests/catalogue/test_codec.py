"""The fold's reader against the plain way: one answer for any bytes."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from milepost import catalogue
from milepost.catalogue import Entry, EventType, Unknown
from milepost.catalogue.codec import SetAside, read_facts
from tests.support.strategies import damaged_values, event_types, json_values, typed_values

SKILL_RATED = catalogue.encode("skill.rated", {"skill": "jmcdbcrk1qta9g4n", "rating": 4, "basis": "self"}).facts or b""


def plain(name: str, version: int, raw: bytes) -> object:
    entry = catalogue.decode(name, version, raw, None)
    if not isinstance(entry, Entry) or entry.facts is None:
        return Unknown
    violations = catalogue.violations(entry.type, entry.version, entry.facts, None)
    return SetAside(tuple(violations)) if violations else entry.facts


def fast(name: str, version: int, raw: bytes) -> object:
    facts = read_facts(name, version, raw)
    return Unknown if isinstance(facts, Unknown) else facts


@given(typed_values())
def test_any_valid_facts_are_read(drawn: tuple[EventType, dict[str, Any]]):
    declared, values = drawn
    encoded = catalogue.encode(declared.name, values)
    if encoded.facts is not None:
        entry = catalogue.decode(*encoded)
        assert isinstance(entry, Entry)
        assert read_facts(encoded.type, encoded.version, encoded.facts) == entry.facts


@given(damaged_values())
def test_damaged_facts_are_set_aside_with_the_plain_ways_reasons(drawn: tuple[EventType, str, dict[str, Any]]):
    declared, _, values = drawn
    facts = catalogue.draft(declared.name, values).facts
    raw = json.dumps(facts).encode()

    assert fast(declared.name, 1, raw) == plain(declared.name, 1, raw)


@given(event_types(), json_values, st.integers(0, 2))
def test_any_json_gets_the_plain_ways_answer(declared: EventType, facts: Any, version: int):
    raw = json.dumps(facts).encode()

    assert fast(declared.name, version, raw) == plain(declared.name, version, raw)


@settings(max_examples=300)
@given(typed_values(), st.data())
def test_any_changed_byte_gets_the_plain_ways_answer(drawn: tuple[EventType, dict[str, Any]], data: st.DataObject):
    declared, values = drawn
    raw = bytearray(catalogue.encode(declared.name, values).facts or b"{}")
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place : place + data.draw(st.integers(0, 2))] = data.draw(
        st.binary(max_size=2) | st.sampled_from([b".0", b"e0", b"null", b",", b":", b'"', b"\\u0031", b"\n", b'"x":1,'])
    )

    assert fast(declared.name, 1, bytes(raw)) == plain(declared.name, 1, bytes(raw))


@pytest.mark.parametrize(
    "raw",
    [
        SKILL_RATED.replace(b"4", b"4.0"),
        SKILL_RATED.replace(b"4", b"true"),
        SKILL_RATED.replace(b"4", b'"4"'),
        SKILL_RATED.replace(b"4n", b"4n\\n"),
        SKILL_RATED.replace(b"}", b',"rating":4}'),
        SKILL_RATED.replace(b"}", b',"rating" :4}'),
        SKILL_RATED.replace(b"}", b',"mood":"\xff"}'),
        SKILL_RATED.replace(b"}", b',"mood":"\\ud800"}'),
        SKILL_RATED.replace(b"}", b',"mood":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}'),
        SKILL_RATED.replace(b"}", b',"over":["01k7e78jw9bbta4d26r4h37s80","01k7e78jw9bbta4d26r4h37s80"]}'),
        SKILL_RATED + b" ",
        SKILL_RATED + b"{}",
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"",
    ],
)
def test_what_json_libraries_differ_on_gets_the_plain_ways_answer(raw: bytes):
    assert fast("skill.rated", 1, raw) == plain("skill.rated", 1, raw)


@given(st.dates())
@example(date(2024, 2, 29))
def test_every_date_of_the_calendar_is_read(day: date):
    raw = json.dumps({"goal": "gp1xf3a7qyfr6f0d", "result": "done", "period": day.isoformat()}).encode()

    assert read_facts("goal.closed", 1, raw) == json.loads(raw)


def test_sealed_and_unknown_types_have_no_facts_to_read():
    assert isinstance(read_facts("entry.sealed", 1, b"{}"), Unknown)
    assert isinstance(read_facts("pay.changed", 1, b"{}"), Unknown)
    assert isinstance(read_facts("moon.landed", 1, b"{}"), Unknown)
