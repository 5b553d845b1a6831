"""Today: what is open, due or blocked, what waits, and how the log stands."""

from datetime import date, timedelta

from milepost.projections.goals import Goal
from milepost.projections.milestones import BLOCKED, OPEN_STATUS, Milestone
from milepost.projections.progress import cards_of
from milepost_client.answer import Answer, Look
from milepost_client.pages.bearings import bearings_of, blank
from milepost_client.pages.lists import BETWEEN_GOALS, goal_rows, milestone_rows, section, without_kinds
from milepost_client.recording.commands import today as today_of
from milepost_client.recording.dates import say_date, week_of
from milepost_client.render.wrapped import parts, wrapped
from milepost_client.terminal import Terminal

DUE_SOON = timedelta(days=7)


def today(where: Terminal) -> Answer:
    """Open goals, learning and visible ones first; milestones due this week or blocked; nudges; one sync line."""
    with where.views() as views:
        day = today_of(where.world)
        if not views.log.is_born:
            return blank("today/1", day)
        goals = goal_rows(views, views.all(Goal, "open"), day)
        cards = [card for card in cards_of(views.shelf(), *OPEN_STATUS) if _matters(card.milestone, day)]
        milestones = milestone_rows(views, cards, day)
        bearings = bearings_of(where, views)
    data = {
        "today": day.isoformat(),
        **bearings.heading.data,
        "goals": [row.data for row in goals],
        "milestones": [row.data for row in milestones],
        **bearings.data,
    }

    def text(look: Look) -> list[str]:
        return [
            look.paint(f"{say_date(day, day)}, {week_of(day)}", "bold"),
            *parts(bearings.heading.says, look),
            "",
            *(section("goals", goals, look) or [*wrapped(BETWEEN_GOALS, look), ""]),
            *section("due this week, or blocked", without_kinds(milestones, look), look),
            *bearings.due_lines(look),
            *bearings.inbox_lines(),
            *bearings.sync_lines(look),
        ]

    records = [row.cells for row in (*goals, *milestones)]
    return Answer("today/1", data, text, records, bearings.warnings)


def _matters(milestone: Milestone, day: date) -> bool:
    return milestone.status == BLOCKED or date.fromisoformat(milestone.due_on) - day < DUE_SOON
