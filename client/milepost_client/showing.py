"""What each audience may read, as the consents in the log say it now."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from milepost.projections.days import Day
from milepost.projections.sharing import Consent
from milepost.wording import Audience
from milepost_client.dates import week_of
from milepost_client.render.counted import counted
from milepost_client.views import Views

# Which types count to which family, by the noun they begin with; the catalogue is asked for the rest.
_MEANS = {
    "progress": "goals, milestones and objectives: kinds, dates, outputs done of named, results",
    "rhythm": "minutes spent, feedback received, reviews held: how many, when, from whom by kind",
    "skills": "ratings and targets of skills that carry the cohort's code",
    "people": "contacts and touches: how many of which kind, never a name",
    "evidence": "artifacts, credentials, impacts and readings: kinds and numbers",
    "outcomes": "offers, referrals and the like: how many of which kind",
}


class Granted(NamedTuple):
    """What one audience may read until a day."""

    audience: str
    scope: str
    id: str
    families: list[str]
    until: str


class Preview(NamedTuple):
    """What a reader gets: as JSON, and in lines."""

    data: dict[str, object]
    lines: Sequence[str]


def consents(views: Views, today: date) -> list[Granted]:
    """The consents that hold today, by audience."""
    found = []
    for consent in views.all(Consent):
        families = list(consent.families(today.isoformat()))
        if families:
            found.append(Granted(consent.audience, consent.scope, consent.id, families, consent.due))
    return sorted(found)


def preview(views: Views, to: Audience, grants: Sequence[Granted], today: date) -> Preview:
    """What that audience gets today: the families, what they hold, and this week's entries in them; never a text."""
    families = [family for grant in grants if grant.audience == to.name for family in grant.families]
    data: dict[str, object] = {"audience": to.name, "families": families, "week": week_of(today)}
    if not families:
        return Preview({**data, "entries": {}}, [f"{to.name} sees nothing of yours"])
    counts = _counts(views, families, today)
    lines = [f"{to.name} may read, from the grant on:"]
    lines += [
        f"  {family}: {_MEANS[family]}; {counted(counts[family], 'entry', 'entries')} this week" for family in families
    ]
    return Preview({**data, "entries": counts}, [*lines, to.preview, "no title, name, note or other text, ever"])


def _counts(views: Views, families: Sequence[str], today: date) -> dict[str, int]:
    from milepost.catalogue import get

    counts = dict.fromkeys(families, 0)
    for day in views.all(Day):
        if week_of(date.fromisoformat(day.date)) == week_of(today):
            for count in day.counts:
                declared = get(count.type)
                if declared is not None and declared.family in counts:
                    counts[declared.family] += count.count
    return counts
