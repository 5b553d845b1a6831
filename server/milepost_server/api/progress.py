"""Views over HTTP: a member's own progress, and a pod's totals for whoever may see them."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from milepost.errors import NotFound, UsageError
from milepost.projections.progress import Progress
from milepost_server import readmodels, roster
from milepost_server.reads.figures import FigureInfo, figure_info
from milepost_server.site import Site
from milepost_server.store import Connection, cohorts, streams
from milepost_server.tokens import Bearer


class Summary(msgspec.Struct, frozen=True):
    """A pod's totals for one week. Never says how many contribute."""

    pod: str
    week: str
    figures: dict[str, FigureInfo]


@get("/v1/progress", tags=["member"])
async def progress(
    bearer: NamedDependency[Bearer], site: NamedDependency[Site], as_of: FromQuery[str | None] = None
) -> Progress:
    """My progress, today or as of a day (YYYY-MM-DD)."""
    day, today = _day(as_of), datetime.fromtimestamp(site.world.now_ms() / 1000, UTC).date()
    return await site.read(lambda connection: readmodels.progress_of(connection, bearer.stream, today, day))


@get("/v1/pods/{pod:str}/summary", tags=["member"])
async def summary(pod: FromPath[str], bearer: NamedDependency[Bearer], site: NamedDependency[Site]) -> Summary:
    """A pod's totals, for its members and leads. For anybody else there is no such pod."""
    now_ms = site.world.now_ms()
    return await site.read(lambda connection: _summary(connection, pod, bearer.stream, now_ms))


def _summary(connection: Connection, pod_id: str, reader: streams.Stream, now_ms: int) -> Summary:
    pod = cohorts.pod(connection, pod_id)
    today = datetime.fromtimestamp(now_ms / 1000, UTC).date().isoformat()
    if pod is None or not roster.may_read(connection, reader, pod, today):
        raise NotFound(f"no pod {pod_id}", code="no_pod")
    found = readmodels.pod_summary(connection, pod, reader.stream_id, now_ms)
    figures = {name: figure_info(figure) for name, figure in found.figures.items()}
    return Summary(found.pod, found.week, figures)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"as_of {text!r} is not a day", field="as_of", remedy="try: as_of=2026-03-02") from None


HANDLERS: list[Any] = [progress, summary]
