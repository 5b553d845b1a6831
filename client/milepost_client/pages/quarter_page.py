"""The page of a quarter, drawn and as JSON. What is on it, `quarter.py` says."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from milepost_client.answer import Answer, Look, clean
from milepost_client.pages.experiments import Experiment
from milepost_client.pages.lists import milestone_rows, short_ids, without_kinds
from milepost_client.pages.objectives import drawn
from milepost_client.pages.quarter import Page, Priced
from milepost_client.pages.trends import TrendWeek
from milepost_client.recording.dates import say_date, say_minutes
from milepost_client.render.bars import bar, bar_room
from milepost_client.render.columns import broken, shortened
from milepost_client.render.counted import counted
from milepost_client.render.table import table
from milepost_client.render.wrapped import wrapped
from milepost_client.views.plain import plain
from milepost_client.views.views import Views

WINS_SHOWN = 5
BAR_ROOM = 20
_VERDICT_STYLES = {True: "good", False: "note", None: "dim"}
_GAPS = {"pause": "‖", "unlogged": "-"}


def shown(views: Views, page: Page, today: date) -> Answer:
    """A quarter's page as an answer."""
    milestones = milestone_rows(views, page.cards, today)
    data = _data(page) | {"milestones": [row.data for row in milestones]}

    def text(look: Look) -> list[str]:
        lines = [*_head(page, today, look), *_objectives(page, today, look), *_experiments(page, look)]
        if milestones:
            rows = [row.cells for row in without_kinds(milestones, look)]
            lines += ["", look.paint("milestones", "dim"), *table(("",) * len(rows[0]), rows, look, styles=("bold",))]
        return [*lines, *_rhythm(page, look), *_wins(page, look), *_offerings(page, look)]

    records = [*_records(page), *(("milestone", *row.cells) for row in milestones)]
    return Answer("quarter/1", data, text, records)


def _data(page: Page) -> dict[str, object]:
    quarter = page.quarter
    return {
        "quarter": str(quarter),
        "start": quarter.first.isoformat(),
        "end": quarter.last.isoformat(),
        "objectives": [_flat(plain(one), "objective") for one in page.objectives],
        "experiments": [_flat(plain(one), "found") for one in page.experiments],
        "weeks": plain(page.weeks),
        "time": plain(page.time),
        "wins": {"total": page.wins_in_all, "in_quarter": len(page.wins), "wins": plain(page.wins)},
        "offerings": plain(page.offerings),
    }


def _flat(data: Mapping[str, Any], inner: str) -> dict[str, Any]:
    """A thing with the fields of its inner part beside its own."""
    return {**data[inner], **{name: value for name, value in data.items() if name != inner}}


def _records(page: Page) -> Iterator[tuple[object, ...]]:
    yield "quarter", page.quarter, page.quarter.first, page.quarter.last
    for one in page.objectives:
        yield "objective", one.objective.id, one.name, one.objective.status
        for result in one.key_results:
            yield "key_result", result.metric, result.name, result.value, result.target
    for tried in page.experiments:
        found = tried.found
        yield "experiment", tried.id, tried.name, tried.status, found.hypothesis, found.is_upheld, tried.says_outcomes
    yield "time", page.time.capacity_minutes, page.time.minutes, page.time.weeks_reviewed, page.time.weeks
    yield "wins", len(page.wins), page.wins_in_all
    for priced in page.offerings:
        yield "offering", priced.id, priced.name, priced.price, _uptake(priced)


def _head(page: Page, today: date, look: Look) -> Iterator[str]:
    quarter = page.quarter
    days = (quarter.last - today).days
    left = (
        "" if days < 0 else f", {counted(days // 7, 'week')} left" if days >= 14 else f", {counted(days, 'day')} left"
    )
    yield (
        look.paint(f"{quarter}", "bold")
        + f"  {say_date(quarter.first, today)} to {say_date(quarter.last, today)}{left}"
    )


def _objectives(page: Page, today: date, look: Look) -> Iterator[str]:
    shorts = short_ids([one.objective.id for one in page.objectives])
    for one in page.objectives:
        yield ""
        yield from drawn(one, shorts[one.objective.id], today, look)
    if not page.objectives:
        yield from wrapped('no objective looks here: mp objective "Move to product" --result "interviews=20"', look)


def _experiments(page: Page, look: Look) -> Iterator[str]:
    shorts = short_ids([one.id for one in page.experiments])
    if page.experiments:
        yield ""
        yield look.paint("experiments", "dim")
    for one in page.experiments:
        yield from _experiment(one, shorts[one.id], look)


def _experiment(one: Experiment, short: str, look: Look) -> Iterator[str]:
    verdict = one.status if one.found.is_upheld is None else one.found.verdict
    head = clean(f"{one.name or one.id}") + (f", {one.terms.replace('_', ' ')}" if one.terms else "")
    room = look.width - len(short) - len(verdict) - 4
    mark = look.paint(verdict, _VERDICT_STYLES[one.found.is_upheld])
    yield f"{look.paint(short, 'bold')}  {shortened(head, room)}  {mark}"
    said = (
        ("tried whether", one.found.hypothesis),
        ("came of it", one.found.result),
        ("learned", one.found.lesson),
        ("also", one.says_outcomes),
    )
    for name, words in said:
        if words:
            first, *rest = broken(clean(words), look.width - 18)
            yield f"    {look.paint(f'{name:<13}', 'dim')} {first}"
            yield from (f"{'':<18}{line}" for line in rest)


def _rhythm(page: Page, look: Look) -> Iterator[str]:
    time = page.time
    if not time.weeks:
        return
    marks = "".join(map(_mark, page.weeks))
    yield ""
    yield f"{look.paint('reviews', 'dim')}   {marks}  {time.weeks_reviewed} of {counted(time.weeks, 'week')}" + (
        f", {counted(time.weeks_paused, 'pause')}" if time.weeks_paused else ""
    )
    spent = say_minutes(time.minutes)
    if time.capacity_minutes:
        room = bar_room(look, BAR_ROOM)
        drawn_bar = bar(min(time.minutes, time.capacity_minutes), time.capacity_minutes, room)
        yield f"{look.paint('capacity', 'dim')}  {drawn_bar}  {spent} of {say_minutes(time.capacity_minutes)}"
    else:
        yield f"{look.paint('spent', 'dim')}     {spent}"


def _mark(week: TrendWeek) -> str:
    return "●" if week.has_review else _GAPS.get(week.state, "○")


def _wins(page: Page, look: Look) -> Iterator[str]:
    if not page.wins_in_all:
        return
    yield ""
    yield look.paint(f"{counted(page.wins_in_all, 'win')} in all, {len(page.wins)} in {page.quarter}", "bold")
    rows = [(f"  {one.on}", one.text) for one in page.wins[:WINS_SHOWN]]
    yield from table(("", ""), rows, look, styles=("dim", "good")) if rows else ()
    if len(page.wins) > WINS_SHOWN:
        yield look.paint("  more: mp win list", "dim")


def _offerings(page: Page, look: Look) -> Iterator[str]:
    if page.offerings:
        yield ""
        yield look.paint("offerings, on your devices only", "dim")
        rows = [(one.name or one.id, one.price, _uptake(one)) for one in page.offerings]
        yield from table(("", "", ""), rows, look, styles=("bold",))


def _uptake(one: Priced) -> str:
    return "; ".join(each.says for each in one.uptake) or "no uptake read yet"
