"""What each audience really gets, as the consents in the log say it now.

By name it is the card that the server shows, from the same function; for totals it is what is added to them. What is
not sent yet counts as if it were.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from milepost.disclosure.named import Card, MilestoneCard, Scope, card
from milepost.disclosure.named import Received as Arrivals
from milepost.ids import EVENT_ID_BYTES, from_base32
from milepost.projections.asking import Words
from milepost.projections.milestones import Milestone
from milepost.projections.tallies import FAMILY_OF
from milepost.wording import Audience, covered
from milepost_client.answer import Look, clean
from milepost_client.pod.adding import Added, added
from milepost_client.pod.consents import Grant, grants
from milepost_client.pod.pods import zone_of
from milepost_client.recording.dates import say_date
from milepost_client.render.counted import counted
from milepost_client.render.table import table
from milepost_client.views.earned import Received, counts
from milepost_client.views.plain import plain
from milepost_client.views.views import Views

# Whoever leads is named as a reader of what is said to the pod, too.
_HEARS = {"lead": ("lead", "pod"), "pod": ("pod",)}


class Preview(NamedTuple):
    """What one audience gets: a card by name, or what is added into a total; neither where nothing is shared."""

    to: Audience
    card: Card | None = None
    added: Added | None = None

    def data(self) -> dict[str, object]:
        """As JSON shows it."""
        what = self.added._asdict() if self.added else None
        return {"audience": self.to.name, "card": plain(self.card), "added": what}


def preview(views: Views, to: Audience, today: date) -> Preview:
    """What that audience gets today."""
    held = [grant for grant in grants(views.log, today) if grant.audience == to.name]
    if not held:
        return Preview(to)
    if to.is_by_name:
        return Preview(to, card=_card(views, to, held, today))
    return Preview(to, added=added(views, to.name, held, today))


def today_would_be(views: Views, to: Audience) -> str:
    """What a consent given now would show at once, in a sentence: an answer should not need imagination."""
    if not to.is_by_name:
        return "Today that is nothing: what you record from next Monday on is counted."
    found = Counter(f"{one.kind.replace('_', ' ')}, {one.status}" for one in views.all(Milestone) if one.is_open)
    kinds = [f"{count} {kind}" if count > 1 else kind for kind, count in sorted(found.items())]
    if not kinds:
        return "Today that is nothing: no milestone of yours is open."
    return (
        f"Today that is {counted(found.total(), 'milestone')} ({'; '.join(kinds)}), without a title, and no count yet."
    )


def _card(views: Views, to: Audience, held: Sequence[Grant], today: date) -> Card | None:
    zone, received = zone_of(views.log), Received(views.log)
    since = {grant.family: grant.since_ms for grant in held}
    scopes = [Scope(grant.family, grant.since(zone, today), grant.until) for grant in held]

    def is_new(family: str, at: int | None) -> bool:
        began = since[family]
        return at is None if began is None else at is None or at >= began

    came = counts(views, lambda measure, at: FAMILY_OF.get(measure) in since and is_new(FAMILY_OF[measure], at))
    arrivals = Arrivals(came, lambda family, event: is_new(family, received.at(from_base32(event, EVENT_ID_BYTES))))
    return card(views.tables, scopes, arrivals, _titles(views, to, received))


def _titles(views: Views, to: Audience, received: Received) -> Callable[[str], str | None]:
    """What was said to this reader about a thing, by itself: its title. The last that arrived stands."""
    said = [words for words in views.all(Words, *_HEARS[to.name]) if words.beside is None]
    unsent = float("inf")

    def arrival(words: Words) -> tuple[float, str]:
        at = received.at(from_base32(words.event, EVENT_ID_BYTES))
        return unsent if at is None else at, words.event

    titles = {id: words.text for words in sorted(said, key=arrival) for id in words.ref}
    return titles.get


def lines(seen: Preview, names: Mapping[str, str], today: date, look: Look) -> list[str]:
    """A preview for people. `names` are the member's own for milestones: a reader has titles alone."""
    if seen.card is not None:
        return _card_lines(seen.to, seen.card, names, today, look)
    if seen.added is not None:
        return _added_lines(seen.to, seen.added, look)
    return [f"{seen.to.name} sees nothing of yours"]


def _card_lines(to: Audience, shown: Card, names: Mapping[str, str], today: date, look: Look) -> list[str]:
    head = look.paint(f"what {to.name} gets, by your name", "bold")
    scopes = [(one.family, f"from {one.since} on", f"until {one.until}") for one in shown.scopes]
    milestones = [_milestone(one, names, today) for one in shown.milestones]
    out = [head, *table(("", "", ""), scopes, look), ""]
    out += (
        [look.paint("milestones", "dim"), *table(("",) * 5, milestones, look, styles=("bold",)), ""]
        if milestones
        else []
    )
    return [*out, *_counted(shown.counts, look), "", "never a text, a time of day, or when you were last here"]


def _milestone(one: MilestoneCard, names: Mapping[str, str], today: date) -> tuple[str, ...]:
    due = f"due {say_date(date.fromisoformat(one.due), today)}"
    outputs = f"outputs {one.outputs_done} of {one.outputs_named}" if one.outputs_named else ""
    mine = f"you call it {clean(names[one.id])}" if one.id in names else ""
    return one.kind.replace("_", " "), one.status, due, outputs, clean(one.title) if one.title else mine


def _added_lines(to: Audience, shown: Added, look: Look) -> list[str]:
    head = look.paint(f"what is added into the {to.scope}'s figures, without your name", "bold")
    out = [head, *(f"  {line}" for line in covered(shown.families)), ""]
    if shown.later != shown.families:
        out += [f"week {shown.week}, so far", *_counted(shown.counts, look)]
    if shown.later:
        out.append(f"counted from week {shown.from_week} on: {', '.join(shown.later)}")
    return out


def _counted(found: Mapping[str, int], look: Look) -> list[str]:
    rows = [(f"  {measure.replace('_', ' ')}", count) for measure, count in found.items() if count]
    zeros = len(found) - len(rows)
    rest = [f"  and {zeros} that are 0"] if zeros else []
    return [*(table(("", ""), rows, look) if rows else ["  nothing yet"]), *rest]
