"""The calendar of a cohort: sessions, weeks, and what falls due of those who share it. As a page, and as iCalendar."""

from datetime import UTC, date, datetime, timedelta

import msgspec
from icalendar import Calendar, Event

from milepost_server.cohort import weeks
from milepost_server.reads.cohort import CohortInfo, cohort_info
from milepost_server.reads.due import DueInfo, due_soon
from milepost_server.reads.reader import Reader, sight_of
from milepost_server.reads.sessions import CANCELLED, SessionInfo, session_info
from milepost_server.store import Connection, cohorts
from milepost_server.store.cohorts import Cohort

PRODUCT = "-//Milepost//Cohort calendar//EN"
DUE_DAYS = 90


class WeekInfo(msgspec.Struct, frozen=True):
    """A week of the cohort, by its Monday and Sunday."""

    week: str
    first_day: str
    last_day: str


class CalendarPage(msgspec.Struct, frozen=True):
    """What happens when, in the pods that a reader leads. `today` is the day in the cohort's zone."""

    cohort: CohortInfo
    today: str
    sessions: list[SessionInfo]
    weeks: list[WeekInfo]
    due: list[DueInfo]


def calendar_page(connection: Connection, reader: Reader, cohort_id: str, now_ms: int) -> CalendarPage:
    """The calendar of the pods that a reader leads. Raises NotFound for who leads none of the cohort."""
    sight = sight_of(connection, reader, cohort_id)
    pods = {pod.pod: pod.name for pod in cohorts.pods(connection, sight.cohort.stream) if sight.shows(pod.pod)}
    sessions = cohorts.sessions(connection, sight.cohort.stream)
    today = sight.today(now_ms)
    return CalendarPage(
        cohort=cohort_info(sight.cohort),
        today=today.isoformat(),
        sessions=[session_info(session, pods[session.pod]) for session in sessions if session.pod in pods],
        weeks=_weeks(sight.cohort),
        due=due_soon(connection, pods, today, DUE_DAYS),
    )


def icalendar(page: CalendarPage, now_ms: int) -> bytes:
    """The page as an iCalendar file: an event for each session, a whole day for each thing that falls due."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", page.cohort.name)
    stamp = datetime.fromtimestamp(now_ms // 1000, UTC)
    for session in page.sessions:
        calendar.add_component(_session(session, stamp))
    for due in page.due:
        calendar.add_component(_due(due, stamp))
    return bytes(calendar.to_ical())


def _session(session: SessionInfo, stamp: datetime) -> Event:
    event, start = Event(), datetime.fromisoformat(session.start)
    event.add("uid", f"{session.id}@milepost")
    event.add("dtstamp", stamp)
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=session.minutes))
    event.add("summary", f"{session.pod_name}: pod session")
    event.add("status", "CANCELLED" if session.state == CANCELLED else "CONFIRMED")
    return event


def _due(due: DueInfo, stamp: datetime) -> Event:
    event, day = Event(), date.fromisoformat(due.due)
    event.add("uid", f"{due.milestone}@milepost")
    event.add("dtstamp", stamp)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", f"{due.name}: {due.title or due.kind} due")
    event.add("transp", "TRANSPARENT")
    return event


def _weeks(cohort: Cohort) -> list[WeekInfo]:
    week, last = weeks.week_of_day(cohort.start), date.fromisoformat(cohort.end)
    found = []
    while weeks.monday(week) <= last:
        monday = weeks.monday(week)
        found.append(WeekInfo(week, monday.isoformat(), (monday + timedelta(days=6)).isoformat()))
        week = weeks.next_week(week)
    return found
