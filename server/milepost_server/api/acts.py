"""Acts over HTTP, for who leads: one route an act, with the bearer's authority."""

from typing import Any

import msgspec
from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import RawBody

from milepost.errors import UsageError
from milepost_server.acts import ACTS, Act, Actor, perform
from milepost_server.reads.reader import reader_of
from milepost_server.site import Site
from milepost_server.store import Connection
from milepost_server.sync.tokens import Bearer


def _route(path: str, act: Act) -> Any:
    async def handle(body: RawBody, bearer: NamedDependency[Bearer], site: NamedDependency[Site]) -> Any:
        try:
            asked = msgspec.json.decode(body or b"{}", type=act.asked)
        except msgspec.DecodeError as error:
            raise UsageError(f"the request does not fit: {error}") from None

        def job(connection: Connection) -> Any:
            actor = Actor(reader_of(connection, bearer.stream, site.world.now_ms()))
            return perform(connection, site.desk, actor, path, asked)

        return await site.write(job)

    handle.__doc__ = act.run.__doc__
    handle.__annotations__["return"] = act.answer
    name = "act_" + path.replace("/", "_")
    handle.__name__ = name
    return post(f"/{path}", status_code=200, tags=["acts"], operation_id=name)(handle)


ROUTER = Router(path="/v1/acts", route_handlers=[_route(path, act) for path, act in ACTS.items()])

BODIES = {f"{ROUTER.path}/{path}": act.asked for path, act in ACTS.items()}
"""What each route here takes: the routes decode it themselves."""
