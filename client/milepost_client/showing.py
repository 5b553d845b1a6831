"""What each audience really gets, as the consents in the log say it now."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from milepost.wording import Audience, covered
from milepost_client.consents import Granted
from milepost_client.dates import week_of
from milepost_client.views import Views


class Preview(NamedTuple):
    """What a reader gets: as JSON, and in lines."""

    data: dict[str, object]
    lines: Sequence[str]


def preview(views: Views, to: Audience, grants: Sequence[Granted], today: date) -> Preview:
    """What that audience gets today."""
    families = [family for grant in grants if grant.audience == to.name for family in grant.families]
    data: dict[str, object] = {"audience": to.name, "families": families, "week": week_of(today)}
    if not families:
        return Preview(data, [f"{to.name} sees nothing of yours"])
    lines = [f"{to.name} may read, from the grant on:", *(f"  {line}" for line in covered(families))]
    return Preview(data, [*lines, to.preview, "no title, name, note or other text, ever"])
