"""Values to parts, and parts to entries."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost import catalogue
from milepost.catalogue import Entry, EventType, Unknown
from tests.support.strategies import damaged_values, json_values, typed_values

SKILL = "jmcdbcrk1qta9g4n"


def read(name: str, values: dict[str, Any]) -> Entry:
    entry = catalogue.decode(*catalogue.encode(name, values))
    assert isinstance(entry, Entry)
    return entry


@given(typed_values())
def test_any_valid_values_come_back_as_they_were(drawn: tuple[EventType, dict[str, Any]]):
    declared, values = drawn

    entry = read(declared.name, values)

    assert (entry.type, entry.version, entry.fault) == (declared.name, declared.version, None)
    assert {**(entry.facts or {}), **(entry.private or {})} == values
    assert catalogue.violations(entry.type, entry.version, entry.facts, entry.private or {}) == []
    assert catalogue.oversize(catalogue.encode(declared.name, values)) == []


@given(typed_values())
def test_encoding_again_what_was_decoded_gives_the_same_bytes(drawn: tuple[EventType, dict[str, Any]]):
    declared, values = drawn
    encoded = catalogue.encode(declared.name, values)

    entry = read(declared.name, values)

    assert catalogue.encode(entry.type, {**(entry.facts or {}), **(entry.private or {})}) == encoded


@given(damaged_values())
def test_a_field_that_holds_what_its_kind_does_not_take_is_named(drawn: tuple[EventType, str, dict[str, Any]]):
    declared, field, values = drawn
    entry = catalogue.draft(declared.name, values)

    found = catalogue.violations(entry.type, entry.version, entry.facts, entry.private or {})

    assert [violation.field for violation in found] == [field]
    assert found[0].private is declared.is_private(field)
    assert found[0].code.startswith(f"{field}_")
    assert found[0].message.startswith(f"{field} ")
    assert found[0].remedy == f"try: {declared.usage}"


@given(typed_values(), st.data())
def test_a_required_field_that_is_missing_is_named(drawn: tuple[EventType, dict[str, Any]], data: st.DataObject):
    declared, values = drawn
    field = data.draw(st.sampled_from([field.name for field in declared.fields() if field.required] or [""]))
    entry = catalogue.draft(declared.name, {name: value for name, value in values.items() if name != field})

    found = catalogue.violations(entry.type, entry.version, entry.facts, entry.private or {})

    assert [violation.code for violation in found if violation.field == field] == (
        [f"{field}_missing"] if field else []
    )


@given(typed_values(), st.dictionaries(st.text(), json_values))
def test_a_field_that_a_newer_build_added_is_no_violation(
    drawn: tuple[EventType, dict[str, Any]], more: dict[str, Any]
):
    declared, values = drawn
    entry = catalogue.draft(declared.name, values)
    stray = {name: value for name, value in more.items() if name not in {field.name for field in declared.fields()}}

    newer = catalogue.violations(
        entry.type, entry.version, {**(entry.facts or {}), **stray}, {**(entry.private or {}), **stray}
    )

    assert newer == []


@given(st.sampled_from([declared.name for declared in catalogue.types()]), json_values, json_values)
def test_no_json_makes_reading_or_checking_raise(name: str, facts: Any, private: Any):
    entry = catalogue.decode(name, 1, json.dumps(facts).encode(), json.dumps(private).encode())

    if isinstance(entry, Entry):
        catalogue.violations(entry.type, entry.version, entry.facts, entry.private)


@given(
    st.sampled_from([*(declared.name for declared in catalogue.types()), "entry.sealed", "moon.landed", "", "é", "."]),
    st.integers(-1, 70_000),
    st.none() | st.binary(max_size=200),
    st.none() | st.binary(max_size=200),
)
def test_no_bytes_make_reading_raise(name: str, version: int, facts: bytes | None, private: bytes | None):
    assert isinstance(catalogue.decode(name, version, facts, private), Entry | Unknown)


@given(json_values, json_values, json_values)
def test_no_sealed_json_makes_reading_raise(name: Any, version: Any, private: Any):
    text = json.dumps({"type": name, "version": version, "private": private}).encode()

    assert isinstance(catalogue.decode("entry.sealed", 1, None, text), Entry | Unknown)


def test_parts_are_compact_in_the_order_of_the_declaration_and_not_escaped():
    encoded = catalogue.encode("skill.rated", {"note": "größer – 大", "basis": "self", "rating": 4, "skill": SKILL})

    assert encoded.facts == b'{"skill":"jmcdbcrk1qta9g4n","rating":4,"basis":"self"}'
    assert encoded.private == '{"note":"größer – 大"}'.encode()


def test_an_optional_value_of_none_is_left_out():
    encoded = catalogue.encode("skill.rated", {"skill": SKILL, "rating": 4, "basis": "self", "note": None})

    assert encoded.private is None


def test_a_sealed_type_hides_its_name():
    encoded = catalogue.encode("pay.changed", {"percentage": "25"})

    assert encoded == ("entry.sealed", 1, None, b'{"type":"pay.changed","version":1,"private":{"percentage":"25"}}')


def test_a_sealed_type_is_read_under_its_true_name():
    entry = read("pay.changed", {"percentage": "25"})

    assert entry == Entry("pay.changed", 1, None, {"percentage": "25"}, 1)


def test_a_sealed_entry_whose_text_is_not_at_hand_says_no_more_than_that():
    assert catalogue.decode("entry.sealed", 1, None, None) == Entry("entry.sealed", 1, None, None)


def test_a_type_that_may_only_travel_sealed_is_not_taken_from_a_header():
    entry = catalogue.decode("pay.changed", 1, b"{}", b'{"percentage":"25"}')

    assert entry == Unknown("pay.changed", 1, "pay.changed stands in a header, where it may only travel sealed")


def test_a_type_with_facts_is_not_taken_from_sealed_text():
    text = json.dumps({"type": "skill.rated", "version": 1, "private": {"rating": 4}}).encode()

    assert isinstance(catalogue.decode("entry.sealed", 1, None, text), Unknown)


@pytest.mark.parametrize(("name", "version"), [("moon.landed", 1), ("skill.rated", 2), ("skill.rated", 0)])
def test_what_this_build_does_not_know_is_unknown(name: str, version: int):
    entry = catalogue.decode(name, version, b'{"skill":"jmcdbcrk1qta9g4n"}', None)

    assert isinstance(entry, Unknown)
    assert (entry.type, entry.version) == (name, version)


def test_an_erased_part_is_absent_and_the_rest_is_read():
    entry = catalogue.decode("skill.rated", 1, None, b'{"note":"n"}')

    assert entry == Entry("skill.rated", 1, None, {"note": "n"}, 1)


def test_private_text_that_cannot_be_read_leaves_the_entry_standing():
    entry = catalogue.decode("skill.rated", 1, b'{"skill":"jmcdbcrk1qta9g4n","rating":4,"basis":"self"}', b"{")

    assert isinstance(entry, Entry)
    assert entry.facts == {"skill": SKILL, "rating": 4, "basis": "self"}
    assert (entry.private, entry.fault) == (None, "not JSON")


def test_an_entry_holds_declared_fields_only():
    entry = catalogue.decode("entry.erased", 1, b'{"target":"01k7e78jw9bbta4d26r4h37s80","mood":4}', b'{"why":1}')

    assert entry == Entry("entry.erased", 1, {"target": "01k7e78jw9bbta4d26r4h37s80"}, {}, 1)


@pytest.mark.parametrize("name", ["moon.landed", "skill.rated"])
def test_a_name_nobody_declared_is_a_mistake_of_the_code(name: str):
    with pytest.raises(KeyError):
        catalogue.encode(name, {"mood": 4})


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"[]", "not a JSON object"),
        (b"{", "not JSON"),
        (b'{"rating":NaN}', "NaN is not JSON"),
        (b'{"rating":-Infinity}', "-Infinity is not JSON"),
        (b'{"rating":1,"rating":2}', "a key stands twice in one object"),
        (b'{"a":{"b":1,"b":1}}', "a key stands twice in one object"),
        (b'{"a":"\xff"}', "not UTF-8"),
        (b'\xef\xbb\xbf{"a":1}', "not JSON"),
        (b'{"a":' + b"9" * 5000 + b"}", "not JSON"),
        (b"[" * 200_000, "nested deeper than 16"),
        (b'{"a":' * 17 + b"1" + b"}" * 17, "nested deeper than 16"),
    ],
)
def test_a_part_is_read_strictly(raw: bytes, reason: str):
    assert catalogue.decode("skill.rated", 1, raw, None) == Unknown("skill.rated", 1, f"facts: {reason}")


def test_brackets_inside_text_are_no_nesting():
    entry = catalogue.decode("skill.rated", 1, b"{}", json.dumps({"note": '[{"\\' * 40}).encode())

    assert isinstance(entry, Entry)
    assert entry.fault is None


def test_an_integer_may_be_written_as_any_json_library_writes_it():
    entry = catalogue.decode("skill.rated", 1, b'{"skill":"jmcdbcrk1qta9g4n","rating":4.0,"basis":"self"}', None)

    assert isinstance(entry, Entry)
    assert entry.facts == {"skill": SKILL, "rating": 4, "basis": "self"}
    assert type(entry.facts["rating"]) is int


@pytest.mark.parametrize(
    ("encoded", "code", "message"),
    [
        (catalogue.Encoded("t" * 65, 1, None, None), "type_size", "type of 65 bytes is over 64"),
        (catalogue.Encoded("t", 1, b"f" * 8193, None), "facts_size", "facts of 8193 bytes is over 8192"),
        (catalogue.Encoded("t", 1, None, b"p" * 32753), "private_size", "private of 32753 bytes is over 32752"),
    ],
)
def test_a_part_over_the_limit_names_its_size(encoded: catalogue.Encoded, code: str, message: str):
    [found] = catalogue.oversize(encoded)

    assert (found.code, found.message) == (code, message)


def test_a_part_at_the_limit_is_taken():
    assert catalogue.oversize(catalogue.Encoded("t" * 64, 1, b"f" * 8192, b"p" * 32752)) == []
