"""Rows and cursor are one transaction: the cursor never stands past what is stored."""

import pytest

from milepost.errors import DataError
from milepost_client.store.replica import Delivery, Replica
from tests.client.devices import draft, in_memory, sibling
from tests.client.meeting_place import MeetingPlace, connect


def test_a_delivery_that_cannot_be_stored_leaves_the_cursor_where_it_was():
    laptop = in_memory(1)
    laptop.append([draft()])
    place = MeetingPlace(laptop.user)
    connect(place, laptop)
    phone = sibling(laptop, 2)
    connect(place, laptop)
    connect(place, phone)
    laptop.append([draft("later")])
    connect(place, laptop)
    before = phone.cursor()
    later = place.kept[-1]
    forged = later.batch._replace(signature=bytes(64))

    with pytest.raises(DataError):
        Replica(phone, lambda _: {}).commit([Delivery(forged, later.receipt)])

    assert later.receipt.last_position > before.position
    assert phone.cursor() == before
