"""Administration, for the operator's command line on the server's own machine: one route an action."""

from typing import Any

import msgspec
from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import RawBody

from milepost.errors import UsageError
from milepost_server.acts.desk import Action
from milepost_server.api.access import operator_only
from milepost_server.operating.operator import ACTIONS
from milepost_server.site import Site


def _route(path: str, action: Action) -> Any:
    asked, answer, run = action

    async def handle(body: RawBody, site: NamedDependency[Site]) -> Any:
        try:
            request = msgspec.json.decode(body or b"{}", type=asked)
        except msgspec.DecodeError as error:
            raise UsageError(f"the request does not fit: {error}") from None
        return await site.write(lambda connection: run(connection, site.desk, request))

    handle.__doc__ = run.__doc__
    handle.__annotations__["return"] = answer
    name = "admin_" + path.replace("/", "_")
    handle.__name__ = name
    return post(path, status_code=200, tags=["administration"], operation_id=name)(handle)


ROUTER = Router(
    path="/v1/admin",
    guards=[operator_only],
    route_handlers=[_route(f"/{path}", action) for path, action in ACTIONS.items()],
)

BODIES = {f"{ROUTER.path}/{path}": action.asked for path, action in ACTIONS.items()}
"""What each route here takes: the routes decode it themselves."""
