"""What devices leave for each other while they pair does not outlast its five minutes."""

import pytest

from milepost.errors import NotFound
from milepost_server.sync import rendezvous
from tests.support.programme import Programme

PLACE = rendezvous.Slot("m" * 16, "first")


@pytest.fixture
def programme() -> Programme:
    """A server at which two devices are pairing."""
    programme = Programme()
    now_ms = programme.store.now_ms
    programme.store.run(lambda connection: rendezvous.put(connection, PLACE, b"sealed", now_ms))
    return programme


def kept(programme: Programme) -> int:
    (count,) = programme.store.connection.execute("SELECT count(*) FROM rendezvous").fetchone()
    return int(count)


def test_what_was_left_goes_by_itself_when_its_time_is_over_though_nobody_else_pairs(programme: Programme):
    programme.store.now_ms += rendezvous.SECONDS * 1000
    programme.timetable.tick()
    assert kept(programme) == 1
    programme.store.now_ms += 1
    programme.timetable.tick()
    assert kept(programme) == 0


def test_what_has_had_its_time_is_given_to_nobody_even_while_it_lies_there(programme: Programme):
    later_ms = programme.store.now_ms + rendezvous.SECONDS * 1000 + 1
    with pytest.raises(NotFound):
        rendezvous.get(programme.store.connection, PLACE, later_ms)
