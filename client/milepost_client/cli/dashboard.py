"""`dashboard`: the way in for somebody who leads."""

import sys
import webbrowser
from typing import Annotated

import typer

from milepost_client.answer import Answer, Look
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.pod.rounds import opened
from milepost_client.recording.commands import today
from milepost_client.recording.instants import say_instant

app = new_app()


@app.command("dashboard", cls=Command)
def dashboard(
    ctx: typer.Context,
    no_open: Annotated[bool, typer.Option("--no-open", help="only print the address")] = False,
) -> Answer:
    """Open the dashboard of what you lead. The address lets whoever has it in, once, for ten minutes.

    mp dashboard
    mp dashboard --no-open
    """
    where = terminal(ctx)
    web = opened(where)
    link = web.post("/v1/dashboard/link", {})
    url, expires = str(link["url"]), str(link["expires"])
    # A browser is sent to the server that was joined, and nowhere else that an answer may name.
    may_open = sys.stdout.isatty() and not (no_open or where.flags.json) and url.startswith(f"{web.server.url}/")
    is_opened = may_open and webbrowser.open(url)
    talk = ["opened in your browser"] if is_opened else []
    until = say_instant(where.world, expires, today(where.world))
    talk.append(f"works once, until {until}; give it to nobody")

    def text(look: Look) -> list[str]:
        return [url]

    return Answer(
        "dashboard/1", {"url": url, "expires": expires, "opened": is_opened}, text, [(url, expires)], talk=talk
    )
