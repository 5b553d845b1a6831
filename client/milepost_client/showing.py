"""What each audience really gets, as the consents in the log say it now, from the functions that the server asks too."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from milepost.wording import Audience
from milepost_client.answer import Look
from milepost_client.consents import Granted
from milepost_client.dates import week_of
from milepost_client.earned import counts_since
from milepost_client.render.table import table
from milepost_client.views import Views


class Preview(NamedTuple):
    """What a reader gets: whose eyes, which families, and counts by measure."""

    to: Audience
    families: Sequence[str]
    week: str
    counts: Mapping[str, int]

    def data(self) -> dict[str, object]:
        """As JSON shows it."""
        return {"audience": self.to.name, "families": self.families, "week": self.week, "counts": self.counts}

    def lines(self, look: Look) -> list[str]:
        """For people."""
        if not self.families:
            return [f"{self.to.name} sees nothing of yours"]
        rows = [(measure.replace("_", " "), count) for measure, count in self.counts.items()]
        return [f"{self.to.name} gets, of {', '.join(self.families)}:", *table(("", ""), rows, look)]


def preview(views: Views, to: Audience, grants: Sequence[Granted], today: date) -> Preview:
    """What that audience gets today."""
    families = [family for grant in grants if grant.audience == to.name for family in grant.families]
    return Preview(to, families, week_of(today), counts_since(views, families, _monday_ms(today)))


def _monday_ms(today: date) -> int:
    monday = today - timedelta(days=today.weekday())
    return int(datetime(monday.year, monday.month, monday.day, tzinfo=UTC).timestamp() * 1000)
