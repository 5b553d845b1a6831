"""Administration, for the operator's command line on the server's own machine: one route an action."""

from typing import Any

from litestar import Router
from litestar.di import NamedDependency
from litestar.params import RawBody

from milepost_server.acts.desk import Action
from milepost_server.api.access import operator_only
from milepost_server.api.posting import asked_for, route
from milepost_server.operating.operator import ACTIONS
from milepost_server.site import Site


def _route(path: str, action: Action) -> Any:
    asked, answer, run = action

    async def handle(body: RawBody, site: NamedDependency[Site]) -> Any:
        request = asked_for(body, asked)
        return await site.write(lambda connection: run(connection, site.desk, request))

    return route(handle, path, "admin", tag="administration", says=run.__doc__, answer=answer)


ROUTER = Router(
    path="/v1/admin",
    guards=[operator_only],
    route_handlers=[_route(f"/{path}", action) for path, action in ACTIONS.items()],
)

BODIES = {f"{ROUTER.path}/{path}": action.asked for path, action in ACTIONS.items()}
"""What each route here takes: the routes decode it themselves."""
