"""What a replica checks before a batch enters; the model is a set of events, and what continues one may enter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.admission import Admission, Gap, admit
from milepost.chain import BATCH_BYTES_MAX, Batch
from milepost.errors import BadSignature, ChainBroken, LimitExceeded
from milepost.event import ZERO, Event, Part, hash_header
from milepost.ids import base64url
from milepost.trust import ENROLLED, facts_of
from tests.support.authors import Author, identity, json_of
from tests.support.model_store import ModelLog

MEMBER = identity()


def author() -> Author:
    return Author(MEMBER, "laptop")


def log_of(*batches: Batch) -> ModelLog:
    log = ModelLog(MEMBER.user)
    for batch in batches:
        log.add(batch)
    return log


def test_a_first_batch_brings_its_own_enrolment():
    laptop = author()
    batch = laptop.batch(laptop.log(3))
    assert admit(MEMBER.user, batch, log_of()) == Admission(0, False, laptop.enrolment)


def test_a_second_batch_continues_the_first():
    laptop = author()
    run = laptop.log(5)
    log = log_of(laptop.batch(run[:3]))
    assert admit(MEMBER.user, laptop.batch(run[3:]), log) == Admission(0, False, None)


@given(st.integers(1, 12), st.integers(0, 12), st.integers(0, 12), st.integers(1, 12))
def test_any_overlap_is_cut_where_the_naive_model_says(total, stored, start, size):
    # given a log of which a replica has the first events
    laptop = author()
    run = laptop.log(total)
    stored, start = min(stored, total), min(start, total - 1)
    log = log_of(laptop.batch(run[:stored])) if stored else log_of()
    pushed = run[start : start + size]
    # when any stretch of it is pushed
    batch = laptop.batch(pushed)
    known = [event for event in pushed if event.hash in log.events]
    if start and not stored:
        with pytest.raises(BadSignature, match="not enrolled"):
            admit(MEMBER.user, batch, log)
    elif start > stored:
        with pytest.raises(Gap):
            admit(MEMBER.user, batch, log)
    else:
        # then what is known is the leading part, and the rest goes on from it
        assert pushed[: len(known)] == known
        assert admit(MEMBER.user, batch, log)[:2] == (len(known), False)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_pushing_anything_again_changes_nothing(cuts):
    laptop = author()
    run = laptop.log(10)
    log = log_of()
    for end in cuts:
        batch = laptop.batch(run[:end])
        before = set(log.events)
        known = admit(MEMBER.user, batch, log).known
        log.add(batch)
        assert admit(MEMBER.user, batch, log) == Admission(len(batch.events), False, None)
        assert len(log.events) == len(before) + len(batch.events) - known


def test_a_batch_whose_predecessor_is_missing_is_a_gap():
    laptop = author()
    run = laptop.log(5)
    with pytest.raises(Gap, match="what seq 4 of epoch 1 continues is not stored here"):
        admit(MEMBER.user, laptop.batch(run[3:]), log_of(laptop.batch(run[:2])))


def test_two_events_at_one_place_are_a_fork_and_both_enter():
    laptop = author()
    run = laptop.log(3)
    log = log_of(laptop.batch(run))
    laptop.fork_after(run[1])
    other = laptop.batch([laptop.write(), laptop.write()])
    assert admit(MEMBER.user, other, log) == Admission(0, True, None)
    log.add(other)
    assert {leaf.hash for leaf in log.leaves()} == {run[2].hash, other.last.hash}


def test_a_new_epoch_goes_on_from_any_stored_event_of_the_device():
    laptop = author()
    run = laptop.log(3)
    laptop.new_epoch(2, after=run[1])
    assert admit(MEMBER.user, laptop.batch([laptop.write()]), log_of(laptop.batch(run))) == Admission(0, False, None)


def test_a_new_epoch_never_continues_another_devices_event():
    laptop, phone = author(), Author(MEMBER, "phone")
    run, other = laptop.log(2), phone.log(2)
    laptop.new_epoch(2, after=other[1])
    with pytest.raises(Gap):
        admit(MEMBER.user, laptop.batch([laptop.write()]), log_of(laptop.batch(run), phone.batch(other)))


def test_only_an_enrolment_continues_nothing():
    laptop = author()
    log = log_of(laptop.batch(laptop.log(2)))
    laptop.epoch, laptop.seq, laptop.prev = 2, 0, ZERO
    with pytest.raises(ChainBroken, match="continues nothing"):
        admit(MEMBER.user, laptop.batch([laptop.write()]), log)


@given(st.integers(0, 511))
def test_a_flipped_bit_of_the_signature_is_always_found(bit):
    laptop = author()
    batch = laptop.batch(laptop.log(2))
    signature = bytearray(batch.signature)
    signature[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadSignature, match="not signed by device"):
        admit(MEMBER.user, batch._replace(signature=bytes(signature)), log_of())


def test_another_devices_signature_is_refused():
    laptop, phone = author(), Author(MEMBER, "phone")
    run = laptop.log(2)
    with pytest.raises(BadSignature):
        admit(MEMBER.user, phone.batch(run), log_of(phone.batch(phone.log(1))))


def test_a_batch_of_another_account_is_refused():
    stranger = Author(identity("stranger"))
    with pytest.raises(BadSignature, match="another account"):
        admit(MEMBER.user, stranger.batch(stranger.log(1)), log_of())


@given(st.data())
def test_a_batch_that_is_no_run_is_refused_whatever_its_signature(data):
    laptop = author()
    run = laptop.log(4)
    number = data.draw(st.integers(1, 2))
    with pytest.raises(ChainBroken):
        admit(MEMBER.user, laptop.batch(run[:number] + run[number + 1 :]), log_of())


def test_a_device_enrolled_by_a_device_that_is_stored_here_enters():
    laptop = author()
    phone = Author(MEMBER, "phone", by=laptop)
    first = phone.batch(phone.log(1))
    with pytest.raises(BadSignature, match="does not reach the identity"):
        admit(MEMBER.user, first, log_of())
    assert admit(MEMBER.user, first, log_of(laptop.batch(laptop.log(1)))).enrolment == phone.enrolment


def test_a_device_that_pulls_takes_a_log_whose_sponsor_comes_later_and_nothing_else():
    laptop = author()
    phone = Author(MEMBER, "phone", by=laptop)
    first = phone.batch(phone.log(1))
    assert admit(MEMBER.user, first, log_of(), sponsor_may_follow=True).enrolment == phone.enrolment
    # the head must be good all the same, and so must what can be checked
    for forged_batch in (
        first._replace(signature=bytes(64)),
        begin_with(forged(signature=bytes(64))),
        begin_with(Author(MEMBER, "tablet", by=phone).enrolment_text),
        begin_with(Author(identity("stranger"), "laptop", by=phone).enrolment_text),
    ):
        with pytest.raises(BadSignature):
            admit(MEMBER.user, forged_batch, log_of(), sponsor_may_follow=True)
    wrong = phone.enrolment._replace(signature=bytes(64))
    late = phone.batch([Author(MEMBER, "phone").write(ENROLLED, facts=json_of(facts_of(wrong)))])
    with pytest.raises(BadSignature, match="does not reach"):
        admit(MEMBER.user, late, log_of(laptop.batch(laptop.log(1))), sponsor_may_follow=True)


def test_a_revoked_devices_log_still_enters_for_its_heads_are_valid():
    # What of it counts is decided by trust, when read; nothing here asks.
    laptop = author()
    assert admit(MEMBER.user, laptop.batch(laptop.log(2)), log_of()).known == 0


def begin_with(facts: bytes, type_: str = ENROLLED) -> Batch:
    laptop = author()
    return laptop.batch([laptop.write(type_, facts=facts)])


def forged(**fields: bytes) -> bytes:
    return json_of(facts_of(author().enrolment) | {name: base64url(value) for name, value in fields.items()})


@pytest.mark.parametrize(
    "batch",
    [
        begin_with(author().enrolment_text, "goal.set"),
        begin_with(b"not JSON"),
        begin_with(b"[" * 8000),
        begin_with(b"[]"),
        begin_with(b"{}"),
        begin_with(Author(MEMBER, "phone").enrolment_text),
        begin_with(Author(identity("stranger"), "laptop").enrolment_text),
        begin_with(forged(agreement=bytes(32))),
        begin_with(forged(signature=bytes(64))),
        begin_with(forged(by=bytes(16))),
    ],
)
def test_a_device_that_is_not_enrolled_soundly_never_enters(batch):
    with pytest.raises(BadSignature):
        admit(MEMBER.user, batch, log_of())


def test_a_first_event_whose_enrolment_was_taken_out_never_enters():
    laptop = author()
    first = laptop.begin()._replace(facts=None)
    with pytest.raises(BadSignature, match="not enrolled"):
        admit(MEMBER.user, laptop.batch([first]), log_of())


def test_over_a_thousand_events_are_refused():
    laptop = author()
    with pytest.raises(LimitExceeded, match="1001 events"):
        admit(MEMBER.user, laptop.batch(laptop.log(1001)), log_of())


def test_more_bytes_than_a_batch_may_hold_are_refused():
    # A batch that just fitted the frame of its push would not fit the frame of its delivery, for ever.
    laptop = author()
    run = [laptop.begin(), *(laptop.write(facts=b"{" + b"x" * 8000 + b"}") for _ in range(BATCH_BYTES_MAX // 8000))]
    with pytest.raises(LimitExceeded, match="a batch of"):
        admit(MEMBER.user, laptop.batch(run), log_of())


def with_another_prev(event: Event) -> Event:
    changed = event._replace(prev=bytes([event.prev[0] ^ 1]) + event.prev[1:])
    return changed._replace(hash=hash_header(changed.header))


def test_an_event_that_names_another_predecessor_is_a_gap_even_under_a_valid_head():
    laptop = author()
    run = laptop.log(3)
    with pytest.raises(Gap):
        admit(MEMBER.user, laptop.batch([with_another_prev(run[2])]), log_of(laptop.batch(run[:2])))


def test_erased_parts_change_nothing_about_admission():
    laptop = author()
    run = [event._replace(facts=None) for event in laptop.log(3)[1:]]
    first = Author(MEMBER, "laptop").begin()
    assert isinstance(first.facts, Part)
    assert admit(MEMBER.user, laptop.batch(run), log_of(laptop.batch([first]))) == Admission(0, False, None)
