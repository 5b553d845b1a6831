"""The pod for people: who is in it, when it meets, what is asked and won, and its week in totals."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from milepost_client.answer import Answer, Look, clean
from milepost_client.device.world import World
from milepost_client.pod.membership import Place
from milepost_client.pod.pods import Figure, Page, Request, Session, Totals
from milepost_client.recording.dates import say_minutes
from milepost_client.recording.instants import say_instant
from milepost_client.render.counted import counted
from milepost_client.render.table import table
from milepost_client.render.wrapped import reflowed, wrapped
from milepost_client.views.plain import plain

WINS_SHOWN = 5
SHORT_ID = 5
CLOSED = "closed"
HIDDEN = "hidden"


class Kept(NamedTuple):
    """What is known of the member's pod: where it is, its page, its totals."""

    place: Place
    page: Page | None
    totals: Totals | None


def page_answer(kept: Kept, world: World, today: date) -> Answer:
    """What `mp pod` shows."""
    place, page, totals = kept
    data = {
        "said_on": place.said_on,
        "pod": {"id": place.pod, "name": place.pod_name},
        "cohort": {"id": place.cohort, "name": place.cohort_name, "end": place.end},
        "members": plain(page.members) if page else [],
        "leads": plain(page.readers) if page else [],
        "sessions": plain(page.sessions) if page else [],
        "requests": plain(page.requests) if page else [],
        "wins": plain(page.wins) if page else [],
        "summary": plain(totals),
    }

    def text(look: Look) -> list[str]:
        lines = [f"{look.paint(clean(place.pod_name), 'bold')} of {clean(place.cohort_name)}, until {place.end}"]
        lines += _people(page) if page else []
        lines += _meeting(page, world, today, look) if page else []
        return [*lines, "", *_totals(totals, world, today, look)]

    return Answer("pod/1", data, text, list(_records(kept)))


def _people(page: Page) -> list[str]:
    members = ", ".join(clean(one.name) + (" (you)" if one.me else "") for one in page.members)
    leads = ", ".join(clean(one.name) + (" (the cohort)" if one.scope == "cohort" else "") for one in page.readers)
    has_joined = any(one.me for one in page.members)
    return [
        *([f"  {members}"] if members else []),
        *([f"  led by {leads}"] if leads else []),
        *([] if has_joined else ["  you are not in it yet; take the place with: mp pod --name NAME"]),
    ]


def _meeting(page: Page, world: World, today: date, look: Look) -> Iterator[str]:
    coming = next_session(page, world)
    if coming:
        yield f"  next session {say_instant(world, coming.start, today)}, {say_minutes(coming.minutes)}"
    asked = [request for request in page.requests if request.state != "closed"]
    if asked:
        yield from ("", look.paint("asked", "dim"))
        yield from reflowed((line for request in asked for line in _asked(request)), look)
    if page.wins:
        yield from ("", look.paint("wins", "dim"))
        yield from reflowed((f"  {clean(win.name)}  {clean(win.text)}" for win in page.wins[:WINS_SHOWN]), look)


def _asked(request: Request) -> Iterator[str]:
    who = "you" if request.is_mine else clean(request.name)
    yield f"  {request.id[:SHORT_ID]}  {who}, to the {request.to}: {clean(request.text or request.kind)}"
    yield from (f"  {'':{SHORT_ID}}  {clean(answer.by_name)}: {clean(answer.text)}" for answer in request.answers)


def next_session(page: Page, world: World) -> Session | None:
    """The first session that is planned and has not begun."""
    now = datetime.fromtimestamp(world.now_ms() / 1000, UTC)
    planned = [one for one in page.sessions if one.state == "scheduled" and datetime.fromisoformat(one.start) >= now]
    return min(planned, key=lambda one: one.start, default=None)


def _totals(totals: Totals | None, world: World, today: date, look: Look) -> list[str]:
    coming = f"next on {say_instant(world, totals.next_at, today)}" if totals and totals.next_at else ""
    if totals is not None and totals.state == CLOSED:
        # Why a week is closed is not said: it would name who came, went or changed their mind.
        said = f"week {totals.week} is not shown: somebody came, went, or changed what they share; {coming}"
        return [*wrapped(said, look), *_earlier(totals, look)]
    if totals is None or not totals.figures:
        return ["; ".join(part for part in ("no week has been added up yet", coming) if part)]
    as_of = f", as of {say_instant(world, totals.as_of, today)}" if totals.as_of else ""
    heading = f"week {totals.week}{as_of}: summed over three or more who share, never how many"
    return [*wrapped(heading, look), *_figures(totals.figures, look), *_earlier(totals, look)]


def _figures(figures: Mapping[str, Figure], look: Look) -> list[str]:
    """A line for each that is not hidden, and one for all that are: a wall of them would bury what is there."""
    shown = {name: figure for name, figure in figures.items() if figure.state != HIDDEN}
    hidden = len(figures) - len(shown)
    rows = [(name.replace("_", " "), figure_words(plain(figure))) for name, figure in shown.items()]
    others = f"{counted(hidden, 'other count')}" if shown else counted(hidden, "count")
    return [
        *(table(("", ""), rows, look) if rows else []),
        *([f"▒ not enough people share this: {others}"] if hidden else []),
    ]


def _earlier(totals: Totals, look: Look) -> list[str]:
    weeks = [
        (one.week, {name: figure for name, figure in one.figures.items() if figure.state == "value"})
        for one in totals.earlier
    ]
    rows = [
        (
            week,
            ", ".join(f"{name.replace('_', ' ')} {one.value}" for name, one in shown.items())
            or "▒ not enough people share this",
        )
        for week, shown in weeks
    ]
    return (
        ["", look.paint("as last shown", "dim"), *reflowed((f"  {week}  {said}" for week, said in rows), look)]
        if rows
        else []
    )


def figure_words(figure: Mapping[str, Any]) -> str:
    """A disclosed figure: each state differs in its word and its sign."""
    words = {"no_data": "– no data", "hidden": "▒ not enough people share this", "pending": "… not added up yet"}
    return words.get(figure["state"]) or str(figure.get("value"))


def figure_sign(figure: Mapping[str, Any]) -> str:
    """A disclosed figure in a narrow column: its sign and one word."""
    words = {"no_data": "– no data", "hidden": "▒ hidden", "pending": "… pending"}
    return words.get(figure["state"]) or str(figure.get("value"))


def _records(kept: Kept) -> Iterator[tuple[object, ...]]:
    yield "pod", kept.place.pod, kept.place.pod_name
    for session in kept.page.sessions if kept.page else ():
        yield "session", session.id, session.start, session.minutes, session.state
    for name, figure in kept.totals.figures.items() if kept.totals else ():
        yield name, figure.state, figure.value
