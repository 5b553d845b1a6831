"""`help`: a command's page, or a topic; and `--version`."""

from importlib.metadata import version as version_of
from typing import Annotated, Any

import typer

from milepost_client.answer import Answer
from milepost_client.cli.frame import Command, help_lines, new_app, unknown
from milepost_client.cli.index import MODULES
from milepost_client.cli.overview import EVERY, short, whole
from milepost_client.cli.topics import TOPICS
from milepost_client.render.wrapped import reflowed

app = new_app()


@app.command("help", cls=Command)
def help_(
    ctx: typer.Context, topic: Annotated[list[str] | None, typer.Argument(metavar="[TOPIC]", show_default=False)] = None
) -> Answer:
    """Explain a command, or a topic: dates, ids, privacy, exit-codes, events; `all` lists every command.

    mp help all
    mp help milestone start
    mp help dates
    """
    words = topic or []
    lines = list(_page(ctx.find_root().command, words))
    data = {"topic": " ".join(words), "text": "\n".join(lines)}
    return Answer("help/1", data, lambda look: reflowed(lines, look), [(one,) for one in lines])


def version() -> Answer:
    """Which release this is."""
    number = version_of("milepost")
    return Answer("version/1", {"version": number}, lambda look: [f"milepost {number}"], [(number,)])


def _page(root: Any, words: list[str]) -> list[str]:
    if not words:
        return short(root)
    if words == [EVERY]:
        return whole(root)
    if words[0] in TOPICS:
        return TOPICS[words[0]]().strip().split("\n")
    command = root
    for word in words:
        known = list(MODULES) if command is root else list(getattr(command, "commands", ()))
        if word not in known:
            raise unknown(word, [*known, *TOPICS, EVERY], "mp help")
        command = root.get_command(None, word) if command is root else command.commands[word]
    return list(help_lines(command, " ".join(["mp", *words])))
