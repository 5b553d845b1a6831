"""A device's log may be delivered before the log of the device that enrolled it; that stops nobody who pulls."""

from tests.client.devices import draft, in_memory, sibling
from tests.client.meeting_place import MeetingPlace, connect


def test_a_fresh_device_pulls_from_a_server_that_was_healed_by_the_youngest_device():
    # given a chain of three: the laptop let in the phone, the phone let in the tablet
    laptop = in_memory(1)
    laptop.append([draft("one")])
    phone = sibling(laptop, 2)
    place = MeetingPlace(laptop.user)
    for log in (laptop, phone):
        connect(place, log)
    tablet = sibling(phone, 3)
    tablet.append([draft("two"), draft("three")])
    for log in (phone, tablet):
        connect(place, log)
    desk = sibling(laptop, 4)
    # when the server loses its data and the tablet comes first, so that its own log gets the first positions
    wiped = place.wiped(b"j" * 16)
    connect(wiped, tablet)
    assert wiped.events[0].device == tablet.device
    # then a device that was let in by the laptop takes it all
    connection = connect(wiped, desk)
    assert connection.session.failed is None
    assert connection.session.settled
    assert {stored.event.hash for stored in tablet.since()} <= {stored.event.hash for stored in desk.since()}
