"""How things stand: today, the whole status, and the inbox, from the views and the log."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from milepost.checks.nudge import Nudge, nudges
from milepost.errors import UsageError
from milepost.ids import EVENT_ID_BYTES, base64url, from_base32
from milepost.projections.goals import Goal
from milepost.projections.milestones import OPEN_STATUS
from milepost.projections.progress import Progress, cards_of
from milepost_client.account.recovery import UNSAVED, are_saved
from milepost_client.answer import Answer, Look, Warn
from milepost_client.pages.heading import heading_of
from milepost_client.pages.lists import Row, goal_rows, milestone_rows, objective_rows, skill_rows, without_kinds
from milepost_client.pages.trends import WEEKS_SHOWN, TrendWeek, weeks_of
from milepost_client.pages.trends import trend as trend_of
from milepost_client.pod.notices import Notices, mark_shown, notices
from milepost_client.recording.commands import short_event
from milepost_client.recording.commands import today as today_of
from milepost_client.recording.dates import say_date, say_minutes, week_of
from milepost_client.recording.declare import read_whole
from milepost_client.render.counted import counted
from milepost_client.render.table import table
from milepost_client.render.wrapped import parts, reflowed, with_command, wrapped
from milepost_client.store.log import Log
from milepost_client.terminal import Terminal
from milepost_client.views.plain import plain
from milepost_client.views.views import Views

DUE_SOON_DAYS = 7
WEEKS_MAX = 520
URL_SETTING = "server.url"
# An id of a thing, whole, as the nudges say it.
_ID = re.compile(r"\b[0-9a-hjkmnp-tv-z]{16}\b")
_BLANK = "nothing is recorded here yet"


class Account(NamedTuple):
    """How the log stands towards its server. `server` is None while none was joined."""

    unsent: int
    server: str | None
    words_saved: bool

    def line(self) -> str:
        """The one sync line."""
        if self.server is None:
            return "everything is on this device; join a server to have it on others: mp join SERVER CODE"
        return f"{self.unsent} to sync with {self.server}" if self.unsent else f"in step with {self.server}"


def today(where: Terminal) -> Answer:
    """Open goals, learning and visible ones first; milestones due this week or blocked; nudges; one sync line."""
    with where.views() as views:
        day = today_of(where.world)
        if not views.log.is_born:
            return _blank("today/1", day)
        goals = goal_rows(views, views.all(Goal, "open"), day)
        cards = [card for card in cards_of(views.shelf(), *OPEN_STATUS) if _matters(card.milestone, day)]
        milestones = milestone_rows(views, cards, day)
        reminders = nudges_of(where, views, day)
        typed = _typed(views, reminders)
        account, waiting, told = _account(views.log), views.inbox().count, notices(views.log, day)
        heading = heading_of(views.shelf())
    data = {
        "today": day.isoformat(),
        **heading.data,
        "goals": [row.data for row in goals],
        "milestones": [row.data for row in milestones],
        "nudges": [nudge._asdict() for nudge in reminders],
        "inbox": waiting + told.count,
        **account._asdict(),
    }

    def text(look: Look) -> list[str]:
        lines = [look.paint(f"{say_date(day, day)}, {week_of(day)}", "bold"), *parts(heading.says, look), ""]
        lines += _section("goals", goals, look) if goals else ["no goal is open: between goals", ""]
        lines += _section("due this week, or blocked", without_kinds(milestones, look), look)
        lines += _nudged(typed, look)
        return [*lines, *_waiting(waiting, told), *wrapped(account.line(), look)]

    records = [row.cells for row in (*goals, *milestones)]
    return Answer("today/1", data, text, records, _warnings(account))


def _matters(milestone: "object", day: date) -> bool:
    from milepost.projections.milestones import BLOCKED, Milestone

    if not isinstance(milestone, Milestone):
        return False
    return milestone.status == BLOCKED or (date.fromisoformat(milestone.due_on) - day).days < DUE_SOON_DAYS


def status(where: Terminal, as_of: date | None = None, weeks: str | None = None) -> Answer:
    """Everything that stands, today or as of a day; entries happened later are left out then, corrections are not."""
    count = _weeks_wanted(weeks)
    with where.views() as views:
        day = today_of(where.world)
        if not views.log.is_born:
            return _blank("status/1", as_of or day)
        shown = views.progress(day, as_of)
        trend = weeks_of(views, day, count, as_of)
        milestones = milestone_rows(views, shown.cards, as_of or day)
        goals = goal_rows(views, shown.goals_open, as_of or day)
        objectives = objective_rows(views, shown.objectives, as_of or day)
        skills = skill_rows(views, shown.skills)
        metrics = views.names_of("metric", [one.id for one in shown.metrics])
        reminders = [] if as_of else nudges_of(where, views, day)
        typed = _typed(views, reminders)
        account, waiting, told = _account(views.log), views.inbox().count, notices(views.log, day)
        digests = _digests(views) if where.flags.verbose else None
        heading = heading_of(views.shelf(as_of))
    data = _status_data(shown, metrics) | {
        **heading.data,
        "milestones": [row.data for row in milestones],
        "goals_open": [row.data for row in goals],
        "objectives": [row.data for row in objectives],
        "skills": [row.data for row in skills],
        "weeks": plain(trend),
        "nudges": [nudge._asdict() for nudge in reminders],
        "inbox": waiting + told.count,
        "digests": digests,
        **account._asdict(),
    }

    def text(look: Look) -> list[str]:
        lines = [look.paint(f"as of {say_date(as_of or day, day)}", "bold"), *parts(heading.says, look)]
        lines += [*parts(_totals(shown), look), ""]
        lines += _section("objectives", [row for row in objectives if row.data["status"] == "open"], look)
        lines += _section("milestones", without_kinds(milestones, look), look) + _section("open goals", goals, look)
        lines += _section("skills", skills, look) + _weeks(trend, look)
        lines += _nudged(typed, look)
        lines += (
            [f"{counted(shown.unknown, 'entry', 'entries')} from a newer Milepost: upgrade to see them"]
            if shown.unknown
            else []
        )
        lines += _waiting(waiting, told)
        lines += [f"{name} digest  {value}" for name, value in (digests or {}).items()]
        return [*lines, *wrapped(account.line(), look)]

    return Answer("status/1", data, text, [row.cells for row in (*milestones, *goals, *skills)], _warnings(account))


def trend(where: Terminal, measures: Sequence[str], as_of: date | None, weeks: str | None) -> Answer:
    """The trend lines of some measures."""
    with where.views() as views:
        return trend_of(views, today_of(where.world), _weeks_wanted(weeks), measures, as_of)


def _weeks_wanted(typed: str | None) -> int:
    """How many weeks. Raises UsageError for none, and for more than a working life of them makes sense of."""
    count = WEEKS_SHOWN if typed is None else read_whole(typed, "weeks")
    if not 0 < count <= WEEKS_MAX:
        raise UsageError(f"weeks {count} is not 1..{WEEKS_MAX}", code="weeks", field="weeks", remedy="try: --weeks 12")
    return count


def due(where: Terminal) -> Answer:
    """What is due, each with the command that answers it."""
    with where.views() as views:
        reminders = nudges_of(where, views, today_of(where.world)) if views.log.is_born else []
        typed = _typed(views, reminders)
    rows = [(nudge.code, nudge.message, nudge.command) for nudge in reminders]

    def text(look: Look) -> list[str]:
        return _nudged(typed, look) or ["nothing is due"]

    return Answer("due/1", {"nudges": [nudge._asdict() for nudge in reminders]}, text, rows)


def inbox(where: Terminal) -> Answer:
    """What waits for the member, in words."""
    with where.views() as views:
        found, told = views.inbox(), notices(views.log, today_of(where.world))
        news, lines = list(_told_lines(told)), list(_inbox_lines(views, found))
        mark_shown(views.log, told)
    data = plain(found) | plain(told)

    def text(look: Look) -> list[str]:
        # Read whole: what people said, and the command that answers the rest.
        said = reflowed((f"{what:<10}  {where}: {text}" for what, where, text in (*news, *lines)), look)
        return [*said] or ["the inbox is empty"]

    return Answer("inbox/1", data, text, [*news, *lines])


def _told_lines(told: Notices) -> Iterable[tuple[str, str, str]]:
    for answer in told.new_answers:
        yield "answer", answer.by_name, f"{answer.text} (you asked: {answer.request or answer.help})"
    for reader in told.readers:
        since = f" since {reader.since}" if reader.since else ""
        yield "new reader", reader.name, f"may read what you share with {reader.audience}{since}"
    if told.offer:
        yield "offer", f"{told.offer.pod_name} of {told.offer.cohort_name}", "take the place with: mp pod --name NAME"
    if told.removed_from:
        yield "removed", told.removed_from, "you have no place there any more; nobody there sees you by name"


def _waiting(waiting: int, told: Notices) -> list[str]:
    """The one line for the inbox."""
    others = [f"{waiting} to look at"] if waiting else []
    said = ", ".join([*told.said(), *others])
    return [f"{said}: mp inbox"] if said else []


def _short(views: Views, event: str) -> str:
    stored = views.log.get(from_base32(event, EVENT_ID_BYTES))
    return short_event(stored.event) if stored else event


def _inbox_lines(views: Views, found: "object") -> Iterable[tuple[str, str, str]]:
    from milepost.projections.inbox import Inbox

    if not isinstance(found, Inbox):
        return
    for conflict in found.conflicts:
        what = views.name(conflict.kind, conflict.id) or f"{conflict.kind} {conflict.id}"
        yield (
            "conflict",
            what,
            f"{conflict.field}: {len(conflict.events)} writes that did not know each other; the last stands; "
            f"keep another with: mp inbox keep {_short(views, conflict.events[1])}",
        )
    for double in found.likely_doubles:
        what = views.name(double.kind, double.id) or f"{double.kind} {double.id}"
        yield (
            "likely double",
            what,
            f"{len(double.events)} entries; take one back with: mp undo {_short(views, double.events[-1])}",
        )
    for aside in found.set_aside:
        why = aside.message or aside.reason
        short = _short(views, aside.event)
        yield "set aside", short, f"{aside.type}: {why}; out of the inbox with: mp inbox dismiss {short}"
    for event in found.left_out:
        short = _short(views, event)
        yield "left out", short, f"its device was revoked, or never enrolled; count it with: mp inbox accept {short}"
    for unread in found.unread:
        yield "unreadable", unread.event, f"its text is {unread.reason}"
    if found.unknown:
        yield "newer", counted(found.unknown, "entry", "entries"), "from a newer Milepost; upgrade to see them"


def nudges_of(where: Terminal, views: Views, day: date) -> list[Nudge]:
    """The reminders of a day."""
    return nudges(views.due(day, wants_goals=where.config.get("nudge.between_goals") == "yes"))


def _typed(views: Views, reminders: Sequence[Nudge]) -> list[tuple[str, str]]:
    """Reminders as people read them: the message, and the command with the id that is short here and now."""
    return [(nudge.message, _ID.sub(lambda id: views.short(id[0]), nudge.command)) for nudge in reminders]


def _nudged(typed: Sequence[tuple[str, str]], look: Look) -> list[str]:
    marked = (with_command(f"! {message}", command, look) for message, command in typed)
    return [line for first, *rest in marked for line in (look.paint("!", "note") + first[1:], *rest)]


def _account(log: Log) -> Account:
    server = log.setting(URL_SETTING)
    return Account(log.unsent_count(), server.decode("utf-8") if server else None, are_saved(log))


def _warnings(account: Account) -> list[Warn]:
    # A log that never leaves its machine is not lost with its keys: the words matter once there is a server.
    return [UNSAVED] if account.server is not None and not account.words_saved else []


_IN_ROWS = frozenset(("cards", "goals", "goals_open", "milestones", "objectives", "skills", "metrics"))
"""What a status says in rows, with names, or under a name that says what it counts."""


def _status_data(shown: Progress, metrics: Mapping[str, str]) -> dict[str, object]:
    data = {name: plain(getattr(shown, name)) for name in shown.__struct_fields__ if name not in _IN_ROWS}
    data["goal_counts"] = plain(shown.goals)
    data["milestone_counts"] = {**plain(shown.milestones), "total": shown.milestones.total}
    data["metrics"] = [{"name": metrics.get(one.id), **plain(one)} for one in shown.metrics]
    return data


def _totals(shown: Progress) -> list[str]:
    counts = shown.milestones
    said = [
        f"{counts.completed} of {counted(counts.total, 'milestone')} completed",
        f"{counted(shown.goals.done, 'goal')} done, {shown.goals.open} open",
    ]
    people = shown.people
    if people.relationships:
        met = f" ({people.targeted_met} of {people.targeted} targeted)" if people.targeted else ""
        said.append(f"{counted(people.relationships, 'person', 'people')} met{met}")
    if shown.minutes:
        said.append(f"{say_minutes(shown.minutes)} spent")
    return said


def _section(title: str, rows: Sequence[Row], look: Look) -> list[str]:
    return [look.paint(title, "dim"), *table((), [], look), *_indented(rows, look), ""] if rows else []


def _indented(rows: Sequence[Row], look: Look) -> list[str]:
    widest = max(len(row.cells) for row in rows)
    cells = [(*row.cells, *("",) * (widest - len(row.cells))) for row in rows]
    return table(("",) * widest, cells, look, styles=("bold",))


def _weeks(trend: Sequence[TrendWeek], look: Look) -> list[str]:
    if not any(week.is_logged for week in trend):
        return []
    rows = [
        (week.week, week.minutes, week.goals_done, week.touches, week.feedback, "review" if week.has_review else "")
        if week.is_logged
        else (week.week, *_GAP[week.state])
        for week in trend
    ]
    return [*table(("week", "minutes", "goals done", "touches", "feedback", ""), rows, look), ""]


_GAP = {"unlogged": ("·", "·", "·", "·", "not logged"), "pause": ("‖", "‖", "‖", "‖", "pause")}


def _digests(views: Views) -> dict[str, str]:
    from milepost.chain import set_digest

    view = views.digest()
    log = views.log
    return {"set": base64url(set_digest(log.leaves(), log.erased())), "view": base64url(view.digest)}


def _blank(schema: str, day: date) -> Answer:
    lines = [_BLANK, 'begin with: mp goal "Draft 3 user stories" --due fri --test "Sam reviews 3"']
    return Answer(schema, {"today": day.isoformat(), "empty": True}, lambda _: lines)
