"""Views over HTTP: a member's own progress."""

from datetime import UTC, date, datetime
from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from milepost.errors import UsageError
from milepost.projections.progress import Progress
from milepost_server.projection import readmodels
from milepost_server.site import Site
from milepost_server.sync.tokens import Bearer


@get("/v1/progress", tags=["member"])
async def progress(
    bearer: NamedDependency[Bearer], site: NamedDependency[Site], as_of: FromQuery[str | None] = None
) -> Progress:
    """My progress, today or as of a day (YYYY-MM-DD)."""
    day, today = _day(as_of), datetime.fromtimestamp(site.world.now_ms() / 1000, UTC).date()
    return await site.read(lambda connection: readmodels.progress_of(connection, bearer.stream, today, day))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"as_of {text!r} is not a day", field="as_of", remedy="try: as_of=2026-03-02") from None


HANDLERS: list[Any] = [progress]
