"""Contacts for people: the list, who waits for a word, and the funnel from the target list to what came of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from milepost.projections.funnel import Funnel, Waiting, funnel, waiting
from milepost.projections.people import Contact
from milepost_client.answer import Answer, Look
from milepost_client.pages.lists import Row, listed, short_ids
from milepost_client.pages.worded import texts_of
from milepost_client.recording.dates import say_date
from milepost_client.render.bars import bar, bar_room
from milepost_client.render.table import blocks, table
from milepost_client.render.wrapped import wrapped
from milepost_client.views.plain import plain
from milepost_client.views.views import Views

BAR_ROOM = 24
_INSIDE = "└ "
_HEADS = ("id", "contact", "is", "touches", "last", "")
_ROLE = 2
_EMPTY = 'nobody is here yet: mp contact add "Dana R." --class recruiter --target'
_WAITING_STYLES = ("bold", "", "", "dim", "note")


def contacts_listed(views: Views, *, is_due: bool, today: date) -> Answer:
    """Every contact, those met last first; or with `is_due` who waits for a word."""
    contacts = views.all(Contact)
    names, shorts = views.names("contact"), short_ids([contact.id for contact in contacts])
    if is_due:
        return _due_listed(waiting(contacts, today), names, shorts, today)
    ordered = sorted(contacts, key=_last, reverse=True)
    rows = [_row(views, contact, names.get(contact.id), shorts[contact.id]) for contact in ordered]
    return listed("contacts/1", "contacts", rows, _HEADS, _EMPTY, spared=_ROLE)


def _last(contact: Contact) -> tuple[str, str]:
    # An entry's id begins with its time, so touches of one day stay in their order.
    return (contact.touches[-1].on, contact.touches[-1].event) if contact.touches else ("", contact.id)


def _row(views: Views, contact: Contact, name: str | None, short: str) -> Row:
    words = texts_of(views.log, contact, "added")
    data = {
        "id": contact.id,
        "short_id": short,
        "name": name,
        **plain(contact),
        "employer": words.get("employer"),
        "link": words.get("link"),
        "met": contact.is_met,
    }
    cells = (short, name or "(unnamed)", _says_role(contact), _touches(contact), _says_last(contact), _state(contact))
    return Row(data, cells)


def _says_role(contact: Contact) -> str:
    return contact.role.replace("_", " ")


def _touches(contact: Contact) -> str:
    """A mark a touch, the last twelve by day: where it is long, it was kept up."""
    return "●" * min(12, sum(contact.counts.values())) or "·"


def _says_last(contact: Contact) -> str:
    if not contact.touches:
        return "not met yet"
    last = contact.touches[-1]
    return f"{last.kind.replace('_', ' ')} {last.on}"


def _state(contact: Contact) -> str:
    return "thanks due" if contact.unthanked else "targeted" if contact.on_target_list else ""


def _due_listed(found: Sequence[Waiting], names: Mapping[str, str], shorts: Mapping[str, str], today: date) -> Answer:
    rows = [_waiting_row(one, names.get(one.contact), shorts[one.contact], today) for one in found]

    def text(look: Look) -> list[str]:
        if not rows:
            return ["nobody waits for a word from you"]
        said = blocks([row.cells[:-1] for row in rows], look, styles=_WAITING_STYLES)
        # What to type stands on a line of its own: broken it would be of no use.
        answers = [look.paint(f"     {row.cells[-1]}", "dim") for row in rows]
        return [line for block, answer in zip(said, answers, strict=True) for line in (*block, answer)]

    return Answer("contacts_due/1", {"due": [row.data for row in rows]}, text, [row.cells for row in rows])


_ANSWERS = {"thanks": "thanks --recap", "follow_up": "follow_up --personalised", "mentor_session": "mentor_session 30m"}


def _waiting_row(one: Waiting, name: str | None, short: str, today: date) -> Row:
    command = f"mp touch {short} {_ANSWERS[one.what]}"
    over = (today - one.due).days
    data: dict[str, object] = {
        "id": one.contact,
        "short_id": short,
        "name": name,
        "what": one.what,
        "since": one.since.isoformat(),
        "due_on": one.due.isoformat(),
        "days_over": max(0, over),
        "command": command,
    }
    late = f"{over} days over" if over > 1 else f"due {say_date(one.due, today)}"
    since = f"since {one.since.isoformat()}"
    return Row(data, (short, name or "(unnamed)", one.what.replace("_", " "), since, late, command))


def funnel_shown(views: Views, today: date, as_of: date | None) -> Answer:
    """How far it came with whom, now or as of a day."""
    found = funnel(views.shelf(as_of))
    day = as_of or today
    data = {"as_of": day.isoformat(), **plain(found), "thanked_percent": found.thanked_percent}
    records = [(label.removeprefix(_INSIDE), figure, note) for label, figure, note in _steps(found)]

    def text(look: Look) -> list[str]:
        if not any(figure for _, figure, _ in records):
            return wrapped(_EMPTY, look)
        return [look.paint(f"people as of {say_date(day, today)}", "bold"), *_drawn(found, look)]

    return Answer("funnel/1", data, text, records)


def _steps(found: Funnel) -> Iterator[tuple[str, int, str]]:
    yield "set out to reach", found.targeted, ""
    yield _INSIDE + "met of those", found.targeted_met, f"of {found.targeted}" if found.targeted else ""
    yield "relationships", found.relationships, "each person once"
    for role, count in found.by_class.items():
        yield _INSIDE + role.replace("_", " "), count, ""
    yield "outreach", found.outreach, f"{found.personalised} touches personalised" if found.personalised else ""
    yield "interviews", found.interviews, ""
    share = found.thanked_percent
    yield _INSIDE + "thanked", found.thanked, "" if share is None else f"{share} % of {found.interviews}"
    for kind, count in found.outcomes.items():
        yield kind.replace("_", " "), count, "came of it"


def _drawn(found: Funnel, look: Look) -> list[str]:
    steps = list(_steps(found))
    widest = max(1, *(count for _, count, _ in steps))
    room = bar_room(look, BAR_ROOM)
    drawn = [(label, count, bar(count, widest, room).rstrip("░"), note) for label, count, note in steps]
    return table(("", "", "", ""), drawn, look, styles=("", "bold", "good", "dim"))
