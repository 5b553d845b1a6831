"""Is it alive, is it ready, what does it count."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from milepost_server.metrics import CONTENT_TYPE
from milepost_server.site import Site
from milepost_server.store import work


@get("/health/live", tags=["health"])
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@get("/health/ready", tags=["health"])
async def ready(site: NamedDependency[Site]) -> dict[str, str]:
    """The store can be read and written."""
    await site.write(lambda connection: connection.execute("SELECT 1 FROM meta").fetchone())
    return {"status": "ready"}


@get("/metrics", tags=["health"], media_type="text/plain")
async def metrics(site: NamedDependency[Site]) -> Response[bytes]:
    """Figures for Prometheus: counts and times, no names."""
    behind, lag = await site.read(work.lag)
    site.metrics.behind.set(behind)
    site.metrics.lag.set(lag)
    return Response(site.metrics.text(), media_type=CONTENT_TYPE)


HANDLERS: list[Any] = [live, ready, metrics]
