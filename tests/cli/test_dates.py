"""Dates and durations as people type them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.errors import UsageError
from milepost_client.recording.dates import (
    days_of,
    from_days,
    read_date,
    read_minutes,
    read_span,
    say_date,
    say_minutes,
    week_of,
)

# A Wednesday.
TODAY = date(2026, 3, 4)

DAYS = st.dates(date(1971, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("typed", "on", "due"),
    [
        ("2026-01-19", "2026-01-19", "2026-01-19"),
        ("today", "2026-03-04", "2026-03-04"),
        ("Yesterday", "2026-03-03", "2026-03-03"),
        ("fri", "2026-02-27", "2026-03-06"),
        ("mon", "2026-03-02", "2026-03-09"),
        ("wed", "2026-03-04", "2026-03-04"),
        ("thursday", "2026-02-26", "2026-03-05"),
        ("3d", "2026-03-01", "2026-03-07"),
        ("-3d", "2026-03-01", "2026-03-01"),
        ("2w", "2026-02-18", "2026-03-18"),
        ("6w", "2026-01-21", "2026-04-15"),
        ("3mo", "2025-12-04", "2026-06-04"),
        ("eow", "2026-03-08", "2026-03-08"),
        ("eom", "2026-03-31", "2026-03-31"),
        ("eoq", "2026-03-31", "2026-03-31"),
        ("2026-W03", "2026-01-12", "2026-01-18"),
    ],
)
def test_a_date_looks_back_for_what_happened_and_ahead_for_what_is_due(typed, on, due):
    assert read_date(typed, TODAY, "on").isoformat() == on
    assert read_date(typed, TODAY, "due").isoformat() == due


def test_a_month_after_the_last_of_january_is_the_last_of_february():
    assert read_date("1mo", date(2026, 1, 31), "due") == date(2026, 2, 28)


def test_the_end_of_a_quarter_in_december_is_the_end_of_the_year():
    assert read_date("eoq", date(2026, 12, 5), "due") == date(2026, 12, 31)


@pytest.mark.parametrize(
    "typed", ["", "soon", "2026-02-30", "2026-13-01", "13", "3y", "--3d", "2026-W60", "99999mo", "9999w9", "fr"]
)
def test_what_is_no_date_is_refused_with_forms_that_work(typed):
    with pytest.raises(UsageError) as refused:
        read_date(typed, TODAY, "due", "due")
    assert refused.value.field == "due"
    assert refused.value.remedy


@given(DAYS, st.sampled_from(["on", "since", "due", "as_of"]), DAYS)
def test_an_iso_date_means_itself_wherever_it_stands(day, sense, today):
    assert read_date(day.isoformat(), today, sense) == day


@given(DAYS, st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
def test_a_weekday_is_within_a_week_on_the_side_that_is_meant(today, name):
    past, ahead = read_date(name, today, "on"), read_date(name, today, "due")
    assert today - timedelta(days=6) <= past <= today <= ahead <= today + timedelta(days=6)
    assert past.weekday() == ahead.weekday()


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [
        ("2026-02-31", "that month ends on 2026-02-28"),
        ("2028-02-30", "that month ends on 2028-02-29"),
        ("31/02", "write the year first"),
        ("3.4.2026", "write the year first"),
        ("25:00", "try one of: 2026-03-02, today"),
        ("next week", "try one of"),
        ("2026-13-01", "try one of"),
        ("9999-12-32", "try one of"),
        ("0000-01-99", "try one of"),
        ("2026-02-²²", "try one of"),
    ],
)
def test_what_is_no_date_is_refused_with_what_works(typed, remedy):
    with pytest.raises(UsageError) as refused:
        read_date(typed, TODAY, "due", "due")
    assert repr(typed) in refused.value.message
    assert refused.value.remedy.startswith(remedy)


@given(st.text(max_size=12))
def test_any_text_is_a_duration_or_a_refusal(typed):
    try:
        assert read_minutes(typed) >= 0
    except UsageError:
        return


@given(st.text(max_size=12), DAYS)
def test_any_text_is_a_date_or_a_refusal(typed, today):
    try:
        read_date(typed, today, "due")
    except UsageError:
        return


@given(DAYS)
def test_days_since_1970_come_back_as_the_same_day(day):
    assert from_days(days_of(day)) == day


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        *(("15m", 15), ("1h30", 90), ("1h30m", 90), ("2h", 120), ("90", 90), ("0h05", 5), ("1H", 60)),
        *(("45min", 45), ("45 minutes", 45), ("1 h 30 min", 90), ("2 hours", 120), ("1:30", 90), ("0:05", 5)),
        *(("1.5h", 90), ("0.25 h", 15), ("1,5h", 90), ("1.33h", 80)),
    ],
)
def test_durations(typed, minutes):
    assert read_minutes(typed) == minutes


@pytest.mark.parametrize(
    "typed", ["", "m", "h", "-15m", "one", "h30", "1h30s", "1:3", "1:75", ":30", "1.h", "1.5", ".5h", "1.5h30", "1 5"]
)
def test_what_is_no_duration_is_refused(typed):
    with pytest.raises(UsageError):
        read_minutes(typed)


def test_a_span_ends_so_many_weeks_later():
    assert read_span("13w", date(2026, 1, 26)) == date(2026, 4, 27)


@pytest.mark.parametrize("typed", ["13", "-2w", "+2w", "fri", ""])
def test_what_is_no_span_is_refused(typed):
    with pytest.raises(UsageError):
        read_span(typed, TODAY)


def test_dates_are_echoed_absolutely_with_their_weekday():
    assert say_date(date(2026, 3, 6), TODAY) == "Fri 2026-03-06"
    assert say_date(TODAY, TODAY) == "Wed 2026-03-04 (today)"


def test_minutes_and_weeks_for_people():
    assert [say_minutes(number) for number in (45, 60, 90, 605)] == ["45 min", "1 h", "1 h 30", "10 h 05"]
    assert week_of(date(2026, 1, 1)) == "2026-W01"
