"""`answer`: what a lead says to a request for help."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from milepost.errors import UsageError
from milepost_client.answer import Answer, Look, clean
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.pod.leading import fitting, lead
from milepost_client.recording.commands import today as today_of
from milepost_client.recording.instants import say_instant
from milepost_client.render.wrapped import reflowed
from milepost_client.sync.web import Item
from milepost_client.terminal import Terminal

app = new_app()
SHORT_ID = 5


@app.command("answer", cls=Command)
def answer(
    ctx: typer.Context,
    id: Annotated[str | None, typer.Argument(metavar="[ID]", show_default=False)] = None,
    text: Annotated[str | None, typer.Argument(metavar="[SENTENCE]", show_default=False)] = None,
) -> Answer:
    """Answer a request for help of somebody you lead, in a sentence; alone, list the requests that wait.

    mp answer
    mp answer zjy "I will ask the platform team today"
    """
    where = terminal(ctx)
    leading = lead(where)
    waiting = leading.requests()
    if id is None:
        return _listed(where, waiting)
    by_id = {one["id"]: one for one in waiting}
    request = by_id[fitting(list(by_id), id, "waiting request")]
    said = where.read_text() if text == "-" else text
    if not said and where.can_ask:
        said = where.ask(
            f"{request['name']} asks: {request['text'] or request['kind']}\nYour answer, in clear to them?"
        )
    if not said:
        raise UsageError("the answer has no words", code="missing", field="text", remedy='try: mp answer ID "…"')
    came = leading.act("requests/answer", {"help": request["id"], "text": said})
    data = {"act": "requests/answer", "says": f"{request['name']} is answered", "id": request["id"], "answer": came}

    def lines(look: Look) -> list[str]:
        return [f"{look.paint('✓', 'good')} {clean(request['name'])} is answered: {clean(said)}"]

    talk = (f"in clear to {request['name']}, to who else reads the request, and to whoever runs the server",)
    return Answer("lead/1", data, lines, [(request["id"], said)], talk=talk)


def _listed(where: Terminal, waiting: Sequence[Item]) -> Answer:
    def text(look: Look) -> list[str]:
        return reflowed((line for one in waiting for line in _lines(where, one)), look) or ["no request waits"]

    records = [(one["id"], one["pod_name"], one["name"], one["state"], one["text"]) for one in waiting]
    talk = ('next: mp answer ID "…"',) if waiting else ()
    return Answer("waiting/1", {"requests": list(waiting)}, text, records, talk=talk)


def _lines(where: Terminal, one: Item) -> Iterator[str]:
    about = f", about a {one['about']}" if one["about"] else ""
    asked = f"{one['name']} of {one['pod_name']}, {say_instant(where.world, one['asked_at'], today_of(where.world))}"
    yield f"{one['id'][:SHORT_ID]}  {clean(asked + about)}"
    yield f"{'':{SHORT_ID}}  {clean(one['text'] or one['kind'])}"
    yield from (f"{'':{SHORT_ID}}  {clean(each['by_name'])}: {clean(each['text'])}" for each in one["answers"])
