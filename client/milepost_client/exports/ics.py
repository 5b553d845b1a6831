"""A calendar in iCalendar: milestones as days, goals as to-dos, sessions of the pod as appointments.

A goal without a day has no place in a calendar, unless it repeats. Everything keeps its UID for ever, the id of the
thing, so that a calendar that takes the file again changes what it has. What was called off stays in the file and says
so; left out, it would stay in the calendar.
"""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from icalendar import Calendar, Event, Todo

from milepost.projections.goals import Goal
from milepost.projections.milestones import Milestone
from milepost.projections.own import Capacity
from milepost_client.exports.recurrence import Recurrence, recurrence, times
from milepost_client.pages.keeping import kept_of
from milepost_client.pages.worded import texts_of
from milepost_client.pod.pods import Session, sessions
from milepost_client.views.views import Views

PRODUCT = "-//Milepost//Milepost//EN"
NAME = "Milepost"
_GOAL_STATUS = {"open": "NEEDS-ACTION", "done": "COMPLETED"}


class Written(NamedTuple):
    """The file, and how many of what are in it."""

    text: bytes
    counts: dict[str, int]


def written(views: Views, now_ms: int, today: date) -> Written:
    """The calendar of a member, as it stands now."""
    stamp = datetime.fromtimestamp(now_ms // 1000, UTC)
    milestones = [_milestone(views, one, stamp) for one in views.all(Milestone)]
    goals = [_goal(views, one, stamp, today) for one in views.all(Goal) if one.due_on or one.repeat]
    appointments = [_session(one, stamp) for one in sessions(views.log)] if views.log.is_born else []
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", NAME)
    for component in (*milestones, *goals, *appointments):
        calendar.add_component(component)
    counts = {"milestones": len(milestones), "goals": len(goals), "sessions": len(appointments)}
    return Written(bytes(calendar.to_ical()), counts)


def _milestone(views: Views, milestone: Milestone, stamp: datetime) -> Event:
    event = Event()
    kind = milestone.kind.replace("_", " ")
    event.add("uid", _uid(milestone.id))
    event.add("dtstamp", stamp)
    event.add("dtstart", date.fromisoformat(milestone.start))
    # The day after the last one: ends of whole days are exclusive (RFC 5545, 3.6.1).
    last = max(milestone.start, milestone.closed_on or milestone.due_on)
    event.add("dtend", date.fromisoformat(last) + timedelta(days=1))
    event.add("summary", f"{views.name('milestone', milestone.id) or kind} ({milestone.status})")
    event.add("categories", [kind])
    event.add("status", "CANCELLED" if milestone.status == "stopped" else "CONFIRMED")
    # Weeks of work leave time for everything else.
    event.add("transp", "TRANSPARENT")
    measure = texts_of(views.log, milestone, "plan").get("measure")
    if isinstance(measure, str):
        event.add("description", f"done when: {measure}")
    return event


def _goal(views: Views, goal: Goal, stamp: datetime, today: date) -> Todo:
    todo = Todo()
    todo.add("uid", _uid(goal.id))
    todo.add("dtstamp", stamp)
    todo.add("summary", (views.name("goal", goal.id) or "goal") + times(goal))
    todo.add("status", _GOAL_STATUS.get(goal.standing, "CANCELLED"))
    _add_days(todo, goal, _recurrence(views, goal, today))
    if goal.standing == "done" and goal.closed_on:
        # COMPLETED is an instant; the day is what the member typed.
        todo.add("completed", datetime.combine(date.fromisoformat(goal.closed_on), datetime.min.time(), UTC))
    test = texts_of(views.log, goal, "set").get("test")
    if isinstance(test, str):
        todo.add("description", f"done when: {test}")
    return todo


def _recurrence(views: Views, goal: Goal, today: date) -> Recurrence | None:
    kept = kept_of(goal, views.get(Capacity, "week"), views.holds, today) if goal.is_open else None
    return recurrence(goal, kept) if kept else None


def _add_days(todo: Todo, goal: Goal, comes_back: Recurrence | None) -> None:
    if comes_back is not None:
        todo.add("dtstart", comes_back.start)
        todo.add("rrule", comes_back.rule)
    due = comes_back.due if comes_back else goal.due_on and date.fromisoformat(goal.due_on)
    if due:
        todo.add("due", due)


def _session(session: Session, stamp: datetime) -> Event:
    event, start = Event(), datetime.fromisoformat(session.start)
    event.add("uid", _uid(session.id))
    event.add("dtstamp", stamp)
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=session.minutes))
    event.add("summary", f"{session.pod_name or 'pod'}: pod session")
    event.add("status", "CANCELLED" if session.state == "cancelled" else "CONFIRMED")
    return event


def _uid(id: str) -> str:
    return f"{id}@milepost"
