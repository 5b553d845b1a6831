"""`share`: who may see what."""

from collections.abc import Sequence
from typing import Annotated

import typer

from milepost.catalogue.declare import FAMILIES
from milepost.errors import UsageError
from milepost.wording import Audience, audiences
from milepost_client.answer import Answer, Look
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.pages.showing import lines, preview
from milepost_client.pod import consents, membership
from milepost_client.pod.consents import Granted
from milepost_client.recording.commands import Intent, Plan
from milepost_client.recording.commands import today as today_of
from milepost_client.recording.dates import read_date
from milepost_client.recording.declare import choose
from milepost_client.recording.instants import in_column
from milepost_client.render.table import table
from milepost_client.terminal import Terminal
from milepost_client.words.asking import READERS

AUDIT = "/v1/me/audit"

app = new_app()
share = new_app()
app.add_typer(share, name="share")

Families = Annotated[list[str] | None, typer.Argument(metavar="[FAMILY ...]", show_default=False)]
To = Annotated[str | None, typer.Option("--to", metavar="WHO", help="pod, lead, pod_total or cohort_total")]


@share.callback(invoke_without_command=True)
def questions(ctx: typer.Context) -> Answer | None:
    """Say who may see what, look at it, take it back. By default nobody sees anything; alone, it asks.

    mp share
    mp share show --as lead
    mp share grant progress --to pod --until 2026-06-30
    mp share withdraw --to pod
    """
    if ctx.invoked_subcommand is not None:
        return None
    where = terminal(ctx)
    if where.can_ask:
        from milepost_client.cli.consent_talk import ask_consents

        with where.desk() as desk:
            place = membership.require_joined(desk.log)
            ask_consents(where, desk, place, consents.standing(desk.log, desk.today))
    return _shown(where, None)


@share.command("show", cls=Command)
def show(
    ctx: typer.Context,
    as_: Annotated[str | None, typer.Option("--as", metavar="WHO", help="what exactly that audience gets")] = None,
) -> Answer:
    """Show who may see what, and until when.

    mp share show
    mp share show --as lead
    """
    return _shown(terminal(ctx), None if as_ is None else consents.audience(as_))


def _shown(where: Terminal, to: Audience | None) -> Answer:
    with where.views() as views:
        today = consents.day_there(views.log, where.world.now_ms(), today_of(where.world))
        grants = consents.standing(views.log, today)
        seen = None if to is None else preview(views, to, today)
        names = dict(views.names("milestone")) if seen else {}
    rows = [(one.audience, family, one.until) for one in grants for family in one.families]
    data = {
        "grants": [one._asdict() for one in grants],
        "as": None if to is None else to.name,
        "seen": seen.data() if seen else None,
    }

    def text(look: Look) -> Sequence[str]:
        if seen is not None:
            return lines(seen, names, today, look)
        return _granted(grants, look)

    talk = ("whoever runs the server can read your facts; your texts open on your devices only",)
    return Answer("share/1", data, text, rows, talk=talk)


def _granted(grants: Sequence[Granted], look: Look) -> list[str]:
    if not grants:
        return ["nobody sees anything of yours"]
    rows = [(one.audience, ", ".join(one.families), one.until) for one in grants]
    return table(("who", "what", "until"), rows, look, styles=("bold",))


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
        says = f"{', '.join(chosen)} shared with {audience.name}"
        answer = desk.record(Plan((intent,), says, None, desk.today, (f"until {end}",), "mp sync"))
    return answer._replace(talk=(audience.preview, audience.after, *answer.talk))


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
        says = f"{', '.join(chosen)} no longer shared" if families else "nothing is shared any more"
        says = f"{says} with {audience.name}"
        return desk.record(Plan((intent,), says, None, desk.today, (), "mp sync"))


@share.command("title", cls=Command)
def title(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(metavar="MILESTONE", show_default=False)],
    to: Annotated[str | None, typer.Option("--to", metavar="WHO", help="pod or lead")] = None,
    text: Annotated[str | None, typer.Option("--text", help="other words than its title")] = None,
) -> Answer:
    """Say what a milestone is called, in clear, to who sees it by name. The title itself never leaves your devices.

    mp share title CSPO --to lead
    mp share title CSPO --to pod --text "A scrum certificate"
    """
    where = terminal(ctx)
    reader = choose(to or "", READERS, "to")
    with where.desk() as desk:
        place = membership.require_joined(desk.log)
        milestone = desk.find(("milestone",), id)
        said = desk.words(text) or milestone.name
        intent = Intent("words.said", {"to": reader, "text": said, "ref": [milestone.id]})
        details = (f"{reader} reads: {said}", membership.readers_said(place, reader))
        return desk.record(
            Plan((intent,), "title said of", milestone, desk.today, details, f"mp share show --as {reader}")
        )


@share.command("seen", cls=Command)
def seen(
    ctx: typer.Context, every: Annotated[bool, typer.Option("--all", help="older ones too, all there are")] = False
) -> Answer:
    """List who was shown you by name, and what was done about you, as the server's audit log has it: the newest first.

    mp share seen
    mp share seen --all
    """
    from milepost_client.pod.rounds import opened

    where = terminal(ctx)
    web = opened(where)
    rows, older = (list(web.every(AUDIT, "items")), "") if every else web.page(AUDIT, "items")
    cells = [(in_column(where.world, one["at"]), one["by"], act_words(one["act"]), one["pod_name"]) for one in rows]

    def text(look: Look) -> list[str]:
        heads = ("when", "who", "what", "pod")
        return table(heads, cells, look) if cells else ["nobody was shown you by name, and nothing was done about you"]

    talk = (f"the newest {len(rows)}; older ones too: mp share seen --all",) if older else ()
    return Answer("seen/1", {"rows": rows, "has_older": bool(older)}, text, cells, talk=talk)


def act_words(act: str) -> str:
    """An act of the audit log, in words."""
    return _ACTS.get(act, act.replace("/", " "))


_ACTS = {
    "people/read": "was shown you by name",
    "members/place": "offered you a place",
    "members/move": "offered you another place",
    "members/remove": "took your place away",
    "leads/appoint": "let you lead",
    "leads/remove": "ended your leading",
    "requests/answer": "answered your request",
}


def _families(typed: list[str] | None, remedy: str) -> list[str]:
    if not typed:
        raise UsageError("say what to share", code="missing", field="family", remedy=remedy)
    return list(dict.fromkeys(choose(one, FAMILIES, "family") for one in typed))


def _audience(to: str | None) -> Audience:
    if to is None:
        names = ", ".join(one.name for one in audiences())
        raise UsageError("say with whom", code="missing", field="to", remedy=f"try: --to pod; there are {names}")
    return consents.audience(to)
