"""A time of day is typed and read where one is; in between it is UTC, summer time or not."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.errors import UsageError
from milepost_client.device.world import SYSTEM
from milepost_client.recording.instants import read_instant, say_instant

BERLIN = ZoneInfo("Europe/Berlin")


def offset_in_berlin(at_ms: int) -> int:
    offset = datetime.fromtimestamp(at_ms / 1000, BERLIN).utcoffset()
    assert offset is not None
    return int(offset.total_seconds()) // 60


HERE = SYSTEM._replace(offset_at=offset_in_berlin)


@pytest.mark.parametrize(
    ("day", "typed", "instant"),
    [
        (date(2026, 3, 27), "17:00", "2026-03-27T16:00:00Z"),
        # Summer time begins between the day on which it is typed and the day that is meant.
        (date(2026, 4, 3), "17:00", "2026-04-03T15:00:00Z"),
        (date(2026, 1, 1), "0:30", "2025-12-31T23:30:00Z"),
        (date(2026, 7, 3), "9", "2026-07-03T07:00:00Z"),
    ],
)
def test_a_time_of_day_is_one_here(day, typed, instant):
    assert read_instant(HERE, day, typed) == instant


@pytest.mark.parametrize("typed", ["", "25", "17:60", "5pm", "-1", "17:", "²"])
def test_what_is_no_time_of_day_is_refused_with_one_that_is(typed):
    with pytest.raises(UsageError, match="17:00"):
        read_instant(HERE, date(2026, 3, 27), typed)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(4, 23), st.integers(0, 59))
def test_any_time_that_is_typed_is_read_back_the_same(day, hours, minutes):
    typed = f"{hours:02d}:{minutes:02d}"
    said = say_instant(HERE, read_instant(HERE, day, typed), date(1999, 1, 1))
    assert said.endswith(f"{day.isoformat()} {typed}")
