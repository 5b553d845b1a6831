"""Which address is which page of the dashboard."""

from litestar import Router
from litestar.di import Provide

from milepost_server.dashboard import assets, door, handlers, said, visitor

ROUTER = Router(
    path="/dashboard",
    route_handlers=[assets.asset, *door.HANDLERS, *handlers.HANDLERS],
    dependencies={
        "visitor": Provide(visitor.provide_visitor),
        "form": Provide(visitor.provide_form),
    },
    exception_handlers=said.HANDLERS,
    include_in_schema=False,
)
