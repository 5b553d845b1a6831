"""`pod` and `share`."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from milepost.catalogue.declare import FAMILIES
from milepost.errors import PeerError, UsageError
from milepost.wording import audiences
from milepost_client import consents, membership
from milepost_client.answer import Answer, Look, Text, Warn
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.commands import Plan
from milepost_client.commands import today as today_of
from milepost_client.dates import read_date
from milepost_client.membership import Place
from milepost_client.pods import Person, kept_page, kept_summary
from milepost_client.render.table import table
from milepost_client.words.declare import choose

Summary = dict[str, Any] | None

app = new_app()
share = new_app(
    """Say who may see what, look at it, take it back. By default nobody sees anything.

    mp share show
    mp share grant progress --to pod --until 2026-06-30
    mp share withdraw --to pod
    """
)
app.add_typer(share, name="share")

Families = Annotated[list[str] | None, typer.Argument(metavar="[FAMILY ...]", show_default=False)]
To = Annotated[str | None, typer.Option("--to", metavar="WHO", help="pod, lead, pod_total or cohort_total")]


@app.command("pod", cls=Command)
def pod(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Option("--name", help="take the place you were offered, under this name")] = None,
) -> Answer:
    """Show your pod: who is in it, and its week as far as three or more share it.

    mp pod
    mp pod --name Mara
    """
    from milepost_client.rounds import synced

    where = terminal(ctx)
    warnings: list[Warn] = []
    if name is not None:
        with where.desk() as desk:
            place = membership.require_place(desk.log)
            desk.record(Plan((membership.joining(place, name),), "pod joined", None, desk.today, (), "mp pod"))
    try:
        synced(where)
    except PeerError as error:
        warnings.append(Warn(error.code, f"{error.message}; this is what the server said before"))
    with where.log() as log:
        place = membership.require_place(log)
        page, summary = kept_page(log), kept_summary(log)
    members = page.members if page else ()
    return Answer(
        "pod/1", _data(place, members, summary), _pod(place, members, summary), _pod_records(place, summary), warnings
    )


def _data(place: Place, members: Sequence[Person], summary: Summary) -> dict[str, object]:
    return {
        "said_on": place.said_on,
        "pod": {"id": place.pod, "name": place.pod_name},
        "cohort": {"id": place.cohort, "name": place.cohort_name, "end": place.end},
        "members": [{"name": one.name, "me": one.me} for one in members],
        "summary": summary,
    }


def _pod(place: Place, members: Sequence[Person], summary: Summary) -> Text:
    def text(look: Look) -> list[str]:
        names = [one.name + (" (you)" if one.me else "") for one in members]
        lines = [f"{look.paint(place.pod_name, 'bold')} of {place.cohort_name}, until {place.end}"]
        lines += [f"  {', '.join(names)}"] if names else []
        return [*lines, "", *_summary(summary, look)]

    return text


def _summary(summary: Summary, look: Look) -> list[str]:
    if not summary or not summary.get("figures"):
        return ["no week has been added up yet"]
    rows = [(name.replace("_", " "), figure_words(figure)) for name, figure in summary["figures"].items()]
    heading = f"week {summary.get('week', '')}: summed over three or more who share, never an exact number of people"
    return [heading, *table(("", ""), rows, look)]


def figure_words(figure: Mapping[str, Any]) -> str:
    """A disclosed figure: each state differs in its word and its sign."""
    words = {"no_data": "– no data", "hidden": "▒ not enough people share this", "pending": "… not added up yet"}
    return words.get(figure["state"]) or str(figure.get("value"))


def _pod_records(place: Place, summary: Summary) -> list[tuple[object, ...]]:
    figures = (summary or {}).get("figures") or {}
    return [
        ("pod", place.pod, place.pod_name),
        *((name, one["state"], one.get("value")) for name, one in figures.items()),
    ]


@share.command("show", cls=Command)
def show(
    ctx: typer.Context,
    as_: Annotated[str | None, typer.Option("--as", metavar="WHO", help="what exactly that audience gets")] = None,
) -> Answer:
    """Show who may see what, and until when.

    mp share show
    mp share show --as lead
    """
    from milepost_client.showing import consents as standing
    from milepost_client.showing import preview

    where = terminal(ctx)
    today = today_of(where.world)
    with where.views() as views:
        grants = standing(views, today)
        seen = preview(views, consents.audience(as_), grants, today) if as_ else None
    rows = [(one.audience, family, one.until) for one in grants for family in one.families]
    data = {"grants": [one._asdict() for one in grants], "as": as_, "seen": seen.data if seen else None}

    def text(look: Look) -> list[str]:
        if seen is not None:
            return list(seen.lines)
        if not rows:
            return ["nobody sees anything of yours"]
        return table(("who", "what", "until"), rows, look, styles=("bold",))

    talk = ("whoever runs the server can read your facts; your texts open on your devices only",)
    return Answer("share/1", data, text, rows, talk=talk)


@share.command("grant", cls=Command)
def grant(
    ctx: typer.Context,
    families: Families = None,
    to: To = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="the last day; the cohort's end if not given")
    ] = None,
) -> Answer:
    """Let an audience see families of your facts: progress, rhythm, skills, people, evidence, outcomes.

    mp share grant progress --to pod --until 2026-06-30
    mp share grant progress rhythm --to pod_total
    """
    where = terminal(ctx)
    chosen = _families(families, "try: mp share grant progress --to pod")
    audience = _audience(to)
    with where.desk() as desk:
        place = membership.require_joined(desk.log)
        end = place.end if until is None else read_date(until, desk.today, "due", "until").isoformat()
        intent = consents.granting(desk, place, audience, chosen, end)
        details = (f"until {end}", audience.preview)
        says = f"{', '.join(chosen)} shared with {audience.name}"
        return desk.record(Plan((intent,), says, None, desk.today, details, "mp sync"))


@share.command("withdraw", cls=Command)
def withdraw(ctx: typer.Context, families: Families = None, to: To = None) -> Answer:
    """Take a consent back, at once; what was published in totals stays.

    mp share withdraw progress --to pod
    mp share withdraw --to pod
    """
    where = terminal(ctx)
    chosen = _families(families, "") if families else list(FAMILIES)
    audience = _audience(to)
    with where.desk() as desk:
        place = membership.require_place(desk.log)
        intent = consents.withdrawing(place, audience, chosen)
        says = f"{', '.join(chosen)} no longer shared with {audience.name}"
        return desk.record(Plan((intent,), says, None, desk.today, (), "mp sync"))


def _families(typed: list[str] | None, remedy: str) -> list[str]:
    if not typed:
        raise UsageError("say what to share", code="missing", field="family", remedy=remedy)
    return list(dict.fromkeys(choose(one, FAMILIES, "family") for one in typed))


def _audience(to: str | None) -> Any:
    if to is None:
        names = ", ".join(one.name for one in audiences())
        raise UsageError("say with whom", code="missing", field="to", remedy=f"try: --to pod; there are {names}")
    return consents.audience(to)
