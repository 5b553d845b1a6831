import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.chain import (
    BATCH_BYTES_MAX,
    BATCH_EVENTS_MAX,
    Batch,
    Leaf,
    Place,
    check_run,
    cut,
    set_digest,
    weight,
)
from milepost.errors import ChainBroken
from milepost.event import FACTS_BYTES_MAX, PRIVATE_BYTES_MAX, hash_header
from milepost.keys import SigningKey, verify
from milepost.sealing import UserKey, seal
from tests.support.authors import Author, drawn, identity, receipt_for
from tests.support.drawn_events import bytes16, bytes32, receipts, u32, u63

SIZES = [0, 20, 200, FACTS_BYTES_MAX - 2]


def test_a_log_of_a_device_is_a_run():
    check_run(Author(identity()).log(20))


def test_no_events_are_no_run():
    with pytest.raises(ChainBroken):
        check_run([])


@given(st.integers(2, 8), st.data())
def test_any_flipped_bit_of_any_header_but_the_last_breaks_the_run(count, data):
    # given a run, one of whose headers is flipped and hashed again, as a forger would
    run = Author(identity()).log(count)
    number = data.draw(st.integers(0, count - 2))
    raw = bytearray(run[number].header)
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    # when it stands where the true one stood, then its successor does not name it
    forged = run[number]._replace(hash=hash_header(bytes(raw)))
    with pytest.raises(ChainBroken):
        check_run([*run[:number], forged, *run[number + 1 :]])


@given(st.integers(3, 8), st.data())
def test_leaving_out_doubling_or_swapping_any_event_inside_breaks_the_run(count, data):
    run = Author(identity()).log(count)
    number = data.draw(st.integers(1, count - 2))
    for broken in (
        run[:number] + run[number + 1 :],
        [*run[:number], run[number], *run[number:]],
        [*run[:number], run[number + 1], run[number], *run[number + 2 :]],
    ):
        with pytest.raises(ChainBroken):
            check_run(broken)


def test_a_run_belongs_to_one_member_device_and_epoch():
    first, second = Author(identity()).log(2)
    for stranger in (second._replace(user=bytes(16)), second._replace(device=bytes(16)), second._replace(epoch=9)):
        with pytest.raises(ChainBroken, match="does not continue"):
            check_run([first, stranger])


def test_a_head_proves_the_last_event_and_through_prev_all_before_it():
    author = Author(identity())
    batch = author.batch(author.log(5))
    assert verify(author.keys.signing.public, batch.signature, batch.head)
    shorter = Batch(batch.events[:-1], batch.signature)
    assert not verify(author.keys.signing.public, shorter.signature, shorter.head)


def test_a_batch_says_where_it_begins_and_ends():
    author = Author(identity(), epoch=7)
    run = author.log(5)
    batch = author.batch(run[2:])
    assert batch.place == Place(author.device, 7, 3)
    assert batch.leaf == Leaf(author.device, 7, 5, run[-1].hash)


@given(st.lists(st.sampled_from(SIZES), max_size=120))
def test_a_cut_keeps_every_event_in_order_and_every_piece_within_the_limits(sizes):
    author = Author(identity())
    run = [author.write(facts=b"{" + b"x" * size + b"}") for size in sizes]
    pieces = list(cut(run))
    assert [event for piece in pieces for event in piece] == run
    assert all(0 < len(piece) <= BATCH_EVENTS_MAX for piece in pieces)
    assert all(sum(map(weight, piece)) <= BATCH_BYTES_MAX for piece in pieces)


def test_a_cut_never_wastes_room():
    author = Author(identity())
    run = [author.write() for _ in range(2 * BATCH_EVENTS_MAX + 1)]
    assert [len(piece) for piece in cut(run)] == [BATCH_EVENTS_MAX, BATCH_EVENTS_MAX, 1]


@given(st.integers(0, PRIVATE_BYTES_MAX - 2))
def test_private_text_never_weighs_more_sealed_than_before(size):
    # Or a batch that was cut for sending would not be admitted where it arrives.
    event = Author(identity()).write(private=b"{" + b"x" * size + b"}")
    assert event.private is not None
    sealed = seal(UserKey.of(bytes(32)), event.hash, event.private)
    assert weight(event._replace(private=None, sealed=sealed)) <= weight(event)


leaves = st.builds(Leaf, bytes16, u32, u63, bytes32)


@given(st.lists(leaves, max_size=8), st.lists(bytes16, max_size=4), st.randoms(use_true_random=False))
def test_the_set_digest_is_the_same_in_any_order(tips, erased, random):
    before = set_digest(tips, erased)
    random.shuffle(tips)
    random.shuffle(erased)
    assert set_digest(tips, erased) == before


@given(st.sets(leaves, max_size=4), st.sets(leaves, max_size=4), st.sets(bytes16, max_size=2))
def test_different_sets_never_share_a_digest(one, other, erased):
    assert (set_digest(one) == set_digest(other)) == (one == other)
    assert (set_digest(one) == set_digest(one, erased)) == (not erased)


@given(receipts, st.data())
def test_a_receipt_is_the_servers_word_about_each_of_its_fields(receipt, data):
    key = SigningKey(drawn(32, "server"))
    signed = receipt._replace(signature=key.sign(receipt.signed))
    field = data.draw(st.sampled_from([name for name in receipt._fields if name != "signature"]))
    value = getattr(receipt, field)
    other = (value ^ 1) if isinstance(value, int) else bytes([value[0] ^ 1]) + value[1:]
    assert verify(key.public, signed.signature, signed.signed)
    assert not verify(key.public, signed.signature, signed._replace(**{field: other}).signed)


def test_positions_run_without_holes_through_a_receipt():
    author = Author(identity())
    receipt = receipt_for(author.batch(author.log(5)), SigningKey(bytes(32)), bytes(16), 11, 1)
    assert (receipt.first_position, receipt.last_position) == (11, 15)
