"""Acts over HTTP, for who leads: one route an act, with the bearer's authority."""

from typing import Any

from litestar import Router
from litestar.di import NamedDependency
from litestar.params import RawBody

from milepost_server.acts import ACTS, Act, Actor, perform
from milepost_server.api.posting import asked_for, route
from milepost_server.reads.reader import reader_of
from milepost_server.site import Site
from milepost_server.store import Connection
from milepost_server.sync.tokens import Bearer


def _route(path: str, act: Act) -> Any:
    async def handle(body: RawBody, bearer: NamedDependency[Bearer], site: NamedDependency[Site]) -> Any:
        asked = asked_for(body, act.asked)

        def job(connection: Connection) -> Any:
            actor = Actor(reader_of(connection, bearer.stream, site.world.now_ms()))
            return perform(connection, site.desk, actor, path, asked)

        return await site.write(job)

    return route(handle, f"/{path}", "act", tag="acts", says=act.run.__doc__, answer=act.answer)


ROUTER = Router(path="/v1/acts", route_handlers=[_route(path, act) for path, act in ACTS.items()])

BODIES = {f"{ROUTER.path}/{path}": act.asked for path, act in ACTS.items()}
"""What each route here takes: the routes decode it themselves."""
