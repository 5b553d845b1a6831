"""The consent questions: one an audience, none ticked, each under its whole wording and what it would show today."""

import sys
from collections.abc import Sequence
from textwrap import wrap

from milepost.wording import AT_JOIN, CURRENT, Audience, audiences
from milepost_client.answer import look
from milepost_client.pages.showing import today_would_be
from milepost_client.pod.consents import Granted, ending, granting
from milepost_client.pod.membership import Place
from milepost_client.recording.commands import Desk, Plan
from milepost_client.terminal import Terminal
from milepost_client.views.views import Views

YES = ("y", "yes")
NO = ("n", "no")


def ask_consents(where: Terminal, desk: Desk, place: Place, held: Sequence[Granted] = ()) -> list[str]:
    """Put a question for each audience and record the answers; the names of those that may read afterwards.

    Enter changes nothing. Where nobody can be asked, nothing is asked and nothing changes.
    """
    standing = {one.audience: one for one in held}
    if where.can_ask:
        shown = _shown_today(where, desk)
        for number, to in enumerate(audiences(), 1):
            _say(where, f"{number} of {len(audiences())}: {to.name}", to, shown[to.name])
            before = standing.pop(to.name, None)
            after = _agree(where, desk, place, to) if before is None else _go_on(where, desk, before)
            if after is not None:
                standing[to.name] = after
    return [to.name for to in audiences() if to.name in standing]


def _agree(where: Terminal, desk: Desk, place: Place, to: Audience) -> Granted | None:
    question = f"It would cover {', '.join(AT_JOIN)}, until {place.end}. Share with {to.name}? [y/N]"
    if where.ask(question).lower() not in YES:
        return None
    intent = granting(desk, place, to, AT_JOIN, place.end)
    desk.record(Plan((intent,), "shared", None, desk.today, (), "mp share show"))
    scope_id = str(intent.values["id"])
    return Granted(to.name, to.scope, scope_id, list(AT_JOIN), desk.today.isoformat(), place.end, CURRENT)


def _go_on(where: Terminal, desk: Desk, held: Granted) -> Granted | None:
    question = f"You share {', '.join(held.families)} until {held.until}. Go on? [Y/n]"
    if where.ask(question).lower() not in NO:
        return held
    desk.record(Plan((ending(held),), "no longer shared", None, desk.today, (), "mp share show"))
    return None


def _shown_today(where: Terminal, desk: Desk) -> dict[str, str]:
    with Views.open(where.home, desk.log) as views:
        views.refresh()
        return {to.name: today_would_be(views, to) for to in audiences()}


def _say(where: Terminal, head: str, to: Audience, shown: str) -> None:
    here = look(sys.stderr, where.flags, where.color)
    sentences = (to.question, to.preview, to.after, shown)
    lines = [here.paint(head, "bold"), *(f"  {line}" for text in sentences for line in wrap(text, here.width - 4))]
    sys.stderr.write("\n".join(["", *lines]) + "\n")
