"""A bundle carries a log from one device to another as a server would: checked, sealed, and as often as one likes."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.errors import BadSignature, ChainBroken, DataError, PairingNeeded
from milepost.ids import base32
from milepost_client.care.verify import verify_log
from milepost_client.exports import bundle
from milepost_client.exports.bundle import Taken, missing, take_in
from milepost_client.store.drafts import Draft
from milepost_client.store.log import Log
from milepost_client.store.settings import KEY_SETTING
from tests.client.devices import OPEN, TODAY, draft, in_memory, sibling
from tests.client.meeting_place import MeetingPlace, connect


def packed(log: Log) -> bytes:
    """The bundle of a log."""
    return b"".join(bundle.written(log).pieces)


def carry(source: Log, target: Log) -> Taken:
    """Carry a bundle from one device to another."""
    return take_in(target, bundle.read(BytesIO(packed(source))))


def held(log: Log) -> set[tuple[bytes, object, object]]:
    return {(stored.event.hash, stored.event.facts, stored.event.private) for stored in log.since()}


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from(("write", "carry", "sync", "epoch"))), max_size=12))
def test_devices_that_carry_bundles_hold_the_same_whatever_they_did_before(steps: list[tuple[int, str]]) -> None:
    # Given two devices of a member that write, sync with a server, and carry bundles to each other, in any order
    laptop = in_memory(1)
    laptop.append([draft("begins", private="Mara")])
    devices = [laptop, sibling(laptop, 2)]
    place = MeetingPlace(laptop.user)
    for log in devices:
        log.set_settings([(KEY_SETTING, place.key.public)])
    carry(*devices)
    for number, (who, what) in enumerate(steps):
        match what:
            case "write":
                devices[who].append([draft(str(number), private=str(number))])
            case "carry":
                carry(devices[who], devices[1 - who])
            case "sync":
                connect(place, devices[who])
            case "epoch":
                devices[who].want_epoch("a test says so")
    # When each carries a last one to the other
    carry(devices[0], devices[1])
    carry(devices[1], devices[0])
    # Then both hold everything, can read it, and nothing is wrong with it
    assert held(devices[0]) == held(devices[1])
    assert [verify_log(log, deep=True).codes for log in devices] == [[], []]
    # And a server that meets them later takes it all, once
    for log in devices:
        assert connect(place, log).session.failed is None
    assert {event.hash for event in place.events} == {hash_ for hash_, _, _ in held(laptop)}
    while OPEN:
        OPEN.pop().close()


def test_a_bundle_that_was_taken_in_changes_nothing_the_second_time() -> None:
    laptop = in_memory(1)
    laptop.append([draft("one")])
    phone = sibling(laptop, 2)
    before = missing(phone, bundle.read(BytesIO(packed(laptop))))
    assert carry(laptop, phone) == before == Taken(4, 4)
    assert carry(laptop, phone) == Taken(4, 0)


def test_a_device_that_has_no_key_yet_is_told_where_it_comes_from() -> None:
    laptop = in_memory(1)
    laptop.append([draft("one")])
    with pytest.raises(PairingNeeded, match="no key of the account yet"):
        bundle.written(sibling(laptop, 2))


def test_no_text_can_be_read_in_a_bundle() -> None:
    # Given an entry with private text
    log = in_memory(1)
    log.append([draft("walk", private="canary in the text")])
    # Then it is not in the file
    assert b"canary" not in packed(log)


def test_an_event_erased_elsewhere_arrives_without_its_parts() -> None:
    laptop = in_memory(1)
    [entry] = laptop.append([draft("one", private="canary")])
    phone = sibling(laptop, 2)
    laptop.append([Draft("entry.erased", 1, TODAY, 60, b'{"target":"%s"}' % base32(entry.id).encode(), None)])
    carry(laptop, phone)
    stored = phone.get(entry.id)
    assert stored is not None
    assert (stored.event.facts, stored.event.private, stored.event.sealed) == (None, None, None)


def test_receipts_travel_so_that_both_devices_say_the_same_is_sent() -> None:
    # Given a laptop that synced, and a phone that did before
    laptop = in_memory(1)
    laptop.append([draft("one")])
    phone = sibling(laptop, 2)
    place = MeetingPlace(laptop.user)
    for log in (laptop, phone):
        log.set_settings([(KEY_SETTING, place.key.public)])
        connect(place, log)
    carry(phone, laptop)
    phone.append([draft("two")])
    connect(place, phone)
    # When the phone's bundle is carried to the laptop
    carry(phone, laptop)
    # Then the laptop knows that the server has it, and when it got it
    assert [stored.at for stored in laptop.since()][-1] == [stored.at for stored in phone.since()][-1]
    assert [stored.position for stored in laptop.since()][-1] is not None


def test_a_bundle_of_another_account_is_refused() -> None:
    laptop, stranger = in_memory(1), in_memory(2)
    laptop.append([draft("one")])
    stranger.append([draft("one")])
    with pytest.raises(BadSignature, match="another account"):
        carry(stranger, laptop)
    with pytest.raises(BadSignature, match="another account"):
        missing(laptop, bundle.read(BytesIO(packed(stranger))))


def test_receipts_that_the_pinned_server_did_not_sign_are_refused() -> None:
    laptop = in_memory(1)
    laptop.append([draft("one")])
    phone = sibling(laptop, 2)
    place = MeetingPlace(laptop.user)
    connect(place, laptop)
    connect(place, phone)
    phone.set_settings([(KEY_SETTING, b"k" * 32)])
    with pytest.raises(BadSignature, match="not signed by your server"):
        carry(laptop, phone)


@settings(max_examples=60)
@given(st.floats(0, 1, exclude_max=True), st.integers(0, 255))
def test_no_change_to_a_bundle_goes_unnoticed(where: float, change: int) -> None:
    # Given a bundle of which a byte was changed, or (no change) the end was lost from there on
    laptop = in_memory(1)
    laptop.append([draft("one", private="Mara"), draft("two")])
    phone = sibling(laptop, 2)
    whole = packed(laptop)
    at = int(where * len(whole))
    damaged = whole[:at] + (bytes([whole[at] ^ change]) + whole[at + 1 :] if change else b"")
    # Then taking it in says so, and what came before the damage is sound, as far as the sponsor's log is here
    with pytest.raises(DataError):
        take_in(phone, bundle.read(BytesIO(damaged)))
    assert verify_log(phone, deep=True).codes in ([], ["UNROOTED"])
    while OPEN:
        OPEN.pop().close()


@given(st.binary(max_size=200))
def test_no_file_makes_reading_a_bundle_raise_anything_else(tail: bytes) -> None:
    for file in (tail, bundle.MAGIC + tail):
        with pytest.raises(ChainBroken):
            [*bundle.read(BytesIO(file))]
