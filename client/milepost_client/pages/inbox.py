"""The inbox: what waits for the member, and what came from others, each with the command that answers it."""

from collections.abc import Iterable

from milepost.ids import EVENT_ID_BYTES, from_base32
from milepost.projections.asking import Help
from milepost.projections.inbox import Inbox
from milepost_client.answer import Answer, Look
from milepost_client.pages.lists import short_ids
from milepost_client.pod.notices import Notices, mark_shown, notices
from milepost_client.recording.commands import short_event
from milepost_client.recording.commands import today as today_of
from milepost_client.render.counted import counted
from milepost_client.render.wrapped import reflowed
from milepost_client.terminal import Terminal
from milepost_client.views.plain import plain
from milepost_client.views.views import Views


def inbox(where: Terminal) -> Answer:
    """What waits for the member, in words."""
    with where.views() as views:
        found, told = views.inbox(), notices(views, today_of(where.world))
        news, lines = [*_told_lines(told), *_left_lines(views, told)], list(_inbox_lines(views, found))
        mark_shown(views.log, told)
    data = plain(found) | plain(told)

    def text(look: Look) -> list[str]:
        # Read whole: what people said, and the command that answers the rest.
        said = reflowed((f"{what:<10}  {where}: {text}" for what, where, text in (*news, *lines)), look)
        return [*said] or ["the inbox is empty"]

    return Answer("inbox/1", data, text, [*news, *lines])


def _told_lines(told: Notices) -> Iterable[tuple[str, str, str]]:
    for answer in told.new_answers:
        yield "answer", answer.by_name, f"{answer.text} (you asked: {answer.request or answer.help})"
    for reader in told.readers:
        since = f" since {reader.since}" if reader.since else ""
        yield "new reader", reader.name, f"may read what you share with {reader.audience}{since}"
    if told.offer:
        yield "offer", f"{told.offer.pod_name} of {told.offer.cohort_name}", "take the place with: mp pod --name NAME"
    if told.removed_from:
        yield "removed", told.removed_from, "you have no place there any more; nobody there sees you by name"


def _left_lines(views: Views, told: Notices) -> Iterable[tuple[str, str, str]]:
    shorts = short_ids([help_.id for help_ in views.all(Help)]) if told.left_requests else {}
    for one in told.left_requests:
        again = "nobody reads it since you left the pod you asked it in; ask again with: mp ask again"
        yield "to ask again", one.to, f"{one.text or one.help}: {again} {shorts[one.help]}"


def _inbox_lines(views: Views, found: Inbox) -> Iterable[tuple[str, str, str]]:
    for conflict in found.conflicts:
        what = views.name(conflict.kind, conflict.id) or f"{conflict.kind} {conflict.id}"
        yield (
            "conflict",
            what,
            f"{conflict.field}: {len(conflict.events)} writes that did not know each other; the last stands; "
            f"keep another with: mp inbox keep {_short(views, conflict.events[1])}",
        )
    for double in found.likely_doubles:
        what = views.name(double.kind, double.id) or f"{double.kind} {double.id}"
        yield (
            "likely double",
            what,
            f"{len(double.events)} entries; take one back with: mp undo {_short(views, double.events[-1])}",
        )
    for aside in found.set_aside:
        why = aside.message or aside.reason
        short = _short(views, aside.event)
        yield "set aside", short, f"{aside.type}: {why}; out of the inbox with: mp inbox dismiss {short}"
    for event in found.left_out:
        short = _short(views, event)
        yield "left out", short, f"its device was revoked, or never enrolled; count it with: mp inbox accept {short}"
    for unread in found.unread:
        yield "unreadable", unread.event, f"its text is {unread.reason}"
    if found.unknown:
        yield "newer", counted(found.unknown, "entry", "entries"), "from a newer Milepost; upgrade to see them"


def _short(views: Views, event: str) -> str:
    stored = views.log.get(from_base32(event, EVENT_ID_BYTES))
    return short_event(stored.event) if stored else event
