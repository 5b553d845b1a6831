"""Two devices and a meeting place: what one writes reaches the other, whatever happens in between."""

from milepost_client.store.log import Log
from tests.client.devices import draft, in_memory, sibling
from tests.client.meeting_place import MeetingPlace, connect, start


def texts(log: Log) -> list[bytes]:
    return sorted(stored.event.private.text for stored in log.since() if stored.event.private)


def hashes(log: Log) -> set[bytes]:
    return {stored.event.hash for stored in log.since()}


def test_what_one_device_writes_reaches_the_other_with_its_text():
    laptop = in_memory(1)
    laptop.append([draft("reading", private="Cagan, chapter 3")])
    phone = sibling(laptop, 2)
    phone.append([draft("call", private="Dana")])
    place = MeetingPlace(laptop.user)

    first = connect(place, laptop)
    second = connect(place, phone)
    third = connect(place, laptop)

    assert [c.session.failed for c in (first, second, third)] == [None] * 3
    assert all(c.session.settled for c in (first, second, third))
    assert hashes(laptop) == hashes(phone) == {event.hash for event in place.events}
    assert texts(laptop) == texts(phone)
    assert (laptop.unsent_count(), phone.unsent_count()) == (0, 0)
    assert [c.session.digests.set_agrees for c in (second, third) if c.session.digests] == [True, True]


def test_a_wiped_server_gets_everything_back_though_receipts_came_on_another_connection():
    laptop = in_memory(1)
    laptop.append([draft("one")])
    place = MeetingPlace(laptop.user)
    # The first push is stored, but the connection breaks before its receipt.
    lost = start(place, laptop)
    lost.step()
    assert laptop.unsent_count() == 3
    laptop.append([draft("two")])
    connect(place, laptop)
    stamps = {event.hash: kept.receipt.received_at for kept in place.kept for event in kept.batch.events}

    wiped = place.wiped(b"j" * 16)
    connect(wiped, laptop)

    assert {event.hash for event in wiped.events} == hashes(laptop)
    assert {event.hash: kept.receipt.received_at for kept in wiped.kept for event in kept.batch.events} == stamps
    assert laptop.unsent_count() == 0
