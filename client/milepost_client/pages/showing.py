"""What each audience really gets, as the consents in the log say it now.

By name it is the card that the server shows, from the same function; for totals it is what is added to them. What is
not sent yet counts as if it were.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from milepost.disclosure.named import Card, MilestoneCard, Scope, card
from milepost.disclosure.named import Received as Arrivals
from milepost.ids import EVENT_ID_BYTES, from_base32
from milepost.projections.asking import Words
from milepost.projections.milestones import Milestone
from milepost.projections.tallies import FAMILY_OF, family_of
from milepost.wording import Audience, covered
from milepost_client.answer import Look, clean
from milepost_client.pod.consents import Grant, grants
from milepost_client.pod.pods import zone_of
from milepost_client.recording.dates import say_date, week_of
from milepost_client.render.counted import counted
from milepost_client.render.table import table
from milepost_client.views.earned import Received, counts
from milepost_client.views.plain import plain
from milepost_client.views.views import Views

# Whoever leads is named as a reader of what is said to the pod, too.
_HEARS = {"lead": ("lead", "pod"), "pod": ("pod",)}
_POD_TOTAL = "pod_total"


class Added(NamedTuple):
    """What is added into a total: of a week, by measure. `from_week`: consent has to be there as its Monday begins."""

    families: tuple[str, ...]
    week: str
    from_week: str
    counts: Mapping[str, int]


class Preview(NamedTuple):
    """What one audience gets: a card by name, or what is added into a total; neither where nothing is shared."""

    to: Audience
    card: Card | None = None
    added: Added | None = None

    def data(self) -> dict[str, object]:
        """As JSON shows it."""
        added = self.added._asdict() if self.added else None
        return {"audience": self.to.name, "card": plain(self.card), "added": added}


def preview(views: Views, to: Audience, today: date) -> Preview:
    """What that audience gets today."""
    held = [grant for grant in grants(views.log, today) if grant.audience == to.name]
    if not held:
        return Preview(to)
    if to.is_by_name:
        return Preview(to, card=_card(views, to, held, today))
    return Preview(to, added=_added(views, to, held, today))


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


def _added(views: Views, to: Audience, held: Sequence[Grant], today: date) -> Added:
    zone = zone_of(views.log)
    families = tuple(grant.family for grant in held)
    monday = today - timedelta(days=today.weekday())
    monday_ms = int(datetime(monday.year, monday.month, monday.day, tzinfo=zone).timestamp() * 1000)
    began = max((grant.since_ms for grant in held if grant.since_ms is not None), default=None)
    is_whole = began is not None and began < monday_ms and all(grant.since_ms is not None for grant in held)

    def is_wanted(measure: str, at: int | None) -> bool:
        is_measure = measure in FAMILY_OF or to.name != _POD_TOTAL
        return is_measure and family_of(measure) in families and (at is None or at >= monday_ms)

    first = monday if is_whole else monday + timedelta(weeks=1)
    return Added(families, week_of(today), week_of(first), counts(views, is_wanted))


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


def _added_lines(to: Audience, added: Added, look: Look) -> list[str]:
    head = look.paint(f"what is added into the {to.scope}'s figures, without your name", "bold")
    when = f"counted from week {added.from_week} on" if added.from_week > added.week else f"week {added.week}, so far"
    return [head, *(f"  {line}" for line in covered(added.families)), "", when, *_counted(added.counts, look)]


def _counted(found: Mapping[str, int], look: Look) -> list[str]:
    rows = [(f"  {measure.replace('_', ' ')}", count) for measure, count in found.items() if count]
    zeros = len(found) - len(rows)
    rest = [f"  and {zeros} that are 0"] if zeros else []
    return [*(table(("", ""), rows, look) if rows else ["  nothing yet"]), *rest]
