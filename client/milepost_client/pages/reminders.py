"""Reminders: what is due, each with the command that answers it."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from milepost.checks.nudge import Nudge, nudges
from milepost_client.answer import Answer, Look
from milepost_client.recording.commands import today as today_of
from milepost_client.render.wrapped import with_command
from milepost_client.terminal import Terminal
from milepost_client.views.views import Views

# An id of a thing, whole, as the nudges say it.
_ID = re.compile(r"\b[0-9a-hjkmnp-tv-z]{16}\b")


class Typed(NamedTuple):
    """A reminder as people read it: the message, and the command with the id that is short here and now."""

    message: str
    command: str


def due(where: Terminal) -> Answer:
    """What is due, each with the command that answers it."""
    with where.views() as views:
        reminders = nudges_of(where, views, today_of(where.world)) if views.log.is_born else []
        lines = typed(views, reminders)
    rows = [(nudge.code, nudge.message, nudge.command) for nudge in reminders]

    def text(look: Look) -> list[str]:
        return nudged(lines, look) or ["nothing is due"]

    return Answer("due/1", {"nudges": [nudge._asdict() for nudge in reminders]}, text, rows)


def nudges_of(where: Terminal, views: Views, day: date) -> list[Nudge]:
    """The reminders of a day."""
    return nudges(views.due(day, wants_goals=where.config.get("nudge.between_goals") == "yes"))


def typed(views: Views, reminders: Sequence[Nudge]) -> list[Typed]:
    """Reminders as people read them."""
    return [Typed(nudge.message, _ID.sub(lambda id: views.short(id[0]), nudge.command)) for nudge in reminders]


def nudged(reminders: Sequence[Typed], look: Look) -> list[str]:
    """The lines of reminders."""
    marked = (with_command(f"! {message}", command, look) for message, command in reminders)
    return [line for first, *rest in marked for line in (look.paint("!", "note") + first[1:], *rest)]
