import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.errors import ChainBroken, LimitExceeded
from milepost.event import (
    FACTS_BYTES_MAX,
    FACTS_LABEL,
    FIXED,
    PRIVATE_BYTES_MAX,
    PRIVATE_LABEL,
    ZERO,
    Part,
    check_limits,
    commit,
    event_id,
    hash_header,
    pack_header,
    unpack_header,
)
from tests.support.authors import Author, identity
from tests.support.drawn_events import parts, single_events


@given(single_events())
def test_any_header_comes_back_from_its_bytes(event):
    assert unpack_header(event.header) == event._replace(facts=None, private=None)


@given(single_events())
def test_a_header_can_always_be_rebuilt_from_its_columns(event):
    columns = event._replace(hash=ZERO)
    assert hash_header(pack_header(columns)) == event.hash


@given(single_events(), st.data())
def test_any_flipped_bit_of_a_header_changes_the_hash(event, data):
    header = bytearray(event.header)
    bit = data.draw(st.integers(0, len(header) * 8 - 1))
    header[bit // 8] ^= 1 << bit % 8
    assert hash_header(bytes(header)) != event.hash


@given(parts, st.data())
def test_any_flipped_bit_of_a_part_or_its_salt_breaks_the_commitment(part, data):
    raw = bytearray(part.salt + part.text)
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    changed = Part(bytes(raw[:16]), bytes(raw[16:]))
    assert commit(FACTS_LABEL, changed) != commit(FACTS_LABEL, part)
    assert commit(PRIVATE_LABEL, changed) != commit(PRIVATE_LABEL, part)


@given(parts)
def test_facts_never_pass_for_private_text(part):
    assert commit(FACTS_LABEL, part) != commit(PRIVATE_LABEL, part)


@given(single_events())
def test_an_event_commits_to_the_parts_it_has_and_to_no_others(event):
    assert event.facts_commitment == (commit(FACTS_LABEL, event.facts) if event.facts else ZERO)
    assert event.private_commitment == (commit(PRIVATE_LABEL, event.private) if event.private else ZERO)


@given(single_events())
def test_an_id_is_the_milliseconds_of_the_clock_and_then_the_nonce(event):
    assert event.id == event_id(event.hlc, event.nonce)
    assert len(event.id) == 16
    assert int.from_bytes(event.id[:6], "big") == event.hlc >> 16
    assert event.id[6:] == event.nonce


def test_an_erased_part_leaves_the_hash_as_it_was():
    event = Author(identity()).write(private=b'{"text":"a word"}')
    erased = event._replace(facts=None, private=None)
    assert hash_header(erased.header) == event.hash


@pytest.mark.parametrize("header", [b"", b"\1", b"\1" * FIXED.size, b"\2" * (FIXED.size + 4)])
def test_bytes_that_are_no_header_of_format_1_are_refused(header):
    with pytest.raises(ChainBroken, match="not format 1"):
        unpack_header(header)


@pytest.mark.parametrize("field_at", [37, 45], ids=["seq", "hlc"])
def test_a_header_with_an_integer_that_no_database_holds_is_refused(field_at):
    header = bytearray(Author(identity()).begin().header)
    header[field_at] |= 0x80
    with pytest.raises(ChainBroken, match="over 2\\^63"):
        unpack_header(bytes(header))


@pytest.mark.parametrize("name", [b"a" * 65, "café".encode()])
def test_a_type_name_over_64_bytes_or_not_ascii_is_refused(name):
    header = Author(identity()).begin().header[: FIXED.size] + name
    with pytest.raises(LimitExceeded, match="type name"):
        unpack_header(header)


def test_the_largest_parts_are_accepted():
    check_limits("a" * 64, Part(bytes(16), b"x" * FACTS_BYTES_MAX), Part(bytes(16), b"x" * PRIVATE_BYTES_MAX))


@pytest.mark.parametrize(
    ("type_", "facts", "private", "field"),
    [
        ("", 0, 0, "type"),
        ("a" * 65, 0, 0, "type"),
        ("é", 0, 0, "type"),
        ("a", FACTS_BYTES_MAX + 1, 0, "facts"),
        ("a", 0, PRIVATE_BYTES_MAX + 1, "private"),
    ],
)
def test_what_does_not_fit_is_refused_before_it_is_written_and_names_its_field(type_, facts, private, field):
    with pytest.raises(LimitExceeded) as refusal:
        check_limits(type_, Part(bytes(16), b"x" * facts), Part(bytes(16), b"x" * private))
    assert refusal.value.field == field
