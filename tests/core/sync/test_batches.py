"""A batch as columns: whatever is packed comes back, and whatever is let in can be handed on."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.chain import BATCH_EVENTS_MAX, Batch, Receipt, cut
from milepost.errors import LimitExceeded, RemoteProtocolError
from milepost.event import FACTS_BYTES_MAX, INTEGER_MAX, PRIVATE_BYTES_MAX, ZERO, Part, hash_header
from milepost.keys import verify
from milepost.sealing import UserKey, seal
from milepost.sync import batches, frames
from milepost.sync import messages as m
from tests.support.authors import Author, drawn, identity, receipt_for
from tests.support.drawn_events import wire_runs

KEY = UserKey.of(drawn(32, "user key"))


@given(wire_runs())
def test_any_run_comes_back_from_its_columns_with_its_hashes(run):
    batch = Batch(tuple(run), bytes(64))
    assert batches.unpack(batches.pack(batch)) == batch


@given(wire_runs(size_max=4), st.data())
def test_any_columns_that_are_let_in_can_be_handed_on(run, data):
    # given a batch in which a hostile device changed any column
    wire = batches.pack(Batch(tuple(run), bytes(64)))
    name = data.draw(st.sampled_from([field for field in wire.__struct_fields__ if field != "types"]))
    value = getattr(wire, name)
    if isinstance(value, int):
        other: bytes | int = data.draw(st.integers(0, 1000))
    else:
        raw = bytearray(value)
        for _ in range(data.draw(st.integers(0, 2))):
            if raw:
                raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
        other = bytes(raw[: data.draw(st.integers(0, len(raw)))]) if data.draw(st.booleans()) else bytes(raw)
    # when it gets in at all
    try:
        batch = batches.unpack(msgspec.structs.replace(wire, **{name: other}))
    except (RemoteProtocolError, LimitExceeded):
        return
    # then who gets it from us reads the same
    assert batches.unpack(batches.pack(batch)) == batch


@given(st.data())
def test_a_wire_batch_that_was_changed_never_passes_under_the_head_of_its_device(data):
    author = Author(identity())
    run = author.log(4)
    wire = batches.pack(author.batch(run))
    body = bytearray(msgspec.msgpack.encode(wire))
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] ^= 1 << data.draw(st.integers(0, 7))
    try:
        batch = batches.unpack(msgspec.msgpack.decode(bytes(body), type=m.WireBatch))
    except (msgspec.DecodeError, UnicodeDecodeError, RemoteProtocolError, LimitExceeded):
        return
    is_same = batch.events == tuple(run)
    assert is_same or not verify(author.keys.signing.public, batch.signature, batch.head)


def one_sealed(sealed: bytes) -> Batch:
    author = Author(identity())
    event = author.write(private=b'{"text":"a word"}')
    return author.batch([event._replace(private=None, sealed=sealed)])


def test_a_sealed_text_of_no_bytes_does_not_spoil_the_batch_for_who_gets_it_next():
    batch = one_sealed(b"")
    assert batches.unpack(batches.pack(batch)) == batch


@pytest.mark.parametrize("column", ["private_commitments", "facts_commitments"])
def test_a_commitment_of_zeros_does_not_pass_for_one(column):
    # given an event whose parts are both absent
    author = Author(identity())
    event = author.write(private=b"{}")._replace(facts=None, private=None)
    wire = batches.pack(author.batch([event]))
    with pytest.raises(RemoteProtocolError, match="does not commit"):
        batches.unpack(msgspec.structs.replace(wire, **{column: ZERO}))


def test_clear_text_has_no_column():
    author = Author(identity())
    secret = b'{"text":"nobody else reads this"}'
    batch = author.batch([author.write(private=secret)])
    wire = batches.pack(batch)
    assert secret not in msgspec.msgpack.encode(wire)
    assert batches.unpack(wire).last == batch.last._replace(private=None)


def test_hashes_and_the_inner_prevs_are_computed_by_who_receives():
    author = Author(identity())
    run = author.log(3)
    body = msgspec.msgpack.encode(batches.pack(author.batch(run)))
    assert all(event.hash not in body and event.facts_commitment not in body for event in run)
    # the head covers them all the same
    assert all(hash_header(event.header) == event.hash for event in run)


FLOODS = {
    "the largest facts": lambda author: author.write("x" * 64, facts=drawn(FACTS_BYTES_MAX, author.written)),
    "the largest texts": lambda author: author.write(facts=None, private=drawn(PRIVATE_BYTES_MAX, author.written)),
    "the smallest events": lambda author: author.write("x" * 60 + str(author.written), facts=b"{}", private=b"{}"),
    "events whose facts were erased": lambda author: author.write("x" * 60 + str(author.written), private=b"{}"),
}


@pytest.mark.parametrize("flood", FLOODS, ids=str)
def test_whatever_a_cut_puts_into_a_batch_fits_a_frame_with_a_receipt_beside_it(flood):
    author = Author(identity())
    run = [FLOODS[flood](author) for _ in range(BATCH_EVENTS_MAX if "texts" not in flood else 30)]
    for piece in cut(run):
        sealed = [
            event._replace(
                private=None,
                sealed=seal(KEY, event.hash, event.private) if event.private else None,
                facts=None if "erased" in flood else event.facts,
            )
            for event in piece
        ]
        batch = author.batch(sealed)
        wire, receipt = batches.pack(batch), m.WireReceipt.of(big_receipt(batch))
        assert frames.decode(frames.encode(m.Push(wire, receipt))) == m.Push(wire, receipt)
        assert frames.decode(frames.encode(m.Deliver(receipt, wire))) == m.Deliver(receipt, wire)


def big_receipt(batch: Batch) -> Receipt:
    return receipt_for(batch, Author(identity()).keys.signing, b"\xff" * 16, INTEGER_MAX, INTEGER_MAX)


def wire_of(count: int = 3) -> m.WireBatch:
    author = Author(identity())
    return batches.pack(author.batch(author.log(count)))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"first_seq": 0}, "out of range"),
        ({"first_seq": INTEGER_MAX}, "out of range"),
        ({"type_index": b"\x09\0\0\0\0\0"}, "type 9 is not in the batch's table"),
        ({"types": ["café", "x"]}, "not ASCII"),
        ({"versions": b""}, "a column of 0 bytes, not 6"),
        ({"nonces": bytes(29)}, "a run of 29 bytes, not 30"),
        ({"clocks": b"\xff" * 24}, "clock value over 2\\^63"),
        ({"dates": b"\xff" * 9 + b"\x7f" * 3}, "does not fit the header"),
        ({"facts_state": b"\3\1\1"}, "state column"),
        ({"facts_state": b"\1\1"}, "state column"),
        ({"facts": b""}, "do not fit their sizes"),
    ],
)
def test_columns_that_do_not_fit_each_other_are_refused(changes, says):
    with pytest.raises(RemoteProtocolError, match=says):
        batches.unpack(msgspec.structs.replace(wire_of(), **changes))


def test_parts_over_the_limits_of_the_format_are_refused():
    author = Author(identity())
    event = author.write()
    over = Part(bytes(16), bytes(FACTS_BYTES_MAX + 1))
    with pytest.raises(LimitExceeded, match="a part of 8193 bytes"):
        batches.unpack(batches.pack(author.batch([event._replace(facts=over)])))
    with pytest.raises(LimitExceeded, match="a part of 49153 bytes"):
        batches.unpack(batches.pack(one_sealed(bytes(49153))))


def test_a_clock_that_steps_back_inside_a_batch_comes_back():
    author = Author(identity())
    run = author.log(3)
    back = run[2]._replace(hlc=5)
    batch = author.batch([*run[:2], back._replace(hash=hash_header(back.header))])
    assert batches.unpack(batches.pack(batch)) == batch
