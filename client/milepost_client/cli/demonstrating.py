"""`demo`: the main job on one machine."""

from typing import Annotated

import typer

from milepost_client.answer import Answer
from milepost_client.cli.frame import Command, new_app, terminal

app = new_app()


@app.command("demo", cls=Command)
def demo(
    ctx: typer.Context,
    serve: Annotated[bool, typer.Option("--serve", help="keep the server up afterwards, until interrupted")] = False,
) -> Answer:
    """Show the main job on this machine: two devices offline, a pod, a server, and what comes of it.

    mp demo
    mp demo --serve
    """
    from milepost_client.demo.demo import run

    return run(terminal(ctx), serve=serve)
