"""`list` after a daily word."""

from typing import Annotated

import typer

from milepost_client.answer import Answer
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.cli.looking import Limit, span
from milepost_client.cli.parameters import Since
from milepost_client.pages import lists
from milepost_client.pages.logged import LISTED, of_daily_word
from milepost_client.recording.commands import today
from milepost_client.recording.entries import matching

app = new_app()

All = Annotated[bool, typer.Option("--all", help="closed ones too")]

# Words that have no view of their own: their entries are the list.
_ENTRIES = {
    "touch": "List touches with their people, the newest day first.",
    "spend": "List time spent and on what, the newest day first.",
    "feedback": "List what others said, the newest first.",
}


@app.command("goal list", cls=Command)
def goals(ctx: typer.Context, every: All = False) -> Answer:
    """List goals: the learning and visible ones first.

    mp goal list --all
    """
    with terminal(ctx).views() as views:
        return lists.goals_listed(views, today(views.log.world), every=every)


@app.command("done list", cls=Command)
def closed(ctx: typer.Context) -> Answer:
    """List goals, closed ones too.

    mp done list
    """
    with terminal(ctx).views() as views:
        return lists.goals_listed(views, today(views.log.world), every=True)


@app.command("rate list", cls=Command)
def skills(ctx: typer.Context) -> Answer:
    """List skills with their ratings and targets, the widest gap first.

    mp rate list
    """
    with terminal(ctx).views() as views:
        return lists.skills_listed(views)


@app.command("metric list", cls=Command)
def metrics(ctx: typer.Context) -> Answer:
    """List metrics with their last reading.

    mp metric list
    """
    with terminal(ctx).views() as views:
        return lists.metrics_listed(views)


def _of_entries(word: str) -> None:
    def run(ctx: typer.Context, since: Since = None, limit: Limit = None) -> Answer:
        where = terminal(ctx)
        first, count = span(where, since, limit)
        with where.desk(fresh=True) as desk:
            lines = matching(desk.log, desk.seen, since=first, type_=LISTED[word].type, about="", limit=count)
            return of_daily_word(desk, word, lines, first.isoformat() if first else None)

    run.__doc__ = f"{_ENTRIES[word]}\n\n    mp {word} list --since 2w"
    app.command(f"{word} list", cls=Command)(run)


for _word in _ENTRIES:
    _of_entries(_word)
