"""The week that a review looks back on, as it is said before the first question: what there is to judge it by.

Read only where somebody sits at the terminal, who takes longer to answer than views take to be folded.
"""

from milepost.light import date, timedelta
from milepost_client.recording.commands import Desk
from milepost_client.recording.dates import say_minutes, week_of
from milepost_client.render.counted import counted

OPEN_SHOWN_MAX = 5


def week_said(desk: Desk, day: date) -> str:
    """The week of a day in a line, and the goals that are open in another."""
    # Imported here: the daily words do without the projections.
    from milepost.projections.goals import Goal
    from milepost_client.views.views import Views

    with Views.open(desk.home, desk.log) as views:
        views.refresh()
        (found,) = views.weeks(day + timedelta(days=6 - day.weekday()), 1)
        goals = views.all(Goal, "open")
        names = views.names_of("goal", [goal.id for goal in goals])
    done = [
        counted(found.goals_done or 0, "goal") + " done",
        f"{say_minutes(found.minutes or 0)} spent",
        counted(found.touches or 0, "touch", "touches"),
        counted(found.feedback or 0, "piece of feedback", "pieces of feedback"),
    ]
    lines = [f"{week_of(day)}: {', '.join(done) if found.is_logged else 'nothing is logged'}"]
    if goals:
        shown = [f"{names.get(goal.id) or 'unnamed'} ({desk.seen.short(goal.id)})" for goal in goals[:OPEN_SHOWN_MAX]]
        more = f" and {len(goals) - OPEN_SHOWN_MAX} more" if len(goals) > OPEN_SHOWN_MAX else ""
        lines.append(f"still open: {', '.join(shown)}{more}")
    return "\n".join(lines)
